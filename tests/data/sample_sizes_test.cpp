#include "data/sample_sizes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/fake_dataset.h"
#include "data/pad.h"
#include "data/random_crop.h"
#include "data/random_flip.h"
#include "data/resize.h"

namespace sshost::data {
namespace {

using testing::HasSubstr;

const std::vector<SampleSize> kMixed = {{"lying", {640, 480}}, {"standing", {480, 640}}, {"large", {3000, 2000}}};

template <class... Transforms>
TransformList list_of(Transforms... transforms) {
  TransformList list;
  (list.push_back(std::make_unique<Transforms>(std::move(transforms))), ...);
  return list;
}

Resize random_scale() { return Resize({{2048, 512}, true, std::pair{0.5, 2.0}}); }
RandomCrop crop(int side) { return RandomCrop({{side, side}, 0.75, 3}); }

std::string reason(const TransformList& transforms, std::span<const SampleSize> samples = kMixed) {
  return reason_against_batches(transforms, samples).value_or("");
}

TEST(SampleSizes, ThatDifferDoNotFitIntoOneBatch) {
  EXPECT_THAT(reason({}), HasSubstr("\"lying\" of {height: 480, width: 640} becomes {height: 480, width: 640}, "
                                    "\"standing\" of {height: 640, width: 480} becomes {height: 640, width: 480}"));
  EXPECT_NE(reason(list_of(RandomFlip({}))), "");
  EXPECT_EQ(reason({}, std::span(kMixed).first(1)), "");
  EXPECT_EQ(reason({}, {}), "");
}

TEST(SampleSizes, ARandomScaleAloneGivesAnySize) {
  EXPECT_THAT(reason(list_of(random_scale()), std::span(kMixed).first(1)),
              HasSubstr("\"lying\" of {height: 480, width: 640} becomes {height: 256, width: 341} to {height: 1024, "
                        "width: 1365}, as is drawn"));
}

TEST(SampleSizes, ACropFitsWhereEveryImageIsLargeEnough) {
  EXPECT_EQ(reason(list_of(crop(480))), "");
  EXPECT_EQ(reason(list_of(random_scale(), crop(256))), "");
  EXPECT_THAT(reason(list_of(random_scale(), crop(300))),
              HasSubstr("becomes {height: 256, width: 300} to {height: 300, width: 300}"));
}

TEST(SampleSizes, PaddingAndAFixedSizeFitAlways) {
  EXPECT_EQ(reason(list_of(random_scale(), crop(512), Pad({{512, 512}, 255}))), "");
  EXPECT_EQ(reason(list_of(Pad({{640, 320}, 255}))), "");
  EXPECT_EQ(reason(list_of(Resize({{64, 32}, false, std::nullopt}))), "");
  EXPECT_NE(reason(list_of(Resize({{64, 32}, true, std::nullopt}))), "");
}

TEST(SampleSizes, AreThoseOfSamplesSpreadOverTheSplit) {
  const FakeDataset fake;
  const auto dataset = fake.open();
  const std::vector<SampleSize> some = sample_sizes(*dataset, 5);
  ASSERT_EQ(some.size(), 5U);
  EXPECT_EQ(some[1].id, "sample_2");
  EXPECT_EQ(some[1].size, cv::Size(16, 12));
  EXPECT_EQ(sample_sizes(*dataset, 100).size(), 10U);
}

}  // namespace
}  // namespace sshost::data
