#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <opencv2/core/utility.hpp>
#include <string>
#include <vector>

#include "app/device.h"
#include "base/error.h"
#include "bridge/boundary.h"
#include "checkpoint/checkpoint.h"
#include "cli/arguments.h"
#include "cli/evaluate_observer.h"
#include "cli/interrupt.h"
#include "cli/prediction_inputs.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "config/value_error.h"
#include "data/loader.h"
#include "data/shown.h"
#include "data/size_text.h"
#include "data/transform_list.h"
#include "evaluate/evaluator.h"
#include "file/atomic_file.h"
#include "image/row_reader.h"
#include "infer/inference.h"
#include "infer/predictor.h"
#include "infer/row_predictor.h"
#include "output/own_files.h"
#include "output/prediction_rows.h"
#include "output/prediction_writer.h"
#include "report/progress.h"
#include "run/initial_weights.h"
#include "run/model.h"
#include "run/run_folder.h"
#include "run/sample_sizes.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;

// A model that is ready to predict.
struct Work {
  const PredictArguments& arguments;
  Session& session;
  const run::Session& opened;
  const data::DatasetInfo& info;  // the classes that are predicted
  infer::Inference& inference;
  const output::PredictionOptions& output;
  output::PredictionWriter& writer;
  const std::atomic<bool>& stop;
};

// From so many pixels on, a PNG or TIFF is predicted row by row where the settings allow it.
constexpr int64_t kPixelsToStream = int64_t{1} << 26;

// Why an image cannot be predicted row by row; empty where it can.
std::string reason_against_rows(const Work& work) {
  // Whose formats are never among those of rows: another format would not help.
  if (work.opened.pipeline.model.independent) return infer::reason_against_rows(work.opened.pipeline);
  const std::string format = output::PredictionRows::format_against_rows(work.output.formats);
  if (!format.empty()) return "evaluate.prediction_formats: expected index, palette or overlay, found " + format;
  const int64_t channels = work.opened.pipeline.data.channels;
  if (channels != 3) return "data.channels: expected 3, found " + std::to_string(channels);
  return infer::reason_against_rows(work.opened.pipeline);
}

// The image's rows where it is to be predicted row by row; null where it is read as a whole, and where the image is
// large, or may be, why.
struct Opened {
  std::unique_ptr<image::RowReader> rows;
  std::string reason_against;
};

Opened open_to_stream(const Work& work, const PredictionInput& input) {
  const std::string how = input.path.string() + ": to be predicted row by row, as --stream asks for, ";
  std::unique_ptr<image::RowReader> rows;
  try {
    rows = image::open_rows(input.path);
  } catch (const Error& error) {
    if (work.arguments.stream) throw data::BrokenSample(error.what());
    return {nullptr, error.what()};  // the decoder of whole images may know it
  }
  if (!rows) {
    if (work.arguments.stream) throw UsageError(how + "it has to be a PNG or TIFF file");
    return {};
  }
  const bool is_large = rows->height() > kPixelsToStream / rows->width();
  if (!is_large && !work.arguments.stream) return {};
  const std::string reason = reason_against_rows(work);
  if (reason.empty()) return {std::move(rows), ""};
  if (work.arguments.stream) throw UsageError(how + reason);
  return {nullptr, reason};
}

cv::Mat read_whole(const Work& work, const PredictionInput& input, const std::string& reason_against_rows) {
  cv::Mat image;
  try {
    image =
        infer::read_image(input.path, {work.opened.pipeline.data.channels, work.opened.pipeline.data.strict_images});
  } catch (const Error& error) {
    const std::string also =
        reason_against_rows.empty() ? "" : "; nor can it be read row by row: " + reason_against_rows;
    throw data::BrokenSample(error.what() + also);
  }
  if (!reason_against_rows.empty() && static_cast<int64_t>(image.total()) > kPixelsToStream) {
    work.session.log().warning(input.path.string() + ": " + data::size_text(image) +
                               " pixels are read at once; to save memory, row by row: " + reason_against_rows);
  }
  return image;
}

