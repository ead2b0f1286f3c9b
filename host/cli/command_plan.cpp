#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "app/device.h"
#include "base/error.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "config/value_error.h"
#include "measure/multiply_adds.h"
#include "measure/training_bytes.h"
#include "run/model.h"
#include "state/generator.h"

namespace sshost::cli {
namespace {

constexpr uint64_t kSeed = 0;  // of an image of noise

struct Arguments : PipelineArguments {
  std::vector<int64_t> size = {512, 512};  // height, width
  int64_t repeat = 0;
  int64_t batch = 0;  // images of a training step; 0: the pipeline's
  bool measure = false;
  bool tsv = false;
};

// What a model holds, and what it does for one image.
struct Cost {
  int64_t parameters = 0;
  int64_t auxiliary = 0;  // those of the auxiliary heads, among them
  int64_t multiply_adds = 0;
  std::optional<double> seconds;  // the median
};

void count_parameters(const state::StateStore& store, Cost& cost) {
  for (const state::StateEntry& entry : store) {
    if (!entry.trainable) continue;
    cost.parameters += entry.value.numel();
    if (entry.name.starts_with("auxiliary.")) cost.auxiliary += entry.value.numel();
  }
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::optional<double> median_seconds(const std::function<void()>& work, int64_t repeat) {
  std::vector<double> seconds;
  for (int64_t i = 0; i < repeat; ++i) seconds.push_back(seconds_of(work));
  if (seconds.empty()) return std::nullopt;
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
}

Cost cost_of(run::Model& model, const at::Tensor& image, int64_t repeat) {
  Cost cost;
  count_parameters(model.store, cost);
  state::ExecutionContext context(model.store, state::make_generator(model.store.device(), kSeed));
  // Reading a value waits for a GPU.
  const auto forward = [&] { model.segmentor->logits(context, image).flatten()[0].item<float>(); };
  cost.multiply_adds = measure::count_multiply_adds(forward);  // and the first run warms up
  cost.seconds = median_seconds(forward, repeat);
  return cost;
}

// What a training step takes at its peak.
struct StepMemory {
  int64_t batches = 0;
  int64_t images = 0;  // of each batch
  measure::TrainingMemory estimate;
  std::optional<int64_t> measured;  // bytes
};

StepMemory memory_of(run::Model& model, const config::TrainConfig& train, const Arguments& arguments) {
  const infer::ImageSize size{arguments.size[0], arguments.size[1]};
  StepMemory memory{train.accumulate,
                    arguments.batch > 0 ? arguments.batch : train.batch_size,
                    measure::estimate_training_memory(model, train, size),
                    {}};
  if (arguments.measure) memory.measured = measure::measure_training_memory(model, train, memory.images, size);
  return memory;
}

void print_tsv(const std::string& name, const Cost& cost) {
  std::printf("%s\t%lld\t%lld\t%lld\t", name.c_str(), static_cast<long long>(cost.parameters),
              static_cast<long long>(cost.auxiliary), static_cast<long long>(cost.multiply_adds));
  std::printf(cost.seconds ? "%.3f\n" : "\n", cost.seconds.value_or(0));
}

void print(report::Console& console, const Cost& cost, const std::vector<int64_t>& size) {
  char line[128];
  std::snprintf(line, sizeof line, "parameters     %.2f M, of which %.2f M in auxiliary heads", cost.parameters / 1e6,
                cost.auxiliary / 1e6);
  console.line(line);
  std::snprintf(line, sizeof line, "multiply-adds  %.1f G for an image of %lld x %lld (height x width)",
                cost.multiply_adds / 1e9, static_cast<long long>(size[0]), static_cast<long long>(size[1]));
  console.line(line);
  if (!cost.seconds) return;
  std::snprintf(line, sizeof line, "forward        %.3f s for that image", *cost.seconds);
  console.line(line);
}

void print(report::Console& console, const StepMemory& memory) {
  std::string images = std::to_string(memory.images);
  if (memory.batches > 1) images = std::to_string(memory.batches) + " x " + images;
  char line[160];
  std::snprintf(
      line, sizeof line,
      "training       %.2f GB expected at the peak of a step of %s such images (%.2f GB and %.3f GB an image)",
      memory.estimate.expected(memory.images) / 1e9, images.c_str(), memory.estimate.constant / 1e9,
      memory.estimate.for_image / 1e9);
  console.line(line);
  if (!memory.measured) return;
  std::snprintf(line, sizeof line, "               %.2f GB measured", *memory.measured / 1e9);
  console.line(line);
}

int plan(const Arguments& arguments) {
  Session session(arguments.verbose);
  const run::Session opened = session.open_pipeline(arguments);
  const at::Device device = app::device_of(opened.pipeline);
  set_operator_threads(opened.pipeline);
  const auto classes = static_cast<int64_t>(run::dataset_info(opened).classes.size());
  const auto model = run::build_model(opened, classes);
  model->store.to(device, model->store.dtype());
  const at::Tensor image = at::randn({1, 3, arguments.size[0], arguments.size[1]},
                                     state::make_generator(at::kCPU, kSeed), at::TensorOptions(at::kFloat));
  const Cost cost = cost_of(*model, image.to(device), arguments.repeat);
  if (arguments.tsv) {
    print_tsv(opened.pipeline.name, cost);
  } else {
    session.say_libraries_beside(opened);
    print(session.console(), cost, arguments.size);
    config::with_places(opened.pipeline,
                        [&] { print(session.console(), memory_of(*model, opened.pipeline.train, arguments)); });
  }
  return kDone;
}

}  // namespace

void add_plan_command(Command app) {
  const auto arguments = std::make_shared<Arguments>();
  Command command = app.add_command("plan", "Say what a pipeline's model holds, and what it does for an image");
  command.add_option("pipeline", arguments->file, "YAML file").type_name("PIPELINE").required();
  add_pipeline_options(command, *arguments);
  command.add_option("--size", arguments->size, "Height and width of the image")
      .expected(2)
      .range(32, 1 << 14)
      .type_name("PIXELS")
      .show_default();
  command.add_option("--repeat", arguments->repeat, "Time the forward this often, and give the median")
      .range(0, 1000)
      .type_name("N");
  command.add_option("--batch", arguments->batch, "Images of a batch (default: train.batch_size)")
      .range(1, 1 << 16)
      .type_name("N");
  command.add_flag("--measure", arguments->measure,
                   "Run training steps of that batch too, and say what memory they took");
  command.add_flag(
      "--tsv", arguments->tsv,
      "Print one line and leave out the training: name, parameters, those of auxiliary heads, multiply-adds, seconds");
  command.footer(
      "No data and no weights are needed. The memory of a training is worked out from steps of two and three images.\n"
      "Examples:\n"
      "  sshost plan configs/fcn/fcn_resnet50os8_voc.yaml\n"
      "  sshost plan configs/quickstart.yaml --set model.head.type=psp --size 64 64 --repeat 5\n"
      "  sshost plan configs/camvid/fcn_resnet50.yaml --size 256 256 --batch 8 --measure");
  command.runs([arguments] { return plan(*arguments); });
}

}  // namespace sshost::cli
