// What the servers of published benchmarks take, as our data sets' plugins lay it out.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "base/error.h"
#include "datasets/support.h"
#include "output/prediction_writer.h"

namespace sshost::output {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<data::Class> named(const std::vector<std::string>& names) {
  std::vector<data::Class> classes;
  for (const std::string& name : names) classes.push_back({name, {}, static_cast<int64_t>(classes.size())});
  return classes;
}

class Submitted : public testing::Test {
 protected:
  // 2 x 3 pixels of three classes, in the layout that a data set of this name offers.
  void write(const std::string& format, const std::string& id, const std::vector<data::Class>& classes) {
    PredictionOptions options{out(), {format}, classes};
    options.submissions = data::submissions_offered_by(format);
    const at::Tensor pixels = at::tensor({0, 1, 2, 2, 1, 0}, at::kLong).view({2, 3});
    PredictionWriter(options).write({id, pixels, {}, {}});
  }
  fs::path out() const { return folder_ / "out"; }
  std::vector<int> numbers(const std::string& name) const {
    const cv::Mat mask = cv::imread((out() / name).string(), cv::IMREAD_UNCHANGED);
    EXPECT_EQ(mask.type(), CV_8UC1) << name;
    return {mask.begin<uint8_t>(), mask.end<uint8_t>()};
  }

  test::TempFolder folder_;
};

TEST_F(Submitted, CityscapesHasLabelIdsByTheClassesNames) {
  for (const char* id : {"berlin/berlin_000000_000019", "berlin_000001_000019_leftImg8bit"}) {
    write("cityscapes", id, named({"sky", "road", "bicycle"}));
  }
  EXPECT_EQ(numbers("cityscapes/berlin_000000_000019_labelIds.png"), (std::vector<int>{23, 7, 33, 33, 7, 23}));
  EXPECT_TRUE(fs::exists(out() / "cityscapes/berlin_000001_000019_labelIds.png"));
}

TEST_F(Submitted, CityscapesRefusesWhatItsServerWouldNotFind) {
  const auto classes = named({"sky", "road", "bicycle"});
  for (const char* id : {"photo", "_000000_000001", "a_00000_000001", "a_000000_0000012", "a_000000x000001",
                         "a_000000_000001_gtFine", "a_b_000000_000001", "a_00000x_000001"}) {
    EXPECT_THAT(message_of<UsageError>([&] { write("cityscapes", id, classes); }),
                HasSubstr("<city>_<sequence>_<frame>"))
        << id;
  }
  EXPECT_THAT(message_of<UsageError>([&] {
                write("cityscapes", "a_000000_000001", named({"sky", "sea", "car"}));
              }),
              HasSubstr("\"sea\""));
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Submitted, Ade20kCountsFromOne) {
  write("ade20k", "ADE_test_00000001", named(std::vector<std::string>(150, "class")));
  EXPECT_EQ(numbers("ade20k/ADE_test_00000001.png"), (std::vector<int>{1, 2, 3, 3, 2, 1}));
  EXPECT_THAT(message_of<UsageError>([&] {
                write("ade20k", "a", named({"a", "b", "c"}));
              }),
              HasSubstr("150 classes of ADE20K, found 3"));
}

// The whole table, class by class, as the benchmark's scripts have it (labels.py: trainId -> id).
TEST_F(Submitted, CityscapesKnowsItsOwnClasses) {
  const auto layouts = data::submissions_offered_by("cityscapes");
  ASSERT_EQ(layouts.size(), 1U);
  EXPECT_EQ(layouts[0].name(), "cityscapes");
  EXPECT_THAT(layouts[0].values(data::dataset_info("cityscapes", "{root: .}", "val").classes),
              ElementsAre(7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33));
}

TEST_F(Submitted, DataSetsWithoutABenchmarkOfferNoLayout) {
  for (const char* type : {"folder", "synthetic", "coco"}) {
    EXPECT_EQ(data::submissions_offered_by(type).size(), 0U) << type;
  }
}

}  // namespace
}  // namespace sshost::output