void predict_whole(Work& work, infer::Predictor& predictor, const PredictionInput& input, const cv::Mat& image) {
  const at::Tensor scores = predictor.scores(image, input.path.string());
  const infer::Decision decision = work.inference.decide(scores);
  const at::Tensor masks = decision.masks.defined() ? decision.masks.cpu() : decision.masks;
  work.writer.write({input.id, decision.classes.cpu(), scores, [&image] { return data::shown(image); }, masks});
}

// False where it was stopped, and nothing is written.
bool predict_rows(Work& work, const data::TransformList& transforms, const PredictionInput& input,
                  image::RowReader& rows) {
  output::PredictionRows files(work.output, input.id, rows.height(), rows.width());
  report::Progress progress(work.session.console());
  const auto begin = std::chrono::steady_clock::now();
  int64_t done = 0;
  struct Stopped {};
  try {
    infer::RowPredictor(work.inference, transforms).predict(rows, [&](const at::Tensor& classes, const cv::Mat& image) {
      if (work.stop) throw Stopped{};
      files.write(classes, image);
      done += classes.size(0);
      progress.image(
          {done, rows.height(), std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()});
    });
  } catch (const Stopped&) {
    return false;
  }
  files.commit();
  return true;
}

// False where it was stopped.
bool predict_one(Work& work, const data::TransformList& transforms, infer::Predictor& predictor,
                 const PredictionInput& input) {
  for (const fs::path& file : output::files_of(work.output, input.id)) file::require_writable_name(file);
  const Opened opened = open_to_stream(work, input);
  if (opened.rows) return predict_rows(work, transforms, input, *opened.rows);
  predict_whole(work, predictor, input, read_whole(work, input, opened.reason_against));
  return true;
}

// Called where predicting an image has failed: why, where that is the image's own fault and says nothing about others.
// Anything else is thrown again.
std::string own_fault(const PredictionInput& input) {
  try {
    throw;
  } catch (const data::BrokenSample& error) {
    return error.what();
  } catch (const file::UnwritableName& error) {
    return error.what();
  } catch (const Error&) {
    throw;
  } catch (...) {
    if (bridge::fail_with_current_exception() != SS_OUT_OF_MEMORY) throw;
    return input.path.string() + ": " + std::string(bridge::message());
  }
}

struct Count {
  int64_t predicted = 0;
  int64_t skipped = 0;
};

void require_own_files(const Work& work, const std::vector<PredictionInput>& inputs) {
  std::vector<output::PredictionSource> sources;
  std::vector<fs::path> read;
  for (const PredictionInput& input : inputs) {
    read.push_back(input.path);
    sources.push_back({input.path.string(), input.id, [&work, &input] {
                         try {
                           return open_to_stream(work, input).rows != nullptr;
                         } catch (const data::BrokenSample&) {
                           return false;  // it is skipped
                         }
                       }});
  }
  output::require_own_files(work.output, sources, read);
}

Count predict_files(Work& work, const std::vector<PredictionInput>& inputs) {
  require_own_files(work, inputs);
  const data::TransformList transforms = data::make_evaluation_transforms(work.opened.pipeline, work.info);
  infer::Predictor predictor(work.inference, transforms);
  report::Progress progress(work.session.console());
  const auto begin = std::chrono::steady_clock::now();
  Count count;
  for (size_t i = 0; i < inputs.size() && !work.stop; ++i) {
    try {
      if (!predict_one(work, transforms, predictor, inputs[i])) break;
      ++count.predicted;
      work.session.log().progress(inputs[i].path.string() + " -> " + inputs[i].id);
    } catch (const infer::NotFinite& error) {
      throw Error(inputs[i].path.string() + ": " + error.what());
    } catch (...) {
      const std::string why = own_fault(inputs[i]);
      if (work.arguments.stops_at_first) throw Error(why);
      ++count.skipped;
      work.session.log().warning("skipped: " + why);
    }
    progress.image({static_cast<int64_t>(i + 1), static_cast<int64_t>(inputs.size()),
                    std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()});
  }
  progress.done();
  return count;
}

