// What each published data set knows without its files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "datasets/support.h"

namespace sshost::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Published {
  std::string type;
  std::string options;
  size_t classes;
  std::string first;
  std::string last;
};

void PrintTo(const Published& published, std::ostream* out) { *out << published.type << published.options; }

class PublishedClasses : public testing::TestWithParam<Published> {
 protected:
  std::string yaml() const { return "{root: /no/such/folder" + GetParam().options + "}"; }
};

TEST_P(PublishedClasses, AreKnownWithoutFiles) {
  const DatasetInfo info = dataset_info(GetParam().type, yaml(), "train");
  EXPECT_EQ(info.classes.size(), GetParam().classes);
  EXPECT_EQ(info.classes.front().name, GetParam().first);
  EXPECT_EQ(info.classes.back().name, GetParam().last);
  EXPECT_EQ(info.ignore_index, 255);
  std::set<std::string> names;
  for (const Class& each : info.classes) names.insert(each.name);
  EXPECT_EQ(names.size(), GetParam().classes) << "a name occurs twice";
}

TEST_P(PublishedClasses, OpeningThemSaysWhatIsMissing) {
  EXPECT_THAT(dataset_error(GetParam().type, yaml(), "train"),
              AllOf(HasSubstr("dataset " + GetParam().type), HasSubstr("split train"), HasSubstr("/no/such/folder")));
}

INSTANTIATE_TEST_SUITE_P(DataSets, PublishedClasses,
                         testing::Values(Published{"ade20k", "", 150, "wall", "flag"},
                                         Published{"cityscapes", "", 19, "road", "bicycle"},
                                         Published{"cocostuff10k", "", 182, "person", "wood"},
                                         Published{"cocostuff10k", ", classes: 171", 171, "person", "wood"},
                                         Published{"lip", "", 20, "background", "right shoe"},
                                         Published{"pascal_context", "", 60, "background", "wood"},
                                         Published{"pascal_context", ", classes: 59", 59, "aeroplane", "wood"},
                                         Published{"voc", "", 21, "background", "tvmonitor"},
                                         Published{"vspw", "", 124, "wall", "train"}));

TEST(Classes, OfLipMirrorArmsLegsAndShoes) {
  const DatasetInfo info = dataset_info("lip", "root: .", "train");
  for (int64_t index = 0; index < 20; ++index) {
    const int64_t other = index < 14 ? index : index % 2 == 0 ? index + 1 : index - 1;
    EXPECT_EQ(info.classes[index].mirrored, other) << info.classes[index].name;
  }
}

TEST(Classes, OfVocHaveItsPalette) {
  const DatasetInfo info = dataset_info("voc", "root: .", "train");
  using Color = std::array<uint8_t, 3>;
  EXPECT_EQ(info.classes[0].color, (Color{0, 0, 0}));
  EXPECT_EQ(info.classes[1].color, (Color{128, 0, 0}));
  EXPECT_EQ(info.classes[15].color, (Color{192, 128, 128}));  // person
  EXPECT_EQ(info.classes[20].color, (Color{0, 64, 128}));
}

TEST(Classes, AnUnknownSplitIsRefusedByName) {
  for (const char* type : {"ade20k", "cityscapes", "cocostuff10k", "lip", "vspw"}) {
    EXPECT_THAT(dataset_error(type, "root: .", "validation"), AllOf(HasSubstr("\"validation\""), HasSubstr("train")));
  }
}

}  // namespace
}  // namespace sshost::data
