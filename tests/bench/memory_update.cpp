// The memory's update at batch 4, 512x512, 150 classes: through the plugin, which never resizes the features, beside
// the update as its equations read, on features resized to the labels. Bytes are peak resident memory beyond that
// before.
//   build/release/bin/bench_memory_update
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <cstdio>
#include <exception>

#include "bench/paired.h"
#include "measure/peak_bytes.h"
#include "model/memory.h"
#include "run/session.h"

namespace sshost::bench {
namespace {

constexpr int64_t kClasses = 150, kChannels = 512, kBatch = 4, kSize = 512, kStride = 8;
constexpr double kMomentum = 0.9;

constexpr const char* kPipeline = R"(
run: [evaluate]
data: {dataset: {type: synthetic}}
model:
  backbone: {type: resnet, depth: 18}
  memory: {type: mcibi}
)";

// Labels in blobs, as real ones are: a coarse map of classes, enlarged.
at::Tensor blobs() {
  const at::Tensor coarse = at::randint(kClasses, {kBatch, 1, 16, 16}, at::kFloat);
  return at::upsample_nearest2d(coarse, {kSize, kSize}).squeeze(1).to(at::kLong);
}

// One class at a time on features at the labels' size, for one vector a class and the cosine strategy.
void plain_update(const at::Tensor& memory, const at::Tensor& representation, const at::Tensor& labels) {
  const at::Tensor large = at::upsample_bilinear2d(representation, {kSize, kSize}, false);
  const at::Tensor rows = large.permute({0, 2, 3, 1}).reshape({-1, kChannels});
  const at::Tensor flat = labels.reshape(-1);
  for (int64_t c = 0; c < kClasses; ++c) {
    const at::Tensor of_class = rows.index_select(0, (flat == c).nonzero().squeeze(1));
    if (of_class.size(0) == 0) continue;
    at::Tensor vector = memory.select(0, c).select(0, 0);
    if (vector.eq(0).all().item<bool>()) {
      vector.copy_(of_class.mean(0));
      continue;
    }
    const at::Tensor weight = 1 - at::cosine_similarity(of_class, vector.unsqueeze(0), 1, 1e-8);
    const at::Tensor target = at::matmul(weight / weight.sum(), of_class);
    vector.copy_((1 - kMomentum) * vector + kMomentum * target);
  }
}

// Peak resident memory that `work` needs beyond what is there before it.
int64_t peak_bytes(const std::function<void()>& work) {
  const measure::MemoryUse use = measure::measure_memory(at::kCPU, work);
  return use.peak - use.before;
}

int run() {
  const at::NoGradGuard no_grad;
  const run::Session session = run::open_session_text(kPipeline, "bench", {}, [](ss_log_level, std::string_view) {});
  const config::ComponentConfig& config = *session.pipeline.model.memory;
  state::StateStore store;
  state::Builder builder(store, "memory", at::detail::createCPUGenerator(0));
  const model::Memory memory(config, session.registry->find(config.kind, config.type),
                             {.features = {{kChannels, kStride}}, .context_channels = 0, .classes = kClasses}, builder);
  state::ExecutionContext context(store, at::detail::createCPUGenerator(0));
  context.learning_rate = context.base_learning_rate = 0.01;

  const at::Tensor features = at::randn({kBatch, kChannels, kSize / kStride, kSize / kStride});
  const at::Tensor labels = blobs();
  std::vector<model::Prediction> predictions;
  const auto state = [&](const char* name) { return store.find(name)->value; };
  const at::Tensor representation =
      at::batch_norm(at::conv2d(features, state("memory.bottleneck.conv.weight"), {}, {1, 1}, {1, 1}),
                     state("memory.bottleneck.norm.weight"), state("memory.bottleneck.norm.bias"),
                     state("memory.bottleneck.norm.running_mean"), state("memory.bottleneck.norm.running_var"), false,
                     0.1, 1e-5, true)
          .relu_();
  const model::MemoryOutput output = memory.forward(
      context, {.features = {features}, .context = {}, .labels = {}, .previous_logits = {}}, predictions);
  context.training = true;  // the memory is written in training alone
  const auto through_plugin = [&] { memory.apply(context, memory.statistics(context, output.state, labels)); };
  at::Tensor plain = at::zeros({kClasses, 1, kChannels});
  const auto in_plain = [&] { plain_update(plain, representation, labels); };

  through_plugin();  // the first update sets the vectors, the second moves them
  in_plain();
  const int64_t plugin_bytes = peak_bytes(through_plugin), plain_bytes = peak_bytes(in_plain);
  const double difference = ((state("memory.memory") - plain).abs().max() / plain.abs().max()).item<double>();
  std::printf("largest difference of the memories   %.2g of the largest element\n", difference);
  const PairedTimes times = time_in_pairs(5, through_plugin, in_plain);
  std::printf("%-36s %10s %10s\n", "", "seconds", "MiB");
  std::printf("%-36s %10.2f %10.0f\n", "plugin, at the features' size", times.first, plugin_bytes / 1048576.0);
  std::printf("%-36s %10.2f %10.0f\n", "plain, at the labels' size", times.second, plain_bytes / 1048576.0);
  std::printf("%-36s %10.3f %10.3f\n", "ratio", times.ratio,
              static_cast<double>(plugin_bytes) / static_cast<double>(plain_bytes));
  return difference > 1e-4 ? 1 : 0;
}

}  // namespace
}  // namespace sshost::bench

int main() try { return sshost::bench::run(); } catch (const std::exception& error) {
  std::fprintf(stderr, "bench_memory_update: %s\n", error.what());
  return 1;
}
