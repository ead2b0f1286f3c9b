#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <opencv2/core/utility.hpp>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "data/transform_list.h"
#include "engine/inference.h"
#include "engine/predictor.h"
#include "error.h"
#include "report/progress.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;

struct Arguments : PipelineArguments {
  std::vector<fs::path> inputs;
  fs::path folder = "predictions";
};

// An image, and the name that its prediction gets: its path below the folder that was given, without its ending.
struct Input {
  fs::path path;
  std::string id;
};

std::vector<Input> find_inputs(const std::vector<fs::path>& paths) {
  std::vector<Input> inputs;
  for (const fs::path& path : paths) {
    for (const fs::path& image : engine::find_images(path)) {
      const fs::path name = fs::is_directory(path) ? fs::relative(image, path) : image.filename();
      inputs.push_back({image, (name.parent_path() / name.stem()).string()});
    }
  }
  return inputs;
}

int predict(const Arguments& arguments) {
  if (arguments.checkpoint.empty()) throw UsageError("expected --checkpoint FILE, the model to predict with");
  const std::atomic<bool>& stop = stop_on_signals();
  const std::vector<Input> inputs = find_inputs(arguments.inputs);
  Session session(arguments.verbose);
  const engine::Session opened = session.open_pipeline(arguments);
  const config::Pipeline& pipeline = opened.pipeline;
  const at::Device device = device_of(pipeline);
  set_operator_threads(pipeline);
  cv::setNumThreads(0);  // LibTorch has the cores
  const data::DatasetInfo info = checkpoint::read_checkpoint_info(arguments.checkpoint).dataset;
  const auto model = engine::build_model(opened, static_cast<int64_t>(info.classes.size()));
  checkpoint::load_model(arguments.checkpoint, model->store);
  model->store.to(device, model->store.dtype());
  engine::Inference inference(*model->segmentor, model->store, info.classes, pipeline.evaluate);
  const data::TransformList transforms = data::make_transforms(pipeline.data.evaluate.transforms, info);
  engine::Predictor predictor(inference, transforms);

  report::Progress progress(session.console());
  const auto begin = std::chrono::steady_clock::now();
  for (size_t i = 0; i < inputs.size() && !stop; ++i) {
    const cv::Mat image = engine::read_image(inputs[i].path);
    const at::Tensor classes = predictor.predict(image);
    const auto files = engine::save_prediction(arguments.folder, inputs[i].id, image, classes, info.classes);
    session.log().progress(inputs[i].path.string() + " -> " + files.mask.string());
    progress.image({static_cast<int64_t>(i + 1), static_cast<int64_t>(inputs.size()),
                    std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()});
  }
  progress.done();
  if (stop) return exit_code_of_stop();
  session.log().info(std::to_string(inputs.size()) + (inputs.size() == 1 ? " prediction" : " predictions") + " in " +
                     arguments.folder.string());
  return kDone;
}

}  // namespace

void add_predict_command(CLI::App& app, Command& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("predict", "Write the classes of images as palette PNGs, and overlays to look at");
  command->add_option("inputs", arguments->inputs, "Images, and folders of images")->type_name("PATH")->required();
  add_pipeline_options(*command, *arguments);
  command->add_option("--pipeline", arguments->file, "YAML file; default: the pipeline in the checkpoint")
      ->type_name("FILE");
  command->add_option("--output", arguments->folder, "Where <image>.png and <image>.overlay.jpg go")
      ->type_name("FOLDER")
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  sshost predict photo.jpg --checkpoint model.safetensors\n"
      "  sshost predict photos/ --checkpoint model.safetensors --output masks --set evaluate.flip=true");
  command->callback([arguments, &chosen] { chosen = [arguments] { return predict(*arguments); }; });
}

}  // namespace sshost::cli
