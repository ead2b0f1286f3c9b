// focal, kl, dice and lovasz against their formulas, pixel by pixel.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/loss_settings.h"
#include "model/losses.h"
#include "model/pixel_by_pixel.h"

namespace sshost::test {
namespace {

constexpr int64_t kClasses = 4;

using Weights = std::vector<double>;

double weight_of(const Weights& weights, int64_t c) { return weights.empty() ? 1 : weights[static_cast<size_t>(c)]; }

double own(const Pixel& pixel) { return pixel.p[static_cast<size_t>(pixel.label)]; }

// sum w l / sum w over all pixels.
double weighted_mean(const std::vector<Pixel>& pixels, const Weights& weights,
                     const std::function<double(const Pixel&)>& loss) {
  double sum = 0, total = 0;
  for (const Pixel& pixel : pixels) {
    const double weight = weight_of(weights, pixel.label);
    sum += weight * loss(pixel);
    total += weight;
  }
  return sum / total;
}

double focal(const std::vector<Pixel>& pixels, const LossSettings& config) {
  return weighted_mean(pixels, config.class_weights, [&](const Pixel& pixel) {
    return -std::pow(1 - own(pixel), config.gamma) * std::log(own(pixel));
  });
}

double kl(const std::vector<Pixel>& pixels, const LossSettings& config) {
  return weighted_mean(pixels, config.class_weights, [&](const Pixel& pixel) {
    double divergence = 0;
    for (int64_t c = 0; c < kClasses; ++c) {
      const double q = config.smoothing / kClasses + (c == pixel.label ? 1 - config.smoothing : 0);
      if (q > 0) divergence += q * (std::log(q) - std::log(pixel.p[static_cast<size_t>(c)]));
    }
    return divergence;
  });
}

double dice(const std::vector<Pixel>& pixels, const LossSettings& config) {
  double sum = 0, total = 0;
  for (int64_t c = 0; c < kClasses; ++c) {
    double overlap = 0, squares = 0, labels = 0;
    for (const Pixel& pixel : pixels) {
      const double p = pixel.p[static_cast<size_t>(c)];
      const double y = pixel.label == c ? 1 : 0;
      overlap += p * y, squares += p * p, labels += y;
    }
    const double weight = weight_of(config.class_weights, c);
    sum += weight * (1 - (2 * overlap + config.smooth) / (squares + labels + config.smooth));
    total += weight;
  }
  return sum / total;
}

double tversky(const std::vector<Pixel>& pixels, const LossSettings& config) {
  double sum = 0, total = 0;
  for (int64_t c = 0; c < kClasses; ++c) {
    double hits = 0, wrong = 0, missed = 0;
    for (const Pixel& pixel : pixels) {
      const double p = pixel.p[static_cast<size_t>(c)];
      const double y = pixel.label == c ? 1 : 0;
      hits += p * y, wrong += p * (1 - y), missed += (1 - p) * y;
    }
    const double whole = hits + config.false_positives * wrong + config.false_negatives * missed + config.smooth;
    const double weight = weight_of(config.class_weights, c);
    sum += weight * (1 - (hits + config.smooth) / whole);
    total += weight;
  }
  return sum / total;
}

// The Lovasz extension by its definition (equation 6 of the paper): errors in falling order, each times what its pixel
// adds to the set function Delta(M) = |M| / |class or M|.
double lovasz_extension(const std::vector<Pixel>& pixels, int64_t c) {
  const auto is_class = [&](size_t i) { return pixels[i].label == c; };
  const auto error = [&](size_t i) {
    const double p = pixels[i].p[static_cast<size_t>(c)];
    return is_class(i) ? 1 - p : p;
  };
  std::vector<size_t> order(pixels.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return error(a) > error(b); });
  std::vector<bool> wrong(pixels.size(), false);
  double extension = 0, before = 0;
  for (const size_t i : order) {
    wrong[i] = true;
    double missed = 0, united = 0;
    for (size_t j = 0; j < pixels.size(); ++j) {
      missed += wrong[j] ? 1 : 0;
      united += wrong[j] || is_class(j) ? 1 : 0;
    }
    extension += error(i) * (missed / united - before);
    before = missed / united;
  }
  return extension;
}

double lovasz_of_all(const std::vector<Pixel>& pixels, const Weights& weights) {
  double sum = 0, total = 0;
  for (int64_t c = 0; c < kClasses; ++c) {
    const bool present = std::any_of(pixels.begin(), pixels.end(), [&](const Pixel& p) { return p.label == c; });
    if (!present) continue;
    sum += weight_of(weights, c) * lovasz_extension(pixels, c);
    total += weight_of(weights, c);
  }
  return sum / total;
}

double lovasz(const std::vector<Pixel>& pixels, const LossSettings& config) {
  if (!config.per_image) return lovasz_of_all(pixels, config.class_weights);
  double sum = 0;
  for (int64_t n = 0; n < 2; ++n) {
    std::vector<Pixel> image;
    std::copy_if(pixels.begin(), pixels.end(), std::back_inserter(image), [&](const Pixel& p) { return p.image == n; });
    sum += lovasz_of_all(image, config.class_weights);
  }
  return sum / 2;
}

struct Case {
  std::string name;
  LossSettings config;
  double (*formula)(const std::vector<Pixel>&, const LossSettings&);
};

std::vector<Case> cases() {
  const Weights weights = {0.5, 2, 0, 1.5};
  return {{"focal", {.type = "focal"}, focal},
          {"focal_of_other_gamma", {.type = "focal", .gamma = 0.5}, focal},
          {"weighted_focal", {.type = "focal", .class_weights = weights}, focal},
          {"kl", {.type = "kl"}, kl},
          {"kl_of_a_plain_label", {.type = "kl", .smoothing = 0}, kl},
          {"weighted_kl", {.type = "kl", .class_weights = weights, .smoothing = 0.3}, kl},
          {"dice", {.type = "dice"}, dice},
          {"weighted_dice", {.type = "dice", .class_weights = weights, .smooth = 0.25}, dice},
          {"tversky", {.type = "tversky"}, tversky},
          {"weighted_tversky", {.type = "tversky", .class_weights = weights, .false_positives = 1}, tversky},
          {"lovasz", {.type = "lovasz"}, lovasz},
          {"weighted_lovasz", {.type = "lovasz", .class_weights = weights}, lovasz},
          {"lovasz_per_image", {.type = "lovasz", .per_image = true}, lovasz}};
}

class LossTypes : public testing::TestWithParam<Case> {
 protected:
  // Two images of 3 x 4 with one ignored pixel each and no pixel of class 3.
  void SetUp() override {
    labels[0][0][1] = 255;
    labels[1][2][3] = -1;
  }
  model::Loss loss() const { return make_loss(GetParam().config, kClasses); }

