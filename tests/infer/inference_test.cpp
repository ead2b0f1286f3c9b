#include "infer/inference.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sshost/abi/memory.h>

#include <algorithm>

#include "base/error.h"
#include "model/fakes.h"
#include "temp_folder.h"

namespace sshost::infer {
namespace {

using test::message_of;
using testing::HasSubstr;

constexpr int64_t kClasses = 3;

// The most memory that tensors of this thread took at once.
class PeakMeter final : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, int64_t bytes, size_t, size_t, c10::Device) override {
    live_ += bytes;
    peak_ = std::max(peak_, live_);
  }
  bool memoryProfilingEnabled() const override { return true; }
  int64_t peak() const { return peak_; }

 private:
  int64_t live_ = 0;
  int64_t peak_ = 0;
};

template <typename Action>
int64_t peak_of(const Action& action) {
  const auto meter = std::make_shared<PeakMeter>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, meter);
  action();
  return meter->peak();
}

at::Tensor at_size(const at::Tensor& map, int64_t height, int64_t width) {
  return at::upsample_bilinear2d(map, {height, width}, /*align_corners=*/false);
}

bool close(const at::Tensor& found, const at::Tensor& expected) {
  return found.sizes() == expected.sizes() &&
         ((found - expected).abs().max() <= 1e-5 * expected.abs().max()).item<bool>();
}

// A small model whose classes 1 and 2 are each other's mirror image.
class InferenceTest : public testing::Test {
 protected:
  explicit InferenceTest(bool with_memory = false) {
    config::ModelConfig model = test::fake_model();
    if (with_memory) model.memory = test::fake_config(SS_MEMORY_1);
    segmentor_ = std::make_unique<model::Segmentor>(model, registry_, kClasses, store_, random_);
    for (const state::StateEntry& entry : store_)
      store_.assign(entry.name, at::randn(entry.value.sizes(), random_) * 0.2);
  }

  at::Tensor scores(const config::EvaluateConfig& config, ImageSize size, int64_t n = 0) {
    Inference inference(*segmentor_, store_, classes_, config);
    at::Tensor result;
    const std::vector<ImageSize> sizes(static_cast<size_t>(images_.size(0)), size);
    inference.run(images_, sizes, [&](int64_t image, const Scores& found) {
      if (image == n) result = found.tensor().clone();
    });
    return result;
  }

  at::Tensor logits(const at::Tensor& input, const at::Tensor& previous = {}) {
    state::ExecutionContext context(store_, random_);
    context.prepared = &prepared_;  // as inference has it
    return segmentor_->logits(context, input, previous);
  }

  static at::Tensor mirrored(const at::Tensor& scores) {
    return scores.flip(3).index_select(1, at::tensor({0, 2, 1}, at::kLong));
  }

  plugin::Registry registry_ = test::fake_registry();
  state::StateStore store_{at::kFloat};
  at::Generator random_ = at::detail::createCPUGenerator(1);
  state::Prepared prepared_;
  std::unique_ptr<model::Segmentor> segmentor_;
  std::vector<data::Class> classes_ = {{"body", {}, 0}, {"left", {}, 2}, {"right", {}, 1}};
  at::Tensor images_ = at::randn({2, 3, 33, 41}, random_);
};

TEST_F(InferenceTest, GivesTheModelsLogitsAtTheWantedSize) {
  const at::Tensor expected = at_size(logits(images_), 20, 30);
  for (int64_t n = 0; n < 2; ++n) EXPECT_TRUE(at::equal(scores({}, {20, 30}, n), expected.narrow(0, n, 1)));
}

TEST_F(InferenceTest, AveragesScalesAndMirrorImagesWithSwappedClasses) {
  config::EvaluateConfig config;
  config.scales = {1, 1.5};
  config.flip = true;
  at::Tensor expected = at::zeros({2, kClasses, 20, 30});
  for (const double scale : config.scales) {
    const auto height = static_cast<int64_t>(33 * scale), width = static_cast<int64_t>(41 * scale);
    const at::Tensor view = at::upsample_bilinear2d(images_, {height, width}, false, scale, scale);
    expected += at_size(logits(view), 20, 30) + at_size(mirrored(logits(view.flip(3))), 20, 30);
  }
  for (int64_t n = 0; n < 2; ++n) {
    EXPECT_TRUE(close(scores(config, {20, 30}, n), expected.narrow(0, n, 1) / 4));
  }
}

TEST_F(InferenceTest, TakesProbabilitiesOfAWholeViewBeforeItIsResized) {
  config::EvaluateConfig config;
  config.average_probabilities = true;
  const at::Tensor expected = at_size(logits(images_.narrow(0, 0, 1)).softmax(1), 20, 30);
  EXPECT_TRUE(close(scores(config, {20, 30}), expected));
}

