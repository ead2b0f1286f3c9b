#include "data/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bridge/boundary.h"
#include "data/fake_dataset.h"
#include "data/value_counts.h"

namespace sshost::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;

DatasetInfo three_classes() { return {{{"sky", {}, 0}, {"road", {}, 1}, {"car", {}, 2}}, 255}; }

Inspection with_numbers(const std::vector<int32_t>& numbers) {
  Inspection seen;
  seen.samples = seen.read = 5;
  for (const int32_t number : numbers) {
    seen.labels[number] = {100, 2, 60};
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
  options.set("label_tolerance", ss_options_object{});
  options.set("label_size", config::make_string("stop"));
  std::vector<ss_options_object> classes;
  for (const char* name : {"sky", "road", "car"}) {
    classes.push_back(config::make_map());
    classes.back().set("name", config::make_string(name));
    classes.back().set("color", ss_options_object{});
  }
  options.set("classes", config::make_list(classes));
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
  EXPECT_THAT(of_numbers({1})[0].what, HasSubstr("of 3 classes one alone occurs, \"road\""));
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
  colored.colors = {{0x000000, {9, 4}}, {0x0000ff, {9, 4}}};
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
  seen.sizes_differ.assign(5, "a.jpg is {height: 4, width: 4}, a.png {height: 2, width: 2}");
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

TEST(Diagnosis, SkippingIsNoMendWhereItLeavesOutMany) {
  Inspection seen = with_numbers({0, 1, 2});
  seen.samples = 8;
  seen.broken = {"a.jpg", "b.jpg", "c.jpg"};
  for (const bool skips : {false, true}) {
    const Finding finding = diagnose(seen, kThreeClasses, use_of("folder", skips))[0];
    EXPECT_FALSE(finding.is_note);
    EXPECT_THAT(finding.mend, AllOf(HasSubstr("3 of 8"), testing::Not(HasSubstr("on_broken_sample: skip"))));
  }
}

TEST(Diagnosis, LabelsInAnotherSizeMayBeResizedWhereTheyHaveTheShape) {
  Inspection seen = with_numbers({0, 1, 2});
  seen.sizes_differ.assign(4, "a.jpg is {height: 4, width: 4}, a.png {height: 2, width: 2}");
  seen.scaled = 4;
  EXPECT_THAT(diagnose(seen, kThreeClasses, use_of())[0].mend, HasSubstr("{label_size: resize}"));
  seen.scaled = 3;
  EXPECT_THAT(diagnose(seen, kThreeClasses, use_of())[0].mend, testing::Not(HasSubstr("label_size")));
}

// 0 and 255 with what JPEG, or a soft edge, puts around and between them.
Inspection smeared() {
  Inspection seen = with_numbers({});
  for (const auto& [number, tally] : NumberCounts{{0, {500, 400}},
                                                  {1, {30, 2}},
                                                  {3, {9, 0}},
                                                  {90, {40, 0}},
                                                  {130, {3, 0}},
                                                  {170, {2, 0}},
                                                  {200, {3, 0}},
                                                  {240, {4, 0}},
                                                  {253, {12, 0}},
                                                  {254, {40, 3}},
                                                  {255, {300, 200}}}) {
    seen.labels[number] = {tally.pixels, 2, tally.solid};
    seen.example[number] = "labels/a.png";
  }
  return seen;
}

TEST(Diagnosis, KnowsMasksWithSoftEdges) {
  const auto findings = diagnose(smeared(), kThreeClasses, use_of());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].what, AllOf(HasSubstr("near 0 and 255"), HasSubstr("edges are soft")));
  EXPECT_THAT(findings[0].mend, HasSubstr("{label_map: {0: 0, 255: 1}, label_tolerance: 128}"));
}

TEST(Diagnosis, KnowsMasksThatAreStoredAsJpeg) {
  Inspection seen = smeared();
  seen.lossy = {"labels/a.jpg"};
  EXPECT_THAT(diagnose(seen, kThreeClasses, use_of())[0].what, HasSubstr("stored as JPEG"));
}

TEST(Diagnosis, NumbersOfClassesThatJpegBlurredCannotBeToldApart) {
  Inspection seen = with_numbers({0, 1, 2, 3, 4});
  seen.lossy = {"labels/a.jpg"};
  const auto findings = diagnose(seen, kThreeClasses, use_of());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].what, HasSubstr("stored as JPEG"));
  EXPECT_THAT(findings[0].mend, HasSubstr("store the labels as PNG"));
}

