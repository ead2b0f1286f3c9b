#include "data/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/error.h"
#include "data/samples.h"

namespace sshost::data {
namespace {

template <typename Function>
std::string error_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(Batch, PutsChannelsIntoPlanes) {
  const std::array<Sample, 2> samples = {located_sample(3, 4), located_sample(3, 4)};
  const Batch batch = make_batch(samples);
  EXPECT_EQ(batch.images.sizes(), at::IntArrayRef({2, 3, 3, 4}));
  EXPECT_EQ(batch.labels.sizes(), at::IntArrayRef({2, 3, 4}));
  EXPECT_EQ(batch.images[1][0][2][3].item<float>(), 3);  // red: the column
  EXPECT_EQ(batch.images[1][1][2][3].item<float>(), 2);  // green: the row
  EXPECT_EQ(batch.images[1][2][2][3].item<float>(), 0);
  EXPECT_EQ(batch.labels[1][2][3].item<int64_t>(), 3);
  EXPECT_EQ(batch.ids, (std::vector<std::string>{"located", "located"}));
}

TEST(Batch, TakesCropsWhoseRowsAreNotBehindEachOther) {
  const Sample whole = located_sample(10, 10);
  const cv::Rect place(3, 4, 2, 5);
  const Sample crop{whole.image(place), whole.label(place), "crop"};
  const Batch batch = make_batch({&crop, 1});
  EXPECT_EQ(batch.images[0][0][4][1].item<float>(), 4);
  EXPECT_EQ(batch.images[0][1][4][1].item<float>(), 8);
  EXPECT_EQ(batch.labels[0][4][1].item<int64_t>(), 4);
}

TEST(Batch, RefusesDifferentSizesAndNamesBothSamples) {
  std::array<Sample, 2> samples = {located_sample(3, 4), located_sample(5, 6)};
  samples[1].id = "other";
  const std::string error = error_of([&] { make_batch(samples); });
  EXPECT_THAT(error, testing::AllOf(testing::HasSubstr("\"located\" is {height: 3, width: 4}"),
                                    testing::HasSubstr("\"other\" {height: 5, width: 6}")));
}

TEST(Batch, RefusesALabelOnOnlySome) {
  std::array<Sample, 2> samples = {located_sample(3, 4), located_sample(3, 4)};
  samples[0].label = cv::Mat();
  samples[0].id = "bare";
  EXPECT_THAT(error_of([&] { make_batch(samples); }), testing::HasSubstr("\"bare\" has none"));
}

TEST(Batch, WithoutAnyLabelHasNone) {
  Sample sample = located_sample(3, 4);
  sample.label = cv::Mat();
  EXPECT_FALSE(make_batch({&sample, 1}).labels.defined());
}

}  // namespace
}  // namespace sshost::data