// Written out: the windows' logits are resized, then made probabilities, then averaged by coverage.
TEST_F(InferenceTest, AveragesOverlappingWindows) {
  config::EvaluateConfig config;
  config.slide = config::SlideConfig{{20, 41}, {13, 41}};
  config.average_probabilities = true;
  config.flip = true;
  const at::Tensor image = images_.narrow(0, 1, 1);
  at::Tensor expected = at::zeros({1, kClasses, 33, 41});
  for (const bool flipped : {false, true}) {
    const at::Tensor view = flipped ? image.flip(3) : image;
    at::Tensor sum = at::zeros({1, kClasses, 33, 41}), count = at::zeros({33, 41});
    for (const int64_t top : {0, 13}) {
      sum.narrow(2, top, 20) += at_size(logits(view.narrow(2, top, 20)), 20, 41).softmax(1);
      count.narrow(0, top, 20) += 1;
    }
    expected += flipped ? mirrored(sum / count) : sum / count;
  }
  EXPECT_TRUE(close(scores(config, {33, 41}, 1), expected / 2));
  EXPECT_TRUE(close(scores(config, {50, 60}, 1), at_size(expected / 2, 50, 60)));
}

TEST_F(InferenceTest, AWindowLargerThanTheImageIsTheImage) {
  config::EvaluateConfig config;
  config.slide = config::SlideConfig{{64, 64}, {10, 10}};
  EXPECT_TRUE(close(scores(config, {33, 41}), scores({}, {33, 41})));
}

// The scores of image 0 row by row; rows are asked for and handed on in order, each once.
class RowInference : public InferenceTest {
 protected:
  at::Tensor by_rows(const config::EvaluateConfig& config) {
    Inference inference(*segmentor_, store_, classes_, config);
    const at::Tensor image = images_.narrow(0, 0, 1);
    int64_t read = 0;
    std::vector<at::Tensor> parts;
    inference.run_rows(
        size(),
        [&](int64_t count) {
          const at::Tensor rows = image.narrow(2, read, count);
          read += count;
          return rows;
        },
        [&](const at::Tensor& scores) { parts.push_back(scores.clone()); });
    EXPECT_EQ(read, image.size(2));
    return at::cat(parts, 2);
  }
  ImageSize size() const { return {images_.size(2), images_.size(3)}; }

  static bool equal_to_a_millionth(const at::Tensor& found, const at::Tensor& expected) {
    return found.sizes() == expected.sizes() && ((found - expected).abs().max() <= 1e-6).item<bool>() &&
           found.argmax(1).equal(expected.argmax(1));
  }
};

TEST_F(RowInference, EqualsTheWholeImageInWindows) {
  images_ = at::rand({1, 3, 149, 41}, random_);
  for (const config::SlideConfig slide :
       {config::SlideConfig{{20, 16}, {13, 16}}, config::SlideConfig{{32, 41}, {7, 5}},
        config::SlideConfig{{149, 20}, {149, 20}}, config::SlideConfig{{200, 64}, {64, 64}},
        config::SlideConfig{{75, 16}, {75, 16}}, config::SlideConfig{{1, 41}, {1, 41}}}) {
    for (const bool flip : {false, true}) {
      for (const bool probabilities : {false, true}) {
        config::EvaluateConfig config;
        config.slide = slide;
        config.flip = flip;
        config.average_probabilities = probabilities;
        EXPECT_TRUE(equal_to_a_millionth(by_rows(config), scores(config, size())))
            << slide.crop_size[0] << " " << slide.stride[0] << " " << flip << " " << probabilities;
      }
    }
  }
}

TEST_F(RowInference, NeedsNoMoreMemoryForAHigherImage) {
  const auto peak = [&](int64_t height) {
    config::EvaluateConfig config;
    config.slide = config::SlideConfig{{32, 32}, {16, 16}};
    Inference inference(*segmentor_, store_, classes_, config);
    return peak_of([&] {
      inference.run_rows(
          {height, 64},
          [](int64_t count) {
            return at::ones({1, 3, count, 64});
          },
          [](auto&&) {});
    });
  };
  const int64_t low = peak(96);
  EXPECT_LE(static_cast<double>(peak(3200)), 1.05 * static_cast<double>(low));
}