  at::Tensor logits = at::randn({2, kClasses, 3, 4}, at::detail::createCPUGenerator(1), at::kDouble);
  at::Tensor labels = at::randint(0, kClasses - 1, {2, 3, 4}, at::detail::createCPUGenerator(2), at::kLong);
};

TEST_P(LossTypes, EqualTheirFormula) {
  const double expected = GetParam().formula(pixels_of(logits, labels), GetParam().config);
  EXPECT_NEAR(loss()(logits, labels).item<double>(), expected, 1e-12);
}

TEST_P(LossTypes, HaveTheGradientOfTheirValue) {
  expect_gradient(logits, [&](const at::Tensor& moved) { return loss()(moved, labels); });
}

TEST_P(LossTypes, AreZeroWithAGradientOfZeroWhereNoPixelCounts) {
  const at::Tensor leaf = logits.clone().requires_grad_();
  const at::Tensor value = loss()(leaf, at::full({2, 3, 4}, 255, at::kLong));
  value.backward();
  EXPECT_EQ(value.item<double>(), 0);
  EXPECT_TRUE(leaf.grad().equal(at::zeros_like(leaf)));
}

TEST_P(LossTypes, ResizeTheLogitsAndWidenThem) {
  const at::Tensor coarse = at::randn({2, kClasses, 2, 2}, at::detail::createCPUGenerator(3)).to(at::kBFloat16);
  const at::Tensor value = loss()(coarse, labels);
  EXPECT_EQ(value.scalar_type(), at::kFloat);
  const at::Tensor resized = at::upsample_bilinear2d(coarse.to(at::kDouble), {3, 4}, false);
  EXPECT_NEAR(value.item<double>(), loss()(resized, labels).item<double>(), 1e-5);
}

// What a step of two batches has as its loss: the sum of the parts.
TEST_P(LossTypes, AddUpOverBatches) {
  const at::Tensor first = labels.narrow(0, 0, 1);
  const at::Tensor second = at::where(labels.narrow(0, 1, 1).eq(0), 255, labels.narrow(0, 1, 1));  // fewer pixels
  const at::Tensor all = at::cat({first, second});
  const at::Tensor divisor = loss().divisor(first) + loss().divisor(second);
  const auto part = [&](int64_t n, const at::Tensor& target) {
    return loss()(model::label_pixels(logits.narrow(0, n, 1), target), divisor).item<double>();
  };
  const auto alone = [&](int64_t n, const at::Tensor& target) {
    return loss()(logits.narrow(0, n, 1), target).item<double>();
  };
  const bool is_pixel_loss = GetParam().formula == focal || GetParam().formula == kl;
  const double expected = is_pixel_loss ? loss()(logits, all).item<double>() : (alone(0, first) + alone(1, second)) / 2;
  EXPECT_NEAR(part(0, first) + part(1, second), expected, 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Losses, LossTypes, testing::ValuesIn(cases()),
                         [](const auto& loss) { return loss.param.name; });

TEST(Losses, FocalOfGammaZeroIsCrossEntropy) {
  const at::Tensor logits = at::randn({1, 3, 2, 2}, at::detail::createCPUGenerator(1), at::kDouble);
  const at::Tensor labels = at::randint(0, 3, {1, 2, 2}, at::detail::createCPUGenerator(2), at::kLong);
  const model::Loss focal = make_loss({.type = "focal", .gamma = 0}, 3);
  EXPECT_NEAR(focal(logits, labels).item<double>(), model::compute_loss("cross_entropy", logits, labels).item<double>(),
              1e-12);
}

TEST(Losses, KlIsZeroWhereTheModelPredictsTheSmoothedLabel) {
  const at::Tensor smoothed = at::full({1, 3, 1, 2}, 0.1 / 3, at::kDouble);
  smoothed[0][0].add_(0.9);
  const model::Loss kl = make_loss({.type = "kl"}, 3);
  EXPECT_NEAR(kl(smoothed.log(), at::zeros({1, 1, 2}, at::kLong)).item<double>(), 0, 1e-12);
}

TEST(Losses, OfRegionsAreZeroForAPerfectAnswer) {
  const at::Tensor labels = at::tensor({0, 1, 1, 2}, at::kLong).view({1, 2, 2});
  const at::Tensor logits = at::one_hot(labels, 3).permute({0, 3, 1, 2}).to(at::kDouble) * 100;
  for (const char* type : {"dice", "lovasz"}) {
    EXPECT_NEAR(model::compute_loss(type, logits, labels).item<double>(), 0, 1e-12) << type;
  }
}

TEST(Losses, CrossEntropyAddsUpOverBatchesUnlessItKeepsHardPixels) {
  const at::Tensor logits = at::randn({2, 3, 4, 4}, at::detail::createCPUGenerator(1), at::kDouble);
  at::Tensor labels = at::randint(0, 3, {2, 4, 4}, at::detail::createCPUGenerator(2), at::kLong);
  labels[0].narrow(0, 0, 3).fill_(255);
  const auto sum_of_parts = [&](const model::Loss& loss) {
    const at::Tensor divisor = loss.divisor(labels.narrow(0, 0, 1)) + loss.divisor(labels.narrow(0, 1, 1));
    double sum = 0;
    for (int64_t n = 0; n < 2; ++n) {
      sum += loss(model::label_pixels(logits.narrow(0, n, 1), labels.narrow(0, n, 1)), divisor).item<double>();
    }
    return sum;
  };
  const model::Loss plain = make_loss({.class_weights = {1, 2, 3}}, 3);
  EXPECT_NEAR(sum_of_parts(plain), plain(logits, labels).item<double>(), 1e-12);
  const model::Loss hard = make_loss({.hard_pixels = HardPixels{0.3, 2}}, 3);
  const double mean = (hard(logits.narrow(0, 0, 1), labels.narrow(0, 0, 1)).item<double>() +
                       hard(logits.narrow(0, 1, 1), labels.narrow(0, 1, 1)).item<double>()) /
                      2;
  EXPECT_NEAR(sum_of_parts(hard), mean, 1e-12);
}

}  // namespace
}  // namespace sshost::test
