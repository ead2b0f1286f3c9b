#include "data/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bridge/error.h"
#include "data/fake_dataset.h"

namespace sshost::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;

DatasetInfo three_classes() { return {{{"sky", {}, 0}, {"road", {}, 1}, {"car", {}, 2}}, 255}; }

Inspection with_numbers(const std::vector<int32_t>& numbers) {
  Inspection seen;
  seen.samples = seen.read = 5;
  for (const int32_t number : numbers) {
    seen.labels[number] = {100, 2};
    seen.example[number] = "labels/a.png";
  }
  return seen;
}

std::vector<Finding> of_numbers(const std::vector<int32_t>& numbers) {
  return diagnose(with_numbers(numbers), three_classes(), true);
}

TEST(Diagnosis, FindsNothingInAHealthySplit) {
  EXPECT_TRUE(of_numbers({0, 1, 2, 255}).empty());
  EXPECT_TRUE(of_numbers({0, 1, 2}).empty());
}

TEST(Diagnosis, KnowsMasksOf0And255) {
  const auto findings = of_numbers({0, 255});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].what, HasSubstr("masks"));
  EXPECT_EQ(findings[0].mend, "data: {dataset: {label_map: {0: 0, 255: 1}}}");
}

TEST(Diagnosis, KnowsLabelsThatCountFrom1) {
  const auto findings = of_numbers({1, 2, 3});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].what, HasSubstr("count from 1"));
  EXPECT_EQ(findings[0].mend, "data: {dataset: {label_map: {1: 0, 2: 1, 3: 2}}}");
  EXPECT_THAT(of_numbers({0, 1, 2, 3})[0].what, AllOf(HasSubstr("number 3"), HasSubstr("unlabelled")));
}

TEST(Diagnosis, NamesNumbersThatAreNoClass) {
  const auto findings = of_numbers({0, 1, 2, 7, 9});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].what, AllOf(HasSubstr("2 numbers"), HasSubstr("0..2"), HasSubstr("255")));
  EXPECT_THAT(findings[0].places, testing::ElementsAre("7: 100 pixels in 2 labels, such as labels/a.png",
                                                       "9: 100 pixels in 2 labels, such as labels/a.png"));
  EXPECT_THAT(findings[0].mend, HasSubstr("label_map: {0: 0, 1: 1, 2: 2}"));
  EXPECT_THAT(of_numbers({0, 1, 2, 77})[0].mend, HasSubstr("ignore_index: 77"));
}

TEST(Diagnosis, SaysSoWhereTheDataSetHasNoLabelMap) {
  const auto findings = diagnose(with_numbers({0, 255}), three_classes(), false);
  EXPECT_THAT(findings[0].mend, HasSubstr("type: folder"));
}

TEST(Diagnosis, NamesClassesThatNeverOccurInAWholeSplit) {
  const auto findings = of_numbers({0, 1});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].places, testing::ElementsAre("2 car"));
  Inspection part = with_numbers({0, 1});
  part.samples = 50;
  EXPECT_TRUE(diagnose(part, three_classes(), true).empty());
}

// Sample 1 is broken, 2 has a smaller label, 3 has no label, the others are healthy.
ss_status various(int64_t index, const ss_random*, const ss_sample_sink* sink) {
  if (index == 1) return bridge::fail(SS_IO, "ends too early");
  std::fill_n(static_cast<uint8_t*>(FakeDataset::ask(sink, "image", SS_UINT8, 4, 4, 3)), 48, uint8_t{9});
  if (index == 3) return SS_OK;
  const int64_t size = index == 2 ? 2 : 4;
  auto* label = static_cast<uint8_t*>(FakeDataset::ask(sink, "label", SS_UINT8, size, size, 1));
  for (int64_t i = 0; i < size * size; ++i) label[i] = static_cast<uint8_t>(i % 3);
  return SS_OK;
}

TEST(Inspection, LooksAtEverySample) {
  FakeDataset fake;
  fake.read = various;
  const auto dataset = fake.open();
  int64_t told = 0;
  const Inspection seen = inspect(*dataset, 0, [&](int64_t, int64_t of) { told += of == 10; });
  EXPECT_EQ(told, 10);
  EXPECT_EQ(seen.samples, 10);
  EXPECT_EQ(seen.read, 9);
  EXPECT_EQ(seen.unlabelled, 1);
  ASSERT_EQ(seen.broken.size(), 1U);
  EXPECT_THAT(seen.broken[0], AllOf(HasSubstr("sample 1"), HasSubstr("ends too early")));
  ASSERT_EQ(seen.sizes_differ.size(), 1U);
  EXPECT_THAT(seen.sizes_differ[0], AllOf(HasSubstr("picture.jpg is 4 x 4"), HasSubstr("picture.png 2 x 2")));
  EXPECT_EQ(seen.labels.at(0).pixels, 7 * 6 + 2);
  EXPECT_EQ(seen.labels.at(0).images, 8);
  EXPECT_EQ(diagnose(seen, dataset->info(), true).size(), 3U);
}

TEST(Inspection, StopsAtItsLimit) {
  FakeDataset fake;
  const auto dataset = fake.open();
  EXPECT_EQ(inspect(*dataset, 4, [](int64_t, int64_t) {}).read, 4);
  EXPECT_EQ(fake.reads, 4);
}

}  // namespace
}  // namespace sshost::data
