// The inputs of ../shared/cases that no other test takes: what people's files make of them (README.md there).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
data:
  dataset:
    type: folder
    root: .
    images: "images/{split}/*"
    labels: "labels/{split}/*"
    classes: [{name: a, color: "#000000"}, {name: b, color: "#ff0000"}, {name: c, color: "#00ff00"}]
  train: {transforms: [{type: normalize}]}
  workers: 0
model: {backbone: {type: "null"}, head: {type: fcn, channels: 4, convolutions: 1, dropout: 0}}
train: {steps: 2, batch_size: 2}
evaluate: {report_images: 0, boundary_ratio: 0}
)";

class Cases : public PipelineFolder {
 protected:
  Cases() : PipelineFolder(kPipeline, kNullLibraries) {}
  void SetUp() override {
    if (!fs::exists(cases())) GTEST_SKIP() << "no " << cases();
  }

  static fs::path cases() { return fs::path(SSHOST_SHARED_DIR) / "cases"; }

  // `command` with the case's folder as root, and these settings.
  Outcome with(std::vector<std::string> command, const std::string& name,
               const std::vector<std::string>& more = {}) const {
    command.insert(command.end(), {"p.yaml", "--set", "data.dataset.root=" + (cases() / name).string()});
    for (const std::string& setting : more) command.insert(command.end(), {"--set", setting});
    return run(command);
  }
};

TEST_F(Cases, AsTheyShouldBeAreTrainedWithWithoutAWarning) {
  const Outcome doctor = with({"data", "doctor"}, "base");
  EXPECT_EQ(doctor.exit_code, 0) << doctor.out;
  EXPECT_THAT(doctor.out, HasSubstr("split train: 6 of 6 samples read, nothing wrong"));
  const Outcome trained = with({"run"}, "base");
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(trained.err + trained.out, Not(HasSubstr("warning")));
}

TEST_F(Cases, MasksInJpegGetAMapOfTheirTrueNumbersThatTheDoctorAccepts) {
  const std::string classes = "data.dataset.classes=[background, object]";
  const Outcome doctor = with({"data", "doctor"}, "l7c", {classes});
  EXPECT_EQ(doctor.exit_code, 1);
  EXPECT_THAT(doctor.out, HasSubstr("mend: data: {dataset: {label_map: {0: 0, 255: 1}, label_tolerance: 128}}"));
  const Outcome mended = with({"data", "doctor"}, "l7c",
                              {classes, "data.dataset.label_map={0: 0, 255: 1}", "data.dataset.label_tolerance=128"});
  EXPECT_EQ(mended.exit_code, 0) << mended.out;
  EXPECT_THAT(mended.out, Not(HasSubstr("(ignored)")));
}

TEST_F(Cases, ColorsInJpegAreIgnoredAlmostAllAndToldSo) {
  const std::string colors = "data.dataset.label_colors=true";
  const Outcome doctor = with({"data", "doctor"}, "coljpg", {colors});
  EXPECT_EQ(doctor.exit_code, 1);
  EXPECT_THAT(doctor.out, AllOf(HasSubstr("97.1 % of all pixels are ignored"), HasSubstr("label_tolerance: ")));
  EXPECT_THAT(with({"validate"}, "coljpg", {colors}).err + with({"validate"}, "coljpg", {colors}).out,
              HasSubstr("97.1 % of all pixels are ignored"));
  EXPECT_THAT(with({"run"}, "coljpg", {colors}).out, HasSubstr("hold colours that no class has"));
  const Outcome mended = with({"data", "doctor"}, "coljpg", {colors, "data.dataset.label_tolerance=128"});
  EXPECT_THAT(mended.out, Not(HasSubstr("are ignored, more than")));
  EXPECT_THAT(mended.out, Not(HasSubstr("warning: folder"))) << "edges between colours that are far apart";
}

TEST_F(Cases, APaletteOfGreysInBmpIsAPaletteWhoseNumbersAreTheClasses) {
  const Outcome doctor = with({"data", "doctor"}, "l17_bmpgraypal");
  EXPECT_EQ(doctor.exit_code, 0) << doctor.out;
  EXPECT_EQ(doctor.out, with({"data", "doctor"}, "base").out) << "the same labels as PNG";
}

