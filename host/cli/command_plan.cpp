#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "app/device.h"
#include "base/error.h"
#include "base/printable.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "config/option_value.h"
#include "config/value_error.h"
#include "measure/multiply_adds.h"
#include "measure/training_bytes.h"
#include "run/model.h"
#include "state/generator.h"
#include "train/precision.h"

namespace sshost::cli {
namespace {

constexpr uint64_t kSeed = 0;  // of an image of noise

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

// The image that is counted for.
struct PlannedImage {
  int64_t height = 512;
  int64_t width = 512;
  std::string why = "the pipeline has no crop";
};

// What the pipeline trains on: its last crop, or what it pads to.
PlannedImage image_of(const config::Pipeline& pipeline, const PlanArguments& arguments) {
  if (!arguments.size.empty()) return {arguments.size[0], arguments.size[1], "--size"};
  const std::vector<config::TransformConfig>& transforms = pipeline.data.train.transforms;
  for (auto transform = transforms.rbegin(); transform != transforms.rend(); ++transform) {
    if (transform->type != "random_crop" && transform->type != "pad") continue;
    const ss_options_object* size = transform->options->find("size");
    if (size == nullptr || size->children.size() != 2) continue;
    const std::vector<int64_t> pixels = config::integers_of(*size);
    return {pixels[0], pixels[1], "the pipeline's " + transform->type};
  }
  return {};
}

// What a training step takes at its peak.
struct StepMemory {
  int64_t batches = 0;
  int64_t images = 0;  // of each batch
  measure::TrainingMemory estimate;
  std::optional<int64_t> measured;  // bytes
};

bool asks_for_training(const PlanArguments& arguments) {
  return !arguments.tsv && (arguments.training || arguments.measure || arguments.batch > 0);
}

StepMemory memory_of(run::Model& model, const config::TrainConfig& train, const PlanArguments& arguments,
                     const PlannedImage& image, report::Console& console) {
  const infer::ImageSize size{image.height, image.width};
  StepMemory memory{train.accumulate, arguments.batch > 0 ? arguments.batch : train.batch_size, {}, {}};
  console.status("training steps of two and of three images ...");
  memory.estimate = measure::estimate_training_memory(model, train, size);
  if (!arguments.measure) return memory;
  console.status("training steps of " + std::to_string(memory.images) + " images ...");
  memory.measured = measure::measure_training_memory(model, train, memory.images, size);
  return memory;
}

// Told also where no training step is taken: the pipeline could not be trained as it is.
void require_precision(const config::Pipeline& pipeline, const at::Device& device) {
  config::with_places(pipeline, [&] { train::autocast_of(pipeline.train.precision, device); });
}

void print_tsv(const std::string& name, const Cost& cost) {
  std::printf("%s\t%lld\t%lld\t%lld\t", printable(name).c_str(), static_cast<long long>(cost.parameters),
              static_cast<long long>(cost.auxiliary), static_cast<long long>(cost.multiply_adds));
  std::printf(cost.seconds ? "%.3f\n" : "\n", cost.seconds.value_or(0));
}

template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char text[160];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

void print(report::Console& console, const Cost& cost, const PlannedImage& image) {
  console.line("image          " + std::to_string(image.height) + " x " + std::to_string(image.width) +
               " (height x width): " + image.why);
  console.line(
      format("parameters     %.2f M, of which %.2f M in auxiliary heads", cost.parameters / 1e6, cost.auxiliary / 1e6));
  console.line(format("multiply-adds  %.1f G for that image", cost.multiply_adds / 1e9));
  if (cost.seconds) console.line(format("forward        %.3f s for that image", *cost.seconds));
}

void print(report::Console& console, const StepMemory& memory, const at::Device& device) {
  std::string images = std::to_string(memory.images);
  if (memory.batches > 1) images = std::to_string(memory.batches) + " x " + images;
  console.line(format("training       %.2f GB expected at the peak of a step of %s such images on %s",
                      memory.estimate.expected(memory.images) / 1e9, images.c_str(), device.str().c_str()));
  if (memory.measured) console.line(format("               %.2f GB measured", *memory.measured / 1e9));
  console.line(format("               (%.2f GB, and %.3f GB an image)", memory.estimate.constant / 1e9,
                      memory.estimate.for_image / 1e9));
}

nlohmann::json to_json(const StepMemory& memory) {
  return {{"batches", memory.batches},
          {"images", memory.images},
          {"expected_bytes", memory.estimate.expected(memory.images)},
          {"constant_bytes", memory.estimate.constant},
          {"bytes_an_image", memory.estimate.for_image},
          {"measured_bytes", memory.measured ? nlohmann::json(*memory.measured) : nlohmann::json()}};
}

nlohmann::json to_json(const std::string& name, const Cost& cost, const PlannedImage& image) {
  return {{"name", name},
          {"height", image.height},
          {"width", image.width},
          {"size_from", image.why},
          {"parameters", cost.parameters},
          {"auxiliary_parameters", cost.auxiliary},
          {"multiply_adds", cost.multiply_adds},
          {"seconds", cost.seconds ? nlohmann::json(*cost.seconds) : nlohmann::json()},
          {"training", nullptr}};
}

}  // namespace

int plan_pipeline(const PlanArguments& arguments) {
  Session session(arguments.talk);
  report::Console& console = session.console();
  const run::Session opened = session.open_pipeline(arguments);
  const config::Pipeline& pipeline = opened.pipeline;
  const at::Device device = app::device_of(pipeline);
  if (!arguments.tsv) require_precision(pipeline, device);
  set_operator_threads(pipeline);
  if (!arguments.tsv) session.say_libraries_beside(opened);
  const PlannedImage planned = image_of(pipeline, arguments);
  console.status("building the model ...");
  const auto model = run::build_model(opened, run::dataset_info(opened));
  model->store.to(device, model->store.dtype());
  console.status("a forward of " + std::to_string(planned.height) + " x " + std::to_string(planned.width) + " ...");
  const at::Tensor image = at::randn({1, opened.pipeline.data.channels, planned.height, planned.width},
                                     state::make_generator(at::kCPU, kSeed), at::TensorOptions(at::kFloat));
  const Cost cost = cost_of(*model, image.to(device), arguments.repeat);
  if (arguments.tsv) print_tsv(pipeline.name, cost);
  if (!arguments.tsv && !session.is_json()) print(console, cost, planned);
  nlohmann::json document = to_json(pipeline.name, cost, planned);
  if (asks_for_training(arguments)) {
    const StepMemory memory =
        config::with_places(pipeline, [&] { return memory_of(*model, pipeline.train, arguments, planned, console); });
    document["training"] = to_json(memory);
    if (!session.is_json()) print(console, memory, device);
  }
  console.clear_status();
  if (session.is_json() && !arguments.tsv) print_document(document);
  return kDone;
}

}  // namespace sshost::cli