Count predict_split(Work& work) {
  const config::Pipeline& pipeline = work.opened.pipeline;
  const auto dataset = run::open_dataset(work.opened, pipeline.data.evaluate.split);
  config::with_places(pipeline, [&] { run::require_one_evaluated_size(work.opened, *dataset); });
  cli::require_own_files(work.output, *dataset);
  int64_t skipped = 0;
  data::LoaderOptions options =
      loader_options(pipeline, pipeline.evaluate.batch_size, data::OnBroken::kLeaveOut, work.session.log(), skipped);
  options.on_broken = work.arguments.stops_at_first ? data::OnBroken::kStop : data::OnBroken::kLeaveOut;
  options.need_labels = false;
  data::Loader loader(*dataset, data::make_evaluation_transforms(pipeline, work.info), options);
  EvaluateObserver observer(work.session.console(), work.session.log(), loader,
                            {0, &work.writer, !work.arguments.stops_at_first});
  evaluate::predict(work.inference, loader, dataset->size(), observer, work.stop);
  observer.done();
  skipped += observer.skipped();
  return {dataset->size() - skipped, skipped};
}

// The exit code.
int say_count(const Work& work, const Count& count) {
  Session& session = work.session;
  const std::string folder = work.arguments.folder.string();
  if (session.is_json()) {
    print_document({{"predicted", count.predicted}, {"skipped", count.skipped}, {"folder", folder}});
  }
  session.log().info(std::to_string(count.predicted) + (count.predicted == 1 ? " prediction" : " predictions") +
                     " in " + folder);
  if (count.skipped == 0) return kDone;
  session.log().warning(std::to_string(count.skipped) + " skipped, as said above");
  return work.opened.pipeline.data.skips_broken_samples() ? kDone : kFailed;
}

void check(const PredictArguments& arguments) {
  if (arguments.checkpoint.empty()) throw UsageError("expected --checkpoint FILE, the model to predict with");
  if (arguments.inputs.empty() == arguments.split.empty()) {
    throw UsageError("expected either images or --split NAME, found " +
                     std::string(arguments.inputs.empty() ? "neither" : "both"));
  }
}

// What the model was trained on or, of a split, what the data set has: the same, unless `weights.classes` says
// otherwise.
data::DatasetInfo predicted_classes(const PredictArguments& arguments, const run::Session& opened,
                                    const checkpoint::CheckpointInfo& about) {
  return arguments.split.empty() ? about.dataset : run::dataset_info(opened);
}

}  // namespace

int predict_images(const PredictArguments& arguments) {
  check(arguments);
  ignore_closed_pipes();
  const auto [inputs, left_out] = find_inputs(arguments.inputs);
  Session session(arguments.talk);
  for (const std::string& line : left_out) session.log().info(line);
  const fs::path checkpoint = run::checkpoint_file(arguments.checkpoint);
  PipelineArguments asked = arguments.pipeline();
  asked.checkpoint = checkpoint.string();
  const run::Session opened = session.open_pipeline(asked);
  const config::Pipeline& pipeline = opened.pipeline;
  const at::Device device = app::device_of(pipeline);
  set_operator_threads(pipeline);
  cv::setNumThreads(0);  // LibTorch has the cores
  const checkpoint::CheckpointInfo about = checkpoint::read_checkpoint_info(checkpoint);
  session.say_changed_libraries(opened, about);
  const data::DatasetInfo info = predicted_classes(arguments, opened, about);
  const auto model = run::build_model(opened, info);
  const model::Outputs& outputs = model->segmentor->outputs();
  const output::PredictionOptions options = prediction_options(pipeline, arguments.folder, outputs, info.classes);
  output::PredictionWriter writer(options);
  checkpoint::load_model(checkpoint, model->store, run::loading_of(opened, info.classes));
  model->store.to(device, model->store.dtype());
  infer::Inference inference(*model->segmentor, model->store, model::output_classes(outputs, info.classes),
                             pipeline.evaluate);

  Work work{arguments, session, opened, info, inference, options, writer, stop_on_signals()};
  const Count count = arguments.split.empty() ? predict_files(work, inputs) : predict_split(work);
  if (work.stop) return exit_code_of_stop();
  writer.finish();
  return say_count(work, count);
}

}  // namespace sshost::cli