TEST(Diagnosis, SaysThatNothingCanBeLearnt) {
  EXPECT_THAT(of_numbers({255})[0].what, HasSubstr("every pixel is ignored"));
  const DatasetInfo one{{{"cell", {}, 0}}, 255};
  EXPECT_THAT(diagnose(with_numbers({0}), one, use_of())[0].what, HasSubstr("one class alone, \"cell\""));
  EXPECT_TRUE(diagnose(with_numbers({1}), kThreeClasses, use_of(), false)[0].is_note) << "of a split that is scored";
  for (const Finding& finding : of_numbers({255})) EXPECT_FALSE(finding.is_note);
}

TEST(Diagnosis, MoreIgnoredPixelsThanInAnyPublishedDataSetAreToBeLookedAt) {
  Inspection seen = with_numbers({0, 1, 2});
  seen.labels[255] = {301, 2, 200};
  const auto findings = diagnose(seen, kThreeClasses, use_of());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].what, HasSubstr("50.1 % of all pixels are ignored"));
  seen.labels[255] = {299, 2, 200};
  EXPECT_TRUE(diagnose(seen, kThreeClasses, use_of()).empty());
}

TEST(Diagnosis, ATreatmentThatDoesNotMendIsNotProposed) {
  auto findings = of_numbers({0, 255});
  try_treatments(findings, [](const ss_options_object& options) {
    EXPECT_EQ(options.at("label_map").at("255").integer, 1);
    return std::vector<Finding>{{Illness::kIgnored, "everything is ignored"}};
  });
  EXPECT_THAT(findings[0].mend, AllOf(HasSubstr("correct the labels' files"), testing::Not(HasSubstr("label_map"))));
  findings = of_numbers({0, 255});
  try_treatments(findings, [](const ss_options_object&) { return std::vector<Finding>{}; });
  EXPECT_THAT(findings[0].mend, HasSubstr("label_map: {0: 0, 255: 1}"));
}

TEST(TrueValues, OfLabelsWithoutNoiseAreAllOfThem) {
  NumberCounts voc{{255, {50, 0}}};
  for (int32_t number = 0; number <= 20; ++number) voc[number] = number == 0 ? Tally{730, 700} : Tally{11, 5};
  EXPECT_FALSE(true_numbers(voc, false).is_smeared);
  EXPECT_EQ(true_numbers(voc, false).values.size(), 22U);
  EXPECT_EQ(true_numbers({{7, {5, 3}}, {9, {5, 3}}}, false).values.size(), 2U);
}

TEST(TrueValues, OfAPhotographAreNotClear) {
  ColorCounts colors;
  for (uint32_t i = 0; i < 5000; ++i) colors[i * 2654435761U & 0xffffffU] = {1 + i % 3, i % 50 == 0};
  EXPECT_FALSE(true_colors(colors, {}, false).is_clear);
}

TEST(TrueValues, ColoursSnapToTheClassesOwn) {
  const ColorCounts colors{
      {0x010000, {500, 400}}, {0x020101, {40, 1}}, {0xfd0102, {300, 200}}, {0xfc0000, {30, 2}}, {0x7f0000, {35, 0}}};
  const TrueValues found = true_colors(colors, {0x000000, 0xff0000}, true);
  EXPECT_THAT(color_texts(found), testing::ElementsAre("#000000", "#ff0000"));
  EXPECT_EQ(found.tolerance, 128);
}

// A class may be rare, an edge common: only the first has pixels that are surrounded by their like.
TEST(TrueValues, EdgesAreNoValuesHoweverManyPixelsTheyHave) {
  cv::Mat label(40, 40, CV_32S, cv::Scalar(0));
  label(cv::Rect(10, 10, 12, 12)).setTo(128);
  label(cv::Rect(11, 11, 10, 10)).setTo(255);
  label(cv::Rect(30, 30, 7, 7)).setTo(60);
  NumberCounts counts;
  count_numbers(label, counts);
  const TrueValues found = true_numbers(counts, true);
  ASSERT_EQ(found.values.size(), 3U);
  EXPECT_EQ(found.values[1][0], 60);
  EXPECT_EQ(found.values[2][0], 255);
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
  EXPECT_THAT(seen.sizes_differ[0],
              AllOf(HasSubstr("picture.jpg is {height: 4, width: 4}"), HasSubstr("picture.png {height: 2, width: 2}")));
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

TEST(Diagnosis, MakesNoClassOfWhatIsMostlyIgnored) {
  Inspection seen = with_numbers({0, 2, 255});
  seen.labels[255].pixels = 10000;
  const auto findings = diagnose(seen, kThreeClasses, use_of());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].illness, Illness::kIgnored);
  EXPECT_TRUE(findings[0].treatments.empty());
  EXPECT_THAT(findings[0].mend, testing::Not(HasSubstr("label_map:")));
}

}  // namespace
}  // namespace sshost::data
