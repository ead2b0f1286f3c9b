#include "class_distributions.hpp"

#include <sshost/ops.hpp>
#include <sshost/pixel_sources.hpp>

namespace mcibiplusplus {

ClassStatistics class_statistics(const ss::Tensor& representation, const ss::Tensor& labels, int64_t classes) {
  const ss::PixelSources from = ss::pixel_sources(labels, classes, representation);
  const ss::Tensor rows = ss::reshape(ss::permute(representation, {0, 2, 3, 1}), {-1, representation.size(1)});
  const ss::Tensor ones = ss::ones({from.classes.numel()}, representation);
  return {ss::grouped_feature_sum(rows, from, from.classes, classes, ones),
          ss::grouped_sum(ones, from.classes, classes)};
}

ss::Tensor standard_distributions(int64_t classes) {
  std::vector<float> values;
  for (int64_t c = 0; c < classes; ++c) values.insert(values.end(), {0.0F, 1.0F});
  return ss::Tensor::from(values, {classes, 2});
}

ss::Tensor updated_distributions(const ss::Tensor& memory, const ClassStatistics& statistics, double momentum) {
  const ss::Tensor count = ss::unsqueeze(statistics.pixel_count, 1);  // [K, 1]
  const ss::Tensor mean = statistics.feature_sum / ss::clamp_min(count, 1);
  constexpr int64_t unbiased = 1;
  const ss::Tensor target = ss::stack({ss::mean(mean, {1}), ss::standard_deviation(mean, {1}, unbiased)}, 1);
  return ss::where(count > 0, memory * (1 - momentum) + target * momentum, memory);
}

ss::Tensor class_vectors(ss::Context& ctx, const ss::Tensor& memory, int64_t channels) {
  std::vector<ss::Tensor> noise;
  for (int64_t c = 0; c < memory.size(0); ++c) {
    noise.push_back(ctx.seeded_normal(static_cast<uint64_t>(c), {1, channels}));
  }
  const ss::Tensor single = ss::to(memory, ss::Dtype::float32);
  return ss::cat(noise, 0) * ss::narrow(single, 1, 1, 1) + ss::narrow(single, 1, 0, 1);
}

}  // namespace mcibiplusplus
