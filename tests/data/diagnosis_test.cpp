#include "data/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bridge/boundary.h"
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

// As `folder` has them, or as a data set with a layout of its own.
ss_options_object options_of(const std::string& type) {
  ss_options_object options = config::make_map();
  options.set("root", config::make_string("/d"));
  if (type != "folder") return options;
  options.set("label_map", config::make_map());
  options.set("label_colors", config::make_bool(false));
  options.set("ignore_index", config::make_integer(255));
  return options;
}

const DatasetInfo kThreeClasses = three_classes();

DatasetUse use_of(const std::string& type = "folder", bool skips_broken = false) {
  return {type, options_of(type), skips_broken};
}

std::vector<Finding> of_numbers(const std::vector<int32_t>& numbers, int64_t ignore_index = 255) {
  DatasetInfo info = three_classes();
  info.ignore_index = ignore_index;
  return diagnose(with_numbers(numbers), info, use_of());
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
  EXPECT_EQ(of_numbers({0, 255}, 254).size(), 1U);  // and nothing else, where 255 is not what is ignored
}

TEST(Diagnosis, KnowsLabelsThatCountFrom1) {
  const auto findings = of_numbers({1, 2, 3});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].what, HasSubstr("count from 1"));
  EXPECT_EQ(findings[0].mend, "data: {dataset: {label_map: {1: 0, 2: 1, 3: 2}}}");
  EXPECT_THAT(of_numbers({0, 1, 2, 3})[0].what, AllOf(HasSubstr("number 3"), HasSubstr("unlabelled")));
}

TEST(Diagnosis, SuspectsLabelsThatCountFrom1WhereTheLastNumberIsNotSeen) {
  const auto findings = of_numbers({1, 2, 255});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].what, AllOf(HasSubstr("class 0 sky"), HasSubstr("may count from 1")));
  EXPECT_THAT(findings[0].mend, HasSubstr("label_map: {1: 0, 2: 1, 3: 2}"));
  EXPECT_THAT(of_numbers({1})[0].what, HasSubstr("2 of 3 classes never occur"));
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

// Its numbers are not those of the files, and its lists say which files are of a split: no option of `folder` has both.
TEST(Diagnosis, APublishedDataSetIsToBeCorrectedInItsFiles) {
  Inspection colored;
  colored.samples = 1;
  colored.colored = {"labels/a.png"};
  colored.colors = {"#000000", "#0000ff"};
  for (const Inspection& seen : {colored, with_numbers({0, 1, 2, 7}), with_numbers({0, 1, 2, 7, 9})}) {
    const auto findings = diagnose(seen, kThreeClasses, use_of("cityscapes"));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_THAT(findings[0].mend, AllOf(HasSubstr("correct the files"), HasSubstr("`cityscapes`")));
  }
  for (const Finding& finding : diagnose(with_numbers({0, 255}), kThreeClasses, use_of("cityscapes"))) {
    EXPECT_THAT(finding.what, testing::Not(HasSubstr("masks"))) << "255 is what its table ignores";
  }
}

TEST(Diagnosis, SkippingIsNoMendWhereNothingWouldBeLeft) {
  Inspection seen = with_numbers({0, 1, 2});
  seen.sizes_differ.assign(5, "a.jpg is 4 x 4, a.png 2 x 2");
  EXPECT_EQ(diagnose(seen, kThreeClasses, use_of())[0].mend, "replace the files");
}

TEST(Diagnosis, ABrokenSampleThatIsSkippedIsANote) {
  Inspection seen = with_numbers({0, 1, 2});
  seen.samples = 6;
  seen.broken = {"a.jpg"};
  EXPECT_FALSE(diagnose(seen, kThreeClasses, use_of())[0].is_note);
  EXPECT_TRUE(diagnose(seen, kThreeClasses, use_of("folder", true))[0].is_note);
  seen.read = 0;
  seen.labels.clear();
  EXPECT_FALSE(diagnose(seen, kThreeClasses, use_of("folder", true))[0].is_note) << "nothing is left";
}

TEST(Diagnosis, NamesClassesThatNeverOccurInAWholeSplit) {
  const auto findings = of_numbers({0, 1});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].places, testing::ElementsAre("2 car"));
  EXPECT_TRUE(findings[0].is_note) << "it may well be so";
  Inspection part = with_numbers({0, 1});
  part.samples = 50;
  EXPECT_TRUE(diagnose(part, kThreeClasses, use_of()).empty());
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
  const Inspection seen = inspect(*dataset, {}, [&](int64_t, int64_t of) { told += of == 10; });
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
  EXPECT_EQ(diagnose(seen, dataset->info(), use_of()).size(), 3U);
}

TEST(Inspection, StopsAtItsLimit) {
  FakeDataset fake;
  const auto dataset = fake.open();
  EXPECT_EQ(inspect(*dataset, {4}, [](int64_t, int64_t) {}).read, 4);
  EXPECT_EQ(fake.reads, 4);
}

}  // namespace
}  // namespace sshost::data