TEST_F(RowInference, RefusesWhatNeedsTheWholeImage) {
  config::EvaluateConfig config;
  EXPECT_THAT(message_of<UsageError>([&] { by_rows(config); }), HasSubstr("expected slide"));
  config.slide = config::SlideConfig{{16, 16}, {16, 16}};
  config.scales = {1, 2};
  EXPECT_THAT(message_of<UsageError>([&] { by_rows(config); }), HasSubstr("evaluate.scales"));
  config.scales = {1};
  config.passes = 2;
  EXPECT_THAT(message_of<UsageError>([&] { by_rows(config); }), HasSubstr("evaluate.passes"));
}

TEST_F(InferenceTest, NeedsNoMoreMemoryForMoreViews) {
  for (const bool slides : {false, true}) {
    config::EvaluateConfig few, many;
    few.scales = {1, 1};
    many.scales = {1, 1, 1, 1, 1, 1};
    many.flip = true;
    if (slides) few.slide = many.slide = config::SlideConfig{{16, 16}, {8, 8}};
    const int64_t peak_of_few = peak_of([&] { scores(few, {200, 300}); });
    const int64_t peak_of_many = peak_of([&] { scores(many, {200, 300}); });
    const auto image = static_cast<double>(images_[0].nbytes());  // many views have one more of it: mirrored
    EXPECT_LE(static_cast<double>(peak_of_many), static_cast<double>(peak_of_few) + 3 * image) << slides;
  }
}

TEST_F(InferenceTest, NeedsAtMostOneMoreResultForManyViewsThanForOne) {
  config::EvaluateConfig many;
  many.scales = {1, 1, 1, 1, 1, 1};
  many.flip = true;
  const int64_t peak_of_one = peak_of([&] { scores({}, {400, 600}); });
  const int64_t peak_of_many = peak_of([&] { scores(many, {400, 600}); });
  const int64_t result = 4 * kClasses * 400 * 600;
  const auto image = static_cast<int64_t>(images_[0].nbytes());  // many views have one more of it: mirrored
  EXPECT_LE(peak_of_many, peak_of_one + result + image);
}

class MemoryInferenceTest : public InferenceTest {
 protected:
  MemoryInferenceTest() : InferenceTest(true) {}
};

TEST_F(MemoryInferenceTest, GivesALaterPassTheMeanOfTheOneBefore) {
  config::EvaluateConfig config;
  config.passes = 2;
  const at::Tensor image = images_.narrow(0, 0, 1);
  const at::Tensor first = at_size(logits(image), 33, 41);
  EXPECT_TRUE(close(scores(config, {20, 30}), at_size(logits(image, first), 20, 30)));

  config.flip = true;
  const at::Tensor both = (first + at_size(mirrored(logits(image.flip(3))), 33, 41)) / 2;
  const at::Tensor second = logits(image, both) + mirrored(logits(image.flip(3), mirrored(both)));
  EXPECT_TRUE(close(scores(config, {20, 30}), at_size(second / 2, 20, 30)));
}

TEST_F(MemoryInferenceTest, GivesALaterPassLogitsWhereProbabilitiesAreAveraged) {
  config::EvaluateConfig config;
  config.passes = 2;
  config.average_probabilities = true;
  const at::Tensor image = images_.narrow(0, 0, 1);
  const at::Tensor first = at_size(logits(image), 33, 41);
  EXPECT_TRUE(close(scores(config, {20, 30}), at_size(logits(image, first).softmax(1), 20, 30)));
}

TEST_F(MemoryInferenceTest, CutsTheEarlierPassAsTheWindowIsCut) {
  config::EvaluateConfig config;
  config.passes = 2;
  config.slide = config::SlideConfig{{33, 21}, {33, 20}};
  const at::Tensor image = images_.narrow(0, 0, 1);
  const auto pass = [&](const at::Tensor& previous) {
    at::Tensor sum = at::zeros({1, kClasses, 33, 41});
    for (const int64_t left : {0, 20}) {
      const at::Tensor guide = previous.defined() ? previous.narrow(3, left, 21) : previous;
      sum.narrow(3, left, 21) += at_size(logits(image.narrow(3, left, 21), guide), 33, 21);
    }
    sum.narrow(3, 20, 1) /= 2;
    return sum;
  };
  EXPECT_TRUE(close(scores(config, {33, 41}), pass(pass({}))));
}

TEST_F(InferenceTest, RefusesScalesAndPairsThatMakeNoSense) {
  config::EvaluateConfig config;
  config.scales = {0};
  EXPECT_THROW(Inference(*segmentor_, store_, classes_, config), UsageError);
  config.scales = {0.001};
  EXPECT_THAT(message_of<Error>([&] { scores(config, {33, 41}); }), HasSubstr("evaluate.scales"));
  config.flip = true;
  classes_[0].mirrored = 1;
  EXPECT_THROW(Inference(*segmentor_, store_, classes_, config), UsageError);
}

}  // namespace
}  // namespace sshost::infer
