// Losses of independent outputs against their formulas, pixel by pixel.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "config/value_error.h"
#include "model/loss_settings.h"
#include "model/losses.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

using model::Outputs;
using testing::HasSubstr;

constexpr int64_t kClasses = 4;     // of the data set
constexpr int64_t kBackground = 1;  // the others are the outputs 0, 1, 2

const Outputs& outputs() {
  static const Outputs value = Outputs::independent(kClasses, kBackground);
  return value;
}

at::Tensor logits() { return at::randn({2, 3, 5, 6}, at::detail::createCPUGenerator(1), at::kDouble) * 2; }

// Every class, and some ignored pixels.
at::Tensor labels() {
  at::Tensor values = at::randint(0, kClasses, {2, 5, 6}, at::detail::createCPUGenerator(2), at::kLong);
  values[0][0].fill_(255);
  return values;
}

// One output of one pixel that is not ignored.
struct Term {
  size_t output;
  double p;
  double y;
};

std::vector<Term> terms() {
  const std::vector<int64_t> numbers = {0, 2, 3};
  std::vector<Term> all;
  const at::Tensor values = logits(), truth = labels();
  for (int64_t n = 0; n < 2; ++n) {
    for (int64_t row = 0; row < 5; ++row) {
      for (int64_t column = 0; column < 6; ++column) {
        const auto label = truth[n][row][column].item<int64_t>();
        if (label == 255) continue;
        for (size_t c = 0; c < numbers.size(); ++c) {
          const auto x = values[n][static_cast<int64_t>(c)][row][column].item<double>();
          all.push_back({c, 1 / (1 + std::exp(-x)), label == numbers[c] ? 1.0 : 0.0});
        }
      }
    }
  }
  return all;
}

double of(const LossSettings& config) { return make_loss(config, outputs())(logits(), labels()).item<double>(); }

LossSettings named(const std::string& type) {
  LossSettings config;
  config.type = type;
  return config;
}

TEST(OutputLosses, BceIsTheWeightedMeanOverPixelsAndClasses) {
  LossSettings config = named("bce");
  config.class_weights = {1, 0.5, 3};
  config.positive_weights = {2, 1, 7};
  double sum = 0, total = 0;
  for (const auto& [c, p, y] : terms()) {
    sum -= config.class_weights[c] * (config.positive_weights[c] * y * std::log(p) + (1 - y) * std::log(1 - p));
    total += config.class_weights[c];
  }
  EXPECT_NEAR(of(config), sum / total, 1e-12);
}

TEST(OutputLosses, FocalWeighsDoubt) {
  LossSettings config = named("focal");
  config.gamma = 1.5;
  double sum = 0;
  for (const auto& [c, p, y] : terms()) {
    const double right = y == 1 ? p : 1 - p;
    sum -= std::pow(1 - right, config.gamma) * std::log(right);
  }
  EXPECT_NEAR(of(config), sum / static_cast<double>(terms().size()), 1e-12);
}

double mean_over_outputs(const std::function<double(size_t output)>& loss) { return (loss(0) + loss(1) + loss(2)) / 3; }

TEST(OutputLosses, DiceComparesTheRegionsOfEachClass) {
  const double expected = mean_over_outputs([](size_t output) {
    double overlap = 0, squares = 0, labels = 0;
    for (const auto& [c, p, y] : terms()) {
      if (c == output) overlap += p * y, squares += p * p, labels += y;
    }
    return 1 - (2 * overlap + 1) / (squares + labels + 1);
  });
  EXPECT_NEAR(of(named("dice")), expected, 1e-12);
}

TEST(OutputLosses, TverskyWeighsWhatIsMissedAndWhatIsWronglyCalled) {
  LossSettings config = named("tversky");
  config.false_positives = 0.2;
  config.false_negatives = 0.9;
  const double expected = mean_over_outputs([](size_t output) {
    double hits = 0, wrong = 0, missed = 0;
    for (const auto& [c, p, y] : terms()) {
      if (c == output) hits += p * y, wrong += p * (1 - y), missed += (1 - p) * y;
    }
    return 1 - (hits + 1) / (hits + 0.2 * wrong + 0.9 * missed + 1);
  });
  EXPECT_NEAR(of(config), expected, 1e-12);
}

TEST(OutputLosses, PartsOfAStepAddUpToTheWhole) {
  for (const char* type : {"bce", "focal"}) {
    const model::Loss loss = make_loss(named(type), outputs());
    const at::Tensor divisor = loss.divisor(labels());
    double sum = 0;
    for (int64_t n = 0; n < 2; ++n) {
      const auto part = model::label_pixels(logits().narrow(0, n, 1), labels().narrow(0, n, 1), outputs());
      sum += loss(part, divisor).item<double>();
    }
    EXPECT_NEAR(sum, of(named(type)), 1e-12) << type;
  }
}