TEST_F(Cases, EndingsOfAllKindsPairAndWhatAPatternLeavesOutIsSaid) {
  const Outcome all = with({"data", "doctor"}, "mixed");
  EXPECT_THAT(all.out, AllOf(HasSubstr("split train: 4 of 4 samples read, nothing wrong"),
                             HasSubstr("split val: 2 of 2 samples read")));
  const Outcome jpg = with({"data", "doctor"}, "mixed", {"data.dataset.images=images/{split}/*.jpg"});
  EXPECT_EQ(jpg.exit_code, 1);
  EXPECT_THAT(jpg.out, AllOf(HasSubstr("2 images that no pattern matches"), HasSubstr("2 of 4 labels")));
}

// A crop falls on nothing but ignored pixels almost everywhere: what is told is how little there is, and no map of it.
TEST_F(Cases, LabelsInOneCornerGetNoMapThatMakesAClassOfWhatIsIgnored) {
  const Outcome doctor = with({"data", "doctor"}, "corner");
  EXPECT_EQ(doctor.exit_code, 1);
  EXPECT_THAT(doctor.out, AllOf(HasSubstr("99.1 % of all pixels are ignored"), Not(HasSubstr("label_map"))));
}

TEST_F(Cases, FilesThatAMacLeftBesideAPhotographArePassedOver) {
  ASSERT_EQ(with({"run"}, "base").exit_code, 0);
  const Outcome outcome = run({"predict", (cases() / "mac").string(), "--checkpoint", "run", "--output", "out"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("1 prediction in out"), HasSubstr("2 hidden"), HasSubstr("Thumbs.db")));
}

TEST_F(Cases, LinkedFoldersArePredictedAndABrokenLinkIsSaid) {
  ASSERT_EQ(with({"run"}, "base").exit_code, 0);
  fs::create_directories(file("photos"));
  fs::copy_file(cases() / "nested/photos/c.png", file("photos/c.png"));
  fs::create_directory_symlink(cases() / "nested/real", file("photos/linkdir"));
  fs::create_symlink("nowhere.png", file("photos/broken.png"));
  const Outcome outcome = run({"predict", "photos", "--checkpoint", "run", "--output", "out"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("3 predictions in out"), HasSubstr("1 links that lead nowhere")));
}

TEST_F(Cases, ListsAreReadHoweverAnEditorLeftThem) {
  const fs::path voc = fs::path(SSHOST_SHARED_DIR) / "data/voc2012";
  if (!fs::exists(voc)) GTEST_SKIP() << "no " << voc;
  fs::create_directories(file("V"));
  fs::create_directory_symlink(cases() / "voc/ImageSets", file("V/ImageSets"));
  for (const char* folder : {"JPEGImages", "SegmentationClass"}) {
    fs::create_directory_symlink(voc / folder, file("V") / folder);
  }
  const auto validate = [&](const std::string& list) {
    const Outcome outcome =
        run({"validate", "p.yaml", "--set", "data.dataset={type: voc, root: V}", "--set", "data.train.split=" + list,
             "--set", "data.evaluate.split=" + list, "--set", "train.batch_size=1"});
    return outcome.err + outcome.out;
  };
  for (const char* list : {"bom", "comment", "cr", "crlf", "ext", "noeol"}) {
    EXPECT_THAT(validate(list), AllOf(HasSubstr("is valid"), Not(HasSubstr("cannot be opened")))) << list;
  }
  EXPECT_THAT(validate("dup"), HasSubstr("dup.txt:2: \"2007_006171\" is named twice"));
  EXPECT_THAT(validate("missing"), HasSubstr("missing.txt:1: 2007_999999 has no image"));
  EXPECT_THAT(validate("utf16"), HasSubstr("is stored as UTF-16"));
  EXPECT_THAT(validate("empty"), HasSubstr("has no samples"));
}

}  // namespace
}  // namespace sshost::cli
