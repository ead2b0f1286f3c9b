#include "data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.h"
#include "bridge/boundary.h"
#include "data/fake_dataset.h"
#include "temp_folder.h"

namespace sshost::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string open_error(const FakeDataset& fake) {
  try {
    fake.open();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

std::string read_error(const FakeDataset& fake) {
  const auto dataset = fake.open();
  Reader reader(*dataset);
  Random random(1);
  try {
    reader.read(3, random);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// A `read` that gives an image of 12x16 and asks for a label like this.
auto with_label(ss_dtype dtype, int64_t height, int64_t width, int value) {
  return [=](int64_t, const ss_random*, const ss_sample_sink* sink) {
    std::memset(FakeDataset::ask(sink, "image", SS_UINT8, 12, 16, 3), 0, 12 * 16 * 3);
    void* label = FakeDataset::ask(sink, "label", dtype, height, width, 1);
    if (label == nullptr) return static_cast<ss_status>(SS_INVALID_ARGUMENT);
    std::fill_n(static_cast<uint8_t*>(label), height * width, static_cast<uint8_t>(value));
    return static_cast<ss_status>(SS_OK);
  };
}

TEST(Dataset, ReadsClassesAndSamples) {
  FakeDataset fake;
  const auto dataset = fake.open();
  EXPECT_EQ(dataset->size(), 10);
  EXPECT_EQ(dataset->classes(), 3);
  EXPECT_EQ(dataset->info().classes[1].name, "road");
  EXPECT_EQ(dataset->info().ignore_index, 255);
  EXPECT_EQ(dataset->describe(3).id, "sample_3");

  Reader reader(*dataset);
  Random random(1);
  const Sample sample = reader.read(3, random);
  EXPECT_EQ(sample.id, "sample_3");
  EXPECT_EQ(sample.image.type(), CV_8UC3);
  EXPECT_EQ(sample.image.size(), cv::Size(16, 12));
  EXPECT_EQ(sample.label.type(), CV_32S);
  EXPECT_EQ(sample.label.at<int32_t>(0, 1), 1);
}

TEST(Dataset, ClosesItsReaders) {
  FakeDataset fake;
  const auto dataset = fake.open();
  { Reader reader(*dataset); }
  EXPECT_EQ(fake.open_readers, 0);
}

TEST(Dataset, NamesItselfWhereItCannotBeOpened) {
  FakeDataset fake;
  fake.create_status = SS_NOT_FOUND;
  EXPECT_THAT(open_error(fake), AllOf(HasSubstr("dataset fake (/plugins/fake.so)"), HasSubstr("split train"),
                                      HasSubstr("no such folder")));
}

TEST(Dataset, RefusesNoSamplesAndNoClasses) {
  FakeDataset fake;
  fake.ids.clear();
  EXPECT_THAT(open_error(fake), HasSubstr("split train has no samples"));
  FakeDataset classless;
  classless.classes.clear();
  EXPECT_THAT(open_error(classless), HasSubstr("0 classes"));
}

TEST(Dataset, RefusesAnIgnoredLabelThatIsAClass) {
  FakeDataset fake;
  fake.ignore_index = 2;
  EXPECT_THAT(open_error(fake), HasSubstr("the ignored label is 2"));
}

TEST(Dataset, RefusesClassesWithoutANameOfTheirOwn) {
  FakeDataset unnamed;
  unnamed.classes[1].name = {" ", 1};
  EXPECT_THAT(open_error(unnamed),
              AllOf(HasSubstr("data.dataset.classes.1.name: "), HasSubstr("expected a name for class 1, found none")));
  FakeDataset equal;
  equal.classes[2].name = equal.classes[0].name;
  EXPECT_THAT(open_error(equal),
              AllOf(HasSubstr("data.dataset.classes.2.name: "), HasSubstr("expected a name for class 2 of its own"),
                    HasSubstr("which is class 0 too")));
}

TEST(Dataset, RefusesPairsThatDoNotMirrorEachOther) {
  FakeDataset fake;
  fake.classes[1].mirrored = 2;
  EXPECT_THAT(open_error(fake), HasSubstr("class 1 (road) mirrors class 2"));
  fake.classes[1].mirrored = 7;
  EXPECT_THAT(open_error(fake), HasSubstr("class 1 (road) mirrors class 7"));
}

TEST(Dataset, RefusesIdsThatAreTakenOrLeaveTheFolder) {
  FakeDataset fake;
  fake.ids[4] = "sample_1";
  EXPECT_THAT(open_error(fake), AllOf(HasSubstr("sample 4"), HasSubstr("an earlier sample has this id")));
  for (const char* id : {"", "/etc/passwd", "a/../../b", "folder/"}) {
    fake.ids[4] = id;
    EXPECT_THAT(open_error(fake), HasSubstr("the id has to be a file name")) << id;
  }
  fake.ids[4] = "aachen/aachen_000";
  EXPECT_EQ(open_error(fake), "");
}

TEST(Dataset, ABrokenImageNamesPluginSampleAndPath) {
  FakeDataset fake;
  fake.read = [](int64_t, const ss_random*, const ss_sample_sink*) {
    return bridge::fail(SS_IO, "cannot be decoded: unexpected end");
  };
  EXPECT_EQ(read_error(fake),
            "dataset fake (/plugins/fake.so), sample 3 \"sample_3\" (/images/picture.jpg): "
            "cannot be decoded: unexpected end");
}

TEST(Dataset, RefusesAClassNameThatIsNotUtf8) {
  FakeDataset fake;
  const std::string latin1 = "caf\xe9";
  fake.classes[1].name = bridge::to_ss_string(latin1);
  EXPECT_THAT(test::message_of<Error>([&] { fake.open(); }), HasSubstr("the name of class 1 is not UTF-8"));
}

TEST(Dataset, RefusesALabelOfAnotherSize) {
  FakeDataset fake;
  fake.read = with_label(SS_UINT8, 6, 8, 0);
  EXPECT_THAT(
      read_error(fake),
      AllOf(HasSubstr("sample 3 \"sample_3\""),
            HasSubstr("the image is {height: 12, width: 16}, its label /labels/picture.png {height: 6, width: 8}"),
            Not(HasSubstr("EXIF"))));
}

TEST(Dataset, SaysWhyALabelMayLieOtherwiseThanItsImage) {
  FakeDataset fake;
  fake.read = with_label(SS_UINT8, 16, 12, 0);
  EXPECT_THAT(read_error(fake), AllOf(HasSubstr("picture.png {height: 16, width: 12} ("), HasSubstr("EXIF")));
}

TEST(Dataset, RefusesALabelThatIsNoClass) {
  FakeDataset fake;
  fake.read = with_label(SS_UINT8, 12, 16, 3);
  EXPECT_THAT(read_error(fake), AllOf(HasSubstr("/labels/picture.png: 3 at row 0, column 0"), HasSubstr("0..2"),
                                      HasSubstr("ignored label (255)")));
  fake.read = with_label(SS_UINT8, 12, 16, 255);
  EXPECT_EQ(read_error(fake), "");
}

TEST(Dataset, RefusesBuffersOfOtherKinds) {
  FakeDataset fake;
  fake.read = with_label(SS_FLOAT32, 12, 16, 0);
  EXPECT_THAT(read_error(fake), HasSubstr("a label has 1 channel of uint8 or int32"));
  fake.read = [](int64_t, const ss_random*, const ss_sample_sink* sink) {
    return FakeDataset::ask(sink, "image", SS_UINT8, 12, 16, 4) != nullptr ? SS_OK : SS_INVALID_ARGUMENT;
  };
  EXPECT_THAT(read_error(fake), HasSubstr("an image has 3 channels of uint8"));
  fake.read = [](int64_t, const ss_random*, const ss_sample_sink* sink) {
    return FakeDataset::ask(sink, "image", SS_UINT8, int64_t{1} << 40, 16, 3) != nullptr ? SS_OK : SS_INVALID_ARGUMENT;
  };
  EXPECT_THAT(read_error(fake), HasSubstr("every size has to be in 1..65536"));
  fake.read = [](int64_t, const ss_random*, const ss_sample_sink* sink) {
    FakeDataset::ask(sink, "image", SS_UINT8, 12, 16, 3);
    return FakeDataset::ask(sink, "image", SS_UINT8, 12, 16, 3) != nullptr ? SS_OK : SS_INVALID_ARGUMENT;
  };
  EXPECT_THAT(read_error(fake), HasSubstr("asked for twice"));
}

TEST(Dataset, RefusesASampleWithoutAnImage) {
  FakeDataset fake;
  fake.read = [](int64_t, const ss_random*, const ss_sample_sink*) { return static_cast<ss_status>(SS_OK); };
  EXPECT_THAT(read_error(fake), HasSubstr("read gave no image"));
}

TEST(Dataset, HandsOutExtraBuffersThatAreLargeEnough) {
  FakeDataset fake;
  fake.read = [](int64_t, const ss_random*, const ss_sample_sink* sink) {
    std::memset(FakeDataset::ask(sink, "image", SS_UINT8, 12, 16, 3), 7, 12 * 16 * 3);
    std::memset(FakeDataset::ask(sink, "depth", SS_FLOAT32, 12, 16, 1), 7, 12 * 16 * 4);
    return static_cast<ss_status>(SS_OK);
  };
  const auto dataset = fake.open();
  Reader reader(*dataset);
  Random random(1);
  const Sample sample = reader.read(0, random);
  EXPECT_EQ(sample.image.at<cv::Vec3b>(11, 15), cv::Vec3b(7, 7, 7));
  EXPECT_TRUE(sample.label.empty());
}

}  // namespace
}  // namespace sshost::data