TEST(OutputLosses, AreZeroWithAGradientWhereNothingIsLabelled) {
  for (const char* type : {"bce", "focal", "dice", "tversky"}) {
    at::Tensor input = logits().requires_grad_();
    const at::Tensor loss = make_loss(named(type), outputs())(input, at::full({2, 5, 6}, 255, at::kLong));
    EXPECT_NEAR(loss.item<double>(), 0, 1e-12) << type;
    loss.backward();
    EXPECT_EQ(input.grad().abs().sum().item<double>(), 0) << type;
  }
}

TEST(OutputLosses, ThatNeedOneClassForEachPixelAreRefusedAndTheOtherWayRound) {
  const auto refusal = [](const std::string& type, const Outputs& of) {
    return message_of<config::ValueError>([&] { make_loss(named(type), of); });
  };
  for (const char* type : {"cross_entropy", "kl", "lovasz"}) {
    EXPECT_THAT(refusal(type, outputs()), HasSubstr("model.loss.type")) << type;
  }
  EXPECT_THAT(refusal("bce", 3), HasSubstr("model.loss.type"));
  LossSettings four = named("bce");
  four.positive_weights = {1, 1, 1, 1};
  EXPECT_THAT(message_of<config::ValueError>([&] { make_loss(four, outputs()); }),
              HasSubstr("model.loss.positive_weights: expected 3 weights"));
}

// What a plugin's prediction asks for by default.
TEST(OutputLosses, CrossEntropyOfAPredictionIsBce) {
  EXPECT_EQ(model::compute_loss("", logits(), labels(), outputs()).item<double>(), of(named("bce")));
  EXPECT_THROW(model::compute_loss("lovasz", logits(), labels(), outputs()), Error);
}

TEST(Outputs, LeaveOutTheBackgroundAndRenumberTheMirrored) {
  const std::vector<data::Class> classes = {{"sky", {}, 0}, {"left", {}, 3}, {"none", {}, 2}, {"right", {}, 1}};
  config::ModelConfig config;
  config.independent = true;
  config.background = "none";
  const Outputs some = model::outputs_of(config, {classes, 255});
  EXPECT_EQ(some.classes(), (std::vector<int64_t>{0, 1, 3}));
  const std::vector<data::Class> left = model::output_classes(some, classes);
  EXPECT_EQ(left[2].name, "right");
  EXPECT_EQ(left[1].mirrored, 2);
  EXPECT_EQ(left[2].mirrored, 1);
  const at::Tensor targets = some.targets(at::tensor({0, 2, 3, 255}, at::kLong).view({1, 1, 4}));
  const at::Tensor expected =
      at::tensor({1, 0, 0, -100, 0, 0, 0, -100, 0, 0, 1, -100}, at::kLong).view({1, 3, 1, 4}).to(at::kChar);
  EXPECT_TRUE(targets.equal(expected)) << targets;
  config.background = "nome";
  EXPECT_THAT(
      message_of<config::ValueError>([&] {
        model::outputs_of(config, {classes, 255});
      }),
      HasSubstr("model.background: expected a class of the data set, sky, left, none, right; found \"nome\" (did "
                "you mean \"none\"?)"));
}

TEST(Outputs, OfSetsHaveATargetForEachClassOfAPixel) {
  const Outputs sets = Outputs::of_sets(3);
  const at::Tensor labels = at::tensor({0b000, 0b101, 0b010, -1}, at::kLong).view({1, 1, 4});
  const at::Tensor expected =
      at::tensor({0, 1, 0, -100, 0, 0, 1, -100, 0, 1, 0, -100}, at::kLong).view({1, 3, 1, 4}).to(at::kChar);
  EXPECT_TRUE(sets.targets(labels).equal(expected)) << sets.targets(labels);
  const at::Tensor shown = sets.shown(labels[0], at::tensor({1, 0, 0, 2}, at::kLong).view({1, 4}));
  EXPECT_TRUE(shown.equal(at::tensor({-1, 0, 1, -1}, at::kLong).view({1, 4}))) << shown;
}

TEST(Outputs, OfSetsAreIndependentAndHaveNoBackground) {
  const data::DatasetInfo info{{{"a", {}, 0}, {"b", {}, 1}}, -1, true};
  config::ModelConfig config;
  EXPECT_THAT(message_of<config::ValueError>([&] { model::outputs_of(config, info); }),
              HasSubstr("model.outputs: expected independent"));
  config.independent = true;
  EXPECT_EQ(model::outputs_of(config, info).count(), 2);
  config.background = "a";
  EXPECT_THAT(message_of<config::ValueError>([&] { model::outputs_of(config, info); }),
              HasSubstr("model.background: expected none"));
}

}  // namespace
}  // namespace sshost::test
