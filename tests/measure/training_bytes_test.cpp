#include "measure/training_bytes.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "train/workplace.h"

namespace sshost::measure {
namespace {

// Nearly all parameters are those of one convolution, 3.7 million.
const std::vector<std::string> kWide = {"model.memory=null", "model.auxiliary=[]",
                                        "model.head={type: fcn, channels: 640, convolutions: 2}"};
// Nearly all memory is activations.
const std::vector<std::string> kDeep = {"model.memory=null", "model.auxiliary=[]",
                                        "model.head={type: fcn, channels: 512, convolutions: 3, kernel: 1}"};

class TrainingMemoryTest : public testing::Test {
 protected:
  explicit TrainingMemoryTest(const std::vector<std::string>& overrides = {})
      : session_(train::open_small_session(overrides)),
        model_(run::build_model(session_, 4)),
        config_(session_.pipeline.train) {}

  TrainingMemory estimate(infer::ImageSize size) { return estimate_training_memory(*model_, config_, size); }

  run::Session session_;
  std::unique_ptr<run::Model> model_;
  config::TrainConfig config_;
};

class WideModel : public TrainingMemoryTest {
 protected:
  WideModel() : TrainingMemoryTest(kWide) {
    for (const state::StateEntry& entry : model_->store) bytes_ += entry.value.nbytes();
    estimate(kSize);  // LibTorch's own memory is there from now on
  }
  double constant() { return static_cast<double>(estimate(kSize).constant); }

  static constexpr infer::ImageSize kSize{32, 32};
  double bytes_ = 0;  // of the model
};

TEST_F(WideModel, AMovingAverageIsAFurtherCopyOfTheModel) {
  const double without = constant();
  config_.ema.emplace();
  EXPECT_NEAR(constant() - without, bytes_, 0.6 * bytes_);
}

// The second batch computes its gradients beside those of the first; how much more a convolution takes for that
// differs with its size.
TEST_F(WideModel, AStepOfSeveralBatchesKeepsGradients) {
  const double one = constant();
  config_.accumulate = 2;
  EXPECT_GT(constant() - one, 0.6 * bytes_);
}

class DeepModel : public TrainingMemoryTest {
 protected:
  DeepModel() : TrainingMemoryTest(kDeep) {}
  static constexpr infer::ImageSize kSize{96, 128};
  static constexpr int64_t kInput = 96 * 128 * (3 * 4 + 8);  // bytes of an image and its label
};

TEST_F(DeepModel, OfFurtherBatchesTheImagesWait) {
  config_.accumulate = 2;
  const int64_t two = estimate(kSize).for_image;
  config_.accumulate = 5;
  EXPECT_EQ(estimate(kSize).for_image, two + 3 * kInput);
}

TEST_F(DeepModel, InBfloat16AnImageTakesAboutHalf) {
  const auto full = static_cast<double>(estimate(kSize).for_image);
  config_.precision = "bfloat16";
  EXPECT_NEAR(static_cast<double>(estimate(kSize).for_image), 0.55 * full, 0.15 * full);
}

TEST_F(DeepModel, MeasuredIsWhatTheStepsOfThisPipelineTake) {
  const infer::ImageSize size{192, 192};
  const int64_t input = 192 * 192 * (3 * 4 + 8);  // the images and labels of all batches are there in both
  const int64_t for_image = estimate(size).for_image;
  const int64_t whole = measure_training_memory(*model_, config_, 12, size);
  config_.accumulate = 4;
  const int64_t parts = measure_training_memory(*model_, config_, 3, size);
  // What the process holds on to may add to it, however large.
  EXPECT_GT(whole - parts, 9 * (for_image - input) / 2);
}

}  // namespace
}  // namespace sshost::measure
