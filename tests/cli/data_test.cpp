// `sshost data doctor` and `sshost data preview`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "bridge/png_file.h"
#include "cli/pipeline_folder.h"
#include "image/bmp_file.h"
#include "image/exif_data.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train]
data:
  dataset: {type: folder, root: ., classes: [{name: ground}, {name: thing}]}
  train: {transforms: [{type: random_crop, size: [16, 16]}, {type: photometric_distortion}, {type: normalize}]}
  evaluate: {split: train}
model: {backbone: {type: "null"}, head: {type: "null"}}
train: {steps: 1}
)";

class Data : public PipelineFolder {
 protected:
  Data() : PipelineFolder(kPipeline, kNullLibraries) {
    fs::create_directories(folder_ / "images/train");
    fs::create_directories(folder_ / "labels/train");
    for (const char* name : {"a", "b", "c"}) add(name, 1);
  }
  // An image of 32 x 24; the lower half of its label is `number`, the rest 0.
  void add(const std::string& name, int number) const {
    cv::imwrite((folder_ / ("images/train/" + name + ".jpg")).string(),
                cv::Mat(24, 32, CV_8UC3, cv::Scalar(90, 120, 150)));
    cv::Mat label(24, 32, CV_8U, cv::Scalar(0));
    label.rowRange(12, 24).setTo(number);
    cv::imwrite((folder_ / ("labels/train/" + name + ".png")).string(), label);
  }
};

TEST_F(Data, TheDoctorPassesAHealthySplitWithItsHistogram) {
  const Outcome outcome = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("split train: 3 of 3 samples read, nothing wrong"),
                                 HasSubstr("50.00 %        3  thing")));
}

TEST_F(Data, NumbersThatTheMapLeavesOutAreTold) {
  add("d", 7);
  const Outcome outcome = run({"data", "doctor", "p.yaml", "--set", "data.dataset.label_map={0: 0, 1: 1}"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("1 numbers in the files stand in no entry of label_map"),
                                 HasSubstr("7: 384 pixels in 1 labels"), Not(HasSubstr("nothing wrong"))));
}

TEST_F(Data, PalettesThatChangeFromFileToFileAreNoClasses) {
  const auto write_label = [&](const std::string& name, const std::vector<png_color>& palette, uint8_t upper) {
    bridge::testing::PngFile label{.width = 32, .height = 24, .palette = palette};
    label.rows.assign(size_t{32} * 12, upper);
    label.rows.resize(size_t{32} * 24, static_cast<uint8_t>(1 - upper));
    bridge::testing::write_png(file("labels/train/" + name + ".png"), label);
  };
  const png_color black{0, 0, 0}, red{200, 0, 0}, blue{0, 0, 200};
  write_label("a", {black, red}, 0);
  write_label("b", {red, black}, 1);
  write_label("c", {black, red}, 0);
  Outcome outcome = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("palettes of the labels differ"), HasSubstr("0 is #000000 in "),
                                 HasSubstr("labels/train/b.png"), HasSubstr("label_colors: true")));
  write_label("b", {black, blue}, 0);
  outcome = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("  - the palettes of the labels differ"), HasSubstr("1 is ")));
}

TEST_F(Data, ImagesThatUseLittleOfTheirSixteenBitsAreTold) {
  const std::vector<std::string> doctor{"data", "doctor", "p.yaml", "--set",
                                        "data.dataset.images=images/{split}/*.png"};
  for (const std::string name : {"a", "b", "c"}) {
    fs::remove(file("images/train/" + name + ".jpg"));
    cv::imwrite(file("images/train/" + name + ".png").string(), cv::Mat(24, 32, CV_16UC3, cv::Scalar::all(4095)));
  }
  const Outcome outcome = run(doctor);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("3 images of 16 bits hold no value above 4095"),
                                 HasSubstr("multiply their values by 16"), HasSubstr("images/train/a.png")));
  for (const std::string name : {"a", "b", "c"}) {
    cv::imwrite(file("images/train/" + name + ".png").string(), cv::Mat(24, 32, CV_16UC3, cv::Scalar::all(60000)));
  }
  EXPECT_EQ(run(doctor).exit_code, 0);
}

TEST_F(Data, WhatIsWrongWithTheClassesIsToldWithItsPlace) {
  const std::string before = "run: [evaluate]\ndata:\n  dataset:\n    type: folder\n    root: .\n",
                    after = "model: {backbone: {type: \"null\"}, head: {type: \"null\"}}\n";
  const auto errors = [&](const std::string& dataset) {
    test::write_bytes(file("c.yaml"), before + dataset + after);
    std::string all;
    for (const char* command : {"validate", "plan"}) all += run({command, "c.yaml"}).err;
    return all + run({"data", "doctor", "c.yaml"}).err;
  };
  const auto thrice = [](const std::string& text) { return testing::ContainsRegex("(" + text + "(.|\n)*){3}"); };
  EXPECT_THAT(errors("    classes: [{name: a}, {name: b}, {name: a}]\n"),
              AllOf(thrice("c.yaml:6:44: data.dataset.classes.2.name: "), HasSubstr("\"a\", which is class 0 too")));
  EXPECT_THAT(errors("    classes:\n    - name: a\n    - name: \"\"\n"),
              AllOf(thrice("c.yaml:8:13: data.dataset.classes.1.name: "), HasSubstr("found none")));
  EXPECT_THAT(errors("    classes: [{name: a}, {name: b}]\n    ignore_index: 0\n"),
              AllOf(thrice("c.yaml:7:19: data.dataset.ignore_index: "), HasSubstr("which is class \"a\""),
                    HasSubstr("label_map")));
  EXPECT_THAT(errors("    classes:\n    - name: a\n      color: #ff0000\n    - name: b\n"),
              thrice("c.yaml:8:7: data.dataset.classes.0.color: expected text, found nothing, since YAML takes "
                     "#ff0000"));
  EXPECT_THAT(errors("    classes: [{name: a}, {name: b}]\n    images: {split}/*.jpg\n"),
              thrice("c.yaml:7:13: not valid YAML: \"[{]\" begins a map"));
}

// What the doctor prints behind the first "mend:", as YAML.
std::string mend_of(const std::string& out) {
  const std::string mark = "    mend:", deeper = "      ";
  std::istringstream lines(out);
  std::string line;
  while (std::getline(lines, line) && !line.starts_with(mark)) {
  }
  if (line.size() > mark.size()) return line.substr(mark.size() + 1) + "\n";
  std::string yaml;
  while (std::getline(lines, line) && line.starts_with(deeper)) yaml += line.substr(deeper.size()) + "\n";
  return yaml;
}

// Something that is wrong with the data, and what the doctor calls it.
struct Illness {
  const char* name;
  const char* what;
  void (*cause)(const fs::path& folder);
  bool is_cured;  // by one line, so that nothing else is left to do
  const char* dataset = "{type: folder, root: ., classes: [{name: ground}, {name: thing}]}";
};

std::ostream& operator<<(std::ostream& out, const Illness& illness) { return out << illness.name; }

void write_label(const fs::path& folder, const std::string& name, const cv::Mat& label) {
  cv::imwrite((folder / "labels/train" / (name + ".png")).string(), label);
}

// Of all images that there are.
void write_all(const fs::path& folder, const cv::Mat& label) {
  for (const fs::directory_entry& image : fs::directory_iterator(folder / "images/train")) {
    write_label(folder, image.path().stem().string(), label);
  }
}

// The upper half holds the first number.
template <int kUpper, int kLower>
void write_labels(const fs::path& folder) {
  cv::Mat label(24, 32, CV_8U, cv::Scalar(kUpper));
  label.rowRange(12, 24).setTo(kLower);
  write_all(folder, label);
}

void write_labels_of_half_the_size(const fs::path& folder) {
  cv::Mat label(12, 16, CV_8U, cv::Scalar(0));
  label.rowRange(6, 12).setTo(1);
  write_all(folder, label);
}

// A disc of the second number, with an edge that is as soft as antialiasing makes it.
cv::Mat soft_disc(const cv::Scalar& around, const cv::Scalar& disc, int type) {
  cv::Mat label(96, 96, type, around);
  cv::circle(label, {48, 48}, 30, disc, cv::FILLED, cv::LINE_AA);
  cv::GaussianBlur(label, label, {3, 3}, 0);
  return label;
}

void write_with_image_size(const fs::path& folder, const cv::Mat& label, const std::string& ending) {
  fs::remove_all(folder / "labels/train");
  fs::create_directories(folder / "labels/train");
  for (const fs::directory_entry& image : fs::directory_iterator(folder / "images/train")) {
    cv::imwrite(image.path().string(), cv::Mat(label.size(), CV_8UC3, cv::Scalar(90, 120, 150)));
    cv::imwrite((folder / "labels/train" / (image.path().stem().string() + ending)).string(), label);
  }
}

template <int kUpper, int kLower>
void write_soft_masks(const fs::path& folder) {
  write_with_image_size(folder, soft_disc(cv::Scalar(kUpper), cv::Scalar(kLower), CV_8U), ".png");
}

void write_jpeg_masks(const fs::path& folder) {
  write_with_image_size(folder, soft_disc(cv::Scalar(0), cv::Scalar(255), CV_8U), ".jpg");
}

void write_jpeg_colors(const fs::path& folder) {
  write_with_image_size(folder, soft_disc(cv::Scalar(0, 0, 0), cv::Scalar(0, 0, 255), CV_8UC3), ".jpg");
}

void write_colors(const fs::path& folder) {
  cv::Mat label(24, 32, CV_8UC3, cv::Scalar(0, 0, 0));
  label.rowRange(12, 24).setTo(cv::Scalar(0, 0, 128));
  write_all(folder, label);
}

// With so many samples that one of them may be left out.
class Illnesses : public Data, public testing::WithParamInterface<Illness> {
 protected:
  Illnesses() {
    for (const char* name : {"d", "e", "f"}) add(name, 1);
  }
};

TEST_P(Illnesses, AreMendedByTheLinesThatThePrintedReportHas) {
  const Illness& illness = GetParam();
  std::string pipeline = kPipeline;
  const std::string healthy = "{type: folder, root: ., classes: [{name: ground}, {name: thing}]}";
  pipeline.replace(pipeline.find(healthy), healthy.size(), illness.dataset);
  test::write_bytes(folder_ / "p.yaml", pipeline);
  illness.cause(folder_.path());
  const Outcome ill = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(ill.exit_code, 1) << ill.out << ill.err;
  EXPECT_THAT(ill.out, testing::ContainsRegex(std::string("\n  ! [^\n]*") + illness.what));
  test::write_bytes(folder_ / "q.yaml", "extends: p.yaml\n" + mend_of(ill.out));
  const Outcome mended = run({"data", "doctor", "q.yaml"});
  EXPECT_EQ(mended.exit_code, illness.is_cured ? 0 : 1) << mended.out << mended.err;
  EXPECT_THAT(mended.out, Not(testing::ContainsRegex(std::string("\n  ! [^\n]*") + illness.what)));
}

constexpr const char* kColored =
    "{type: folder, root: ., label_colors: true, classes: [{name: ground, color: '#0000ff'}, "
    "{name: thing, color: '#00ff00'}]}";

INSTANTIATE_TEST_SUITE_P(
    Data, Illnesses,
    testing::Values(
        Illness{"masks", "masks", write_labels<0, 255>, true},
        Illness{"masks_where_another_number_is_ignored", "masks", write_labels<0, 255>, true,
                "{type: folder, root: ., ignore_index: 254, classes: [{name: ground}, {name: thing}]}"},
        Illness{"count_from_1", "count from 1", write_labels<1, 2>, true},
        Illness{"perhaps_count_from_1", "may count from 1", write_labels<1, 2>, true,
                "{type: folder, root: ., classes: [ground, thing, other]}"},
        Illness{"strangers", "neither a class", write_labels<7, 9>, true},
        Illness{"soft_edges", "edges are soft", write_soft_masks<0, 255>, true},
        Illness{"soft_edges_of_other_numbers", "edges are soft", write_soft_masks<200, 30>, true},
        Illness{"jpeg", "stored as JPEG", write_jpeg_masks, true,
                "{type: folder, root: ., labels: 'labels/{split}/*', classes: [ground, thing]}"},
        Illness{"jpeg_colors", "stored as JPEG", write_jpeg_colors, true,
                "{type: folder, root: ., labels: 'labels/{split}/*', classes: [ground, thing]}"},
        Illness{
            "jpeg_colors_read_as_such", "(are|is) ignored", write_jpeg_colors, true,
            "{type: folder, root: ., labels: 'labels/{split}/*', label_colors: true, classes: [{name: ground, color: "
            "'#00ff00'}, {name: thing, color: '#0000ff'}]}"},
        Illness{"one_class", "one class alone", write_labels<0, 255>, true,
                "{type: folder, root: ., classes: [thing]}"},
        Illness{"colors_of_no_class", "every pixel is ignored", write_colors, true,
                "{type: folder, root: ., label_colors: true, classes: [{name: ground, color: '#00ff00'}, "
                "{name: thing, color: '#0000ff'}]}"},
        Illness{"scaled", "not as large", write_labels_of_half_the_size, true},
        Illness{"one_stranger", "neither a class",
                [](const fs::path& folder) { write_label(folder, "b", cv::Mat(24, 32, CV_8U, cv::Scalar(77))); }, true},
        Illness{"broken", "cannot be read",
                [](const fs::path& folder) { test::write_bytes(folder / "images/train/b.jpg", "no image"); }, true},
        Illness{"broken_beside_a_palette", "cannot be read",
                [](const fs::path& folder) {
                  test::write_bytes(folder / "images/train/b.jpg", "no image");
                  bridge::testing::PngFile label{32, 24, 8, PNG_COLOR_TYPE_PALETTE};
                  label.palette = {{0, 0, 0}, {128, 0, 0}};
                  label.rows.assign(size_t{32} * 24, 1);
                  bridge::testing::write_png(folder / "labels/train/b.png", label);
                },
                true},
        Illness{"sizes", "not as large",
                [](const fs::path& folder) { write_label(folder, "b", cv::Mat(20, 32, CV_8U, cv::Scalar(1))); }, true},
        Illness{"colors", "hold colours", write_colors, true},
        Illness{"numbers_read_as_colors", "store the numbers", [](const fs::path&) {}, true, kColored},
        Illness{"unpaired", "no partner", [](const fs::path& folder) { fs::remove(folder / "labels/train/c.png"); },
                true}),
    [](const auto& param) { return param.param.name; });

TEST_F(Data, AClassKeepsItsColorWhereTheLabelsSeenDoNotHappenToHaveIt) {
  write_colors(folder_.path());  // #000000 and #800000
  const Outcome outcome = run({"data", "doctor", "p.yaml", "--set",
                               "data.dataset.classes=[{name: ground, color: '#000000'}, {name: thing}, {name: rare, "
                               "color: '#00ff00'}]"});
  EXPECT_THAT(mend_of(outcome.out), AllOf(HasSubstr("name: thing\n        color: \"#800000\""),
                                          HasSubstr("name: rare\n        color: \"#00ff00\"")));
}

TEST_F(Data, ALinkThatLeadsNowhereIsNoFile) {
  fs::create_symlink("self.jpg", folder_ / "images/train/self.jpg");
  EXPECT_EQ(run({"data", "doctor", "p.yaml"}).exit_code, 0);
}

TEST_F(Data, FilesOfAnotherEndingAreHintedAt) {
  fs::remove_all(folder_ / "images/train");
  fs::create_directories(folder_ / "images/train");
  test::write_bytes(folder_ / "images/train/a.bmp", "");
  EXPECT_THAT(run({"data", "doctor", "p.yaml"}).out, AllOf(HasSubstr("no file matches"), HasSubstr("a.bmp")));
}

// What no option mends.
struct Incurable {
  const char* name;
  const char* what;
  void (*cause)(const fs::path& folder);
};

class Incurables : public Data, public testing::WithParamInterface<Incurable> {};

TEST_P(Incurables, AreSaidAndNoLineIsProposed) {
  GetParam().cause(folder_.path());
  const Outcome ill = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(ill.exit_code, 1) << ill.out << ill.err;
  EXPECT_THAT(ill.out, AllOf(HasSubstr(GetParam().what), Not(HasSubstr("data: {"))));
}

INSTANTIATE_TEST_SUITE_P(Data, Incurables,
                         testing::Values(Incurable{"all_ignored", "every pixel is ignored", write_labels<255, 255>},
                                         Incurable{"one_class_occurs", "one alone occurs", write_labels<1, 1>},
                                         Incurable{"jpeg_of_class_numbers", "stored as JPEG",
                                                   [](const fs::path& folder) {
                                                     cv::Mat label = soft_disc(cv::Scalar(0), cv::Scalar(3), CV_8U);
                                                     for (const char* name : {"a", "b", "c"}) {
                                                       const std::string file =
                                                           (folder / "labels/train" / name).string();
                                                       cv::imwrite(file + ".jpg", label);
                                                       fs::rename(file + ".jpg", file + ".png");
                                                       cv::imwrite((folder / "images/train" / name).string() + ".jpg",
                                                                   cv::Mat(96, 96, CV_8UC3, cv::Scalar(1, 2, 3)));
                                                     }
                                                   }},
                                         Incurable{
                                             "most_are_unpaired", "no partner",
                                             [](const fs::path& folder) { fs::remove(folder / "labels/train/c.png"); }},
                                         Incurable{"most_labels_are_unpaired", "2 of 5 labels",
                                                   [](const fs::path& folder) {
                                                     write_label(folder, "x", cv::Mat(24, 32, CV_8U, cv::Scalar(1)));
                                                     write_label(folder, "y", cv::Mat(24, 32, CV_8U, cv::Scalar(1)));
                                                   }},
                                         Incurable{"most_are_broken", "cannot be read",
                                                   [](const fs::path& folder) {
                                                     test::write_bytes(folder / "images/train/b.jpg", "no image");
                                                   }}),
                         [](const auto& param) { return param.param.name; });

TEST_F(Data, TheSameFilesForTrainingAndEvaluationAreAnError) {
  const std::vector<std::string> both = {"--set", "data.evaluate.split=val",
                                         "--set", "run=[train, evaluate]",
                                         "--set", "data.dataset.images=images/train/*.jpg",
                                         "--set", "data.dataset.labels=labels/train/*.png"};
  for (const char* command : {"validate", "run", "doctor"}) {
    std::vector<std::string> arguments{command, "p.yaml"};
    if (arguments[0] == "doctor") arguments.insert(arguments.begin(), "data");
    arguments.insert(arguments.end(), both.begin(), both.end());
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << command;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("data.dataset.images"), HasSubstr("split: {val: 0.2}"))) << command;
    arguments.insert(arguments.end(),
                     {"--set", "data.dataset.split={val: 0.4, seed: 1}", "--set", "train.batch_size=1"});
    const Outcome divided = run(arguments);
    EXPECT_NE(divided.exit_code, 2) << command << divided.err;
  }
}

TEST_F(Data, TheDoctorFindsImagesThatAreInTwoSplits) {
  test::write_bytes(folder_ / "train.txt",
                    "images/train/a.jpg labels/train/a.png\nimages/train/b.jpg labels/train/b.png");
  test::write_bytes(folder_ / "val.txt", "images/train/b.jpg labels/train/b.png");
  const Outcome outcome = run({"data", "doctor", "p.yaml", "--set", "data.dataset={type: camvid, root: .}", "--set",
                               "data.evaluate.split=val"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("1 images are in split train too"), HasSubstr("b.jpg")));
}

TEST_F(Data, WhatTheDoctorPrintsKeepsWhatThePipelineSaysAndNoDefaults) {
  write_colors(folder_.path());
  const std::string yaml = mend_of(run({"data", "doctor", "p.yaml", "--set", "data.dataset.ignore_index=254"}).out);
  EXPECT_THAT(yaml, AllOf(HasSubstr("ignore_index: 254"), HasSubstr("name: thing"), Not(HasSubstr("unpaired")),
                          Not(HasSubstr("mirrored"))));
}

TEST_F(Data, TheDoctorExaminesTheRestOfASplitWithUnpairedFiles) {
  fs::remove(folder_ / "labels/train/c.png");
  EXPECT_THAT(run({"data", "doctor", "p.yaml"}).out,
              AllOf(HasSubstr("c.jpg has no label"), HasSubstr("2 of 2 samples read"), HasSubstr("2  thing")));
}

TEST_F(Data, TheDoctorLooksAtEveryFrameOfAClip) {
  for (const int frame : {1, 2}) {
    const std::string number = std::to_string(frame);
    fs::create_directories(folder_ / "data/c/origin");
    fs::create_directories(folder_ / "data/c/mask");
    fs::copy_file(folder_ / "images/train/a.jpg", folder_ / "data/c/origin" / (number + ".jpg"));
    cv::imwrite((folder_ / "data/c/mask" / (number + ".png")).string(), cv::Mat(24, 32, CV_8U, cv::Scalar(frame)));
  }
  test::write_bytes(folder_ / "data/c/mask/2.png", "no image");
  test::write_bytes(folder_ / "train.txt", "c\n");
  EXPECT_THAT(run({"data", "doctor", "p.yaml", "--set", "data.dataset={type: vspw, root: .}"}).out,
              AllOf(HasSubstr("1 of 2 samples read"), HasSubstr("data/c/mask/2.png")));
}

TEST_F(Data, TheDoctorNamesWhatHasNoPartnerAndWhatIsBroken) {
  test::write_bytes(folder_ / "images/train/b.jpg", "no image");
  EXPECT_THAT(run({"data", "doctor", "p.yaml"}).out, AllOf(HasSubstr("1 samples cannot be read"), HasSubstr("b.jpg")));
  fs::remove(folder_ / "labels/train/c.png");
  const Outcome outcome = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("have no partner"), HasSubstr("c.jpg has no label")));
  fs::remove_all(folder_ / "labels/train");
  EXPECT_THAT(run({"data", "doctor", "p.yaml"}).out,
              AllOf(HasSubstr("cannot be opened"), HasSubstr("no file matches")));
}

TEST_F(Data, ThePreviewShowsWhatTrainingSees) {
  const Outcome outcome = run({"data", "preview", "p.yaml", "--count", "2", "--width", "64", "--sheet", "s.png"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("s.png: 2 samples of split train"));
  const cv::Mat sheet = cv::imread((folder_ / "s.png").string());
  EXPECT_GE(sheet.cols, 4 * 64);
  EXPECT_GE(sheet.rows, 64);  // crops are square
}

TEST_F(Data, ABrokenImageStopsARunOrIsSkipped) {
  test::write_bytes(folder_ / "images/train/b.jpg", "no image");
  const auto train = [&](const std::string& on_broken) {
    return run({"run", "p.yaml", "--output", on_broken, "--set", "train.batch_size=3", "--set",
                "data.on_broken_sample=" + on_broken});
  };
  const Outcome stopped = train("stop");
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("images/train/b.jpg"));
  const Outcome skipped = train("skip");
  EXPECT_EQ(skipped.exit_code, 0) << skipped.err;
  EXPECT_THAT(skipped.out + skipped.err, AllOf(HasSubstr("skipped: "), HasSubstr("images/train/b.jpg"),
                                               HasSubstr("broken samples that were skipped: 1")));
}

TEST_F(Data, ABrokenImageStopsThePredictionOfASplitOrIsSkipped) {
  ASSERT_EQ(run({"run", "p.yaml", "--output", "r", "--set", "train.batch_size=3"}).exit_code, 0);
  test::write_bytes(folder_ / "images/train/b.jpg", "no image");
  const auto predict = [&](const std::string& on_broken) {
    return run({"predict", "--checkpoint", "r/checkpoints/step-000001.safetensors", "--pipeline", "p.yaml", "--split",
                "train", "--output", on_broken, "--set", "data.on_broken_sample=" + on_broken});
  };
  const Outcome stopped = predict("stop");
  EXPECT_EQ(stopped.exit_code, 1) << "the others are predicted all the same";
  EXPECT_THAT(stopped.out, AllOf(HasSubstr("images/train/b.jpg"), HasSubstr("1 skipped")));
  const Outcome skipped = predict("skip");
  EXPECT_EQ(skipped.exit_code, 0) << skipped.err;
  EXPECT_THAT(skipped.out + skipped.err,
              AllOf(HasSubstr("skipped: "), HasSubstr("images/train/b.jpg"), HasSubstr("2 predictions in skip")));
  EXPECT_TRUE(fs::exists(folder_ / "skip/c.png"));
}

TEST_F(Data, ARunWithoutItsFilesFailsAtOnceAndAPipelineIsValidWithoutThem) {
  const std::string missing = "data.dataset={type: voc, root: /no/such/folder}";
  EXPECT_EQ(run({"validate", "p.yaml", "--set", missing}).exit_code, 0);
  const Outcome outcome = run({"run", "p.yaml", "--output", "r", "--set", missing});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("/no/such/folder"));
  EXPECT_FALSE(fs::exists(folder_ / "r"));
}

TEST_F(Data, PalettesOfBmpAreComparedToo) {
  const auto write_label = [&](const std::string& name, bool is_turned) {
    using Color = std::array<uint8_t, 3>;
    const Color black{0, 0, 0}, red{200, 0, 0};
    image::testing::BmpFile label{.width = 32, .height = 24, .bits = 8};
    label.palette = is_turned ? std::vector<Color>{red, black} : std::vector<Color>{black, red};
    label.pixels.assign(size_t{32} * 12, is_turned ? 1 : 0);
    label.pixels.resize(size_t{32} * 24, is_turned ? 0 : 1);
    test::write_bytes(file("labels/train/" + name + ".bmp"), image::testing::bmp_bytes(label));
    fs::remove(file("labels/train/" + name + ".png"));
  };
  write_label("a", false);
  write_label("b", true);
  write_label("c", false);
  const Outcome outcome = run({"data", "doctor", "p.yaml", "--set", "data.dataset.labels=labels/{split}/*.bmp"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("one colour several numbers"), HasSubstr("label_colors: true")));
}

TEST_F(Data, AnObjectInTheAlphaOfALabelIsTold) {
  cv::Mat label(24, 32, CV_8UC4, cv::Scalar(255, 255, 255, 0));
  label.rowRange(12, 24).setTo(cv::Scalar::all(255));
  for (const std::string name : {"a", "b", "c"}) cv::imwrite(file("labels/train/" + name + ".png").string(), label);
  Outcome outcome = run({"data", "doctor", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("3 labels have an alpha channel"),
                                 HasSubstr("what they mark is in their alpha"), HasSubstr("-alpha extract")));
  outcome = run({"validate", "p.yaml", "--set", "train.batch_size=2"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err + outcome.out, HasSubstr("3 labels have an alpha channel"));
}

TEST_F(Data, TransparentPixelsOfImagesAreTold) {
  cv::Mat image(24, 32, CV_8UC4, cv::Scalar(10, 20, 30, 255));
  image.rowRange(0, 6).setTo(cv::Scalar(90, 0, 90, 0));
  for (const std::string name : {"a", "b", "c"}) {
    fs::remove(file("images/train/" + name + ".jpg"));
    cv::imwrite(file("images/train/" + name + ".png").string(), image);
  }
  const Outcome outcome = run({"data", "doctor", "p.yaml", "--set", "data.dataset.images=images/{split}/*"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("3 of 3 images with an alpha channel have transparent pixels"),
                                 HasSubstr("images/train/a.png: 25.0 % of its pixels")));
}

// Upside down: no size shows whether the labels were made for what is stored.
TEST_F(Data, ImagesThatExifTurnsBesideLabelsThatItDoesNotAreTold) {
  const auto write_all = [&](int orientation) {
    for (const std::string name : {"a", "b", "c"}) {
      fs::remove(file("images/train/" + name + ".jpg"));
      bridge::testing::PngFile image{.width = 32,
                                     .height = 24,
                                     .color_type = PNG_COLOR_TYPE_RGB,
                                     .exif = image::testing::exif_data(orientation, true)};
      image.rows.assign(size_t{32} * 24 * 3, 99);
      bridge::testing::write_png(file("images/train/" + name + ".png"), image);
    }
  };
  const std::vector<std::string> doctor = {"data", "doctor", "p.yaml", "--set", "data.dataset.images=images/{split}/*"};
  write_all(3);
  Outcome outcome = run(doctor);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("3 of 3 images are turned by their EXIF orientation"),
                                 HasSubstr("images/train/a.png"), HasSubstr("data preview")));
  write_all(1);
  outcome = run(doctor);
  EXPECT_THAT(outcome.out, HasSubstr("nothing wrong"));
}

TEST_F(Data, NormalisationThatCanHardlyBeMeantIsTold) {
  const auto warnings = [&](const std::string& train, const std::string& evaluate) {
    const Outcome outcome = run({"validate", "p.yaml", "--set", "train.batch_size=2", "--set",
                                 "data.train.transforms=" + train, "--set", "data.evaluate.transforms=" + evaluate});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.err + outcome.out;
  };
  const std::string plain = "[{type: normalize}]";
  const std::string of_one = "[{type: normalize, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}]";
  EXPECT_THAT(warnings(plain, plain), Not(HasSubstr("normalize")));
  EXPECT_THAT(warnings(of_one, of_one),
              AllOf(HasSubstr("data.train.transforms: mean and std of normalize look like"),
                    HasSubstr("data.evaluate.transforms: mean and std"), HasSubstr("multiply both by 255")));
  EXPECT_THAT(warnings(plain, "[]"), HasSubstr("in data.train.transforms and not in data.evaluate.transforms"));
  EXPECT_THAT(warnings(plain, "[{type: normalize, mean: [1, 2, 3]}]"), HasSubstr("other values"));
  EXPECT_THAT(warnings("[{type: normalize}, {type: normalize}]", plain), HasSubstr("more than once"));
  EXPECT_THAT(warnings("[{type: normalize}, {type: photometric_distortion}]", plain),
              HasSubstr("photometric_distortion stands behind normalize"));
}

// As the splits of benchmarks for testing are.
TEST_F(Data, ASplitWithoutLabelsIsPredicted) {
  ASSERT_EQ(run({"run", "p.yaml", "--output", "run", "--set", "run=[train]", "--set", "train.batch_size=1"}).exit_code,
            0);
  fs::create_directories(file("images/test"));
  fs::copy(file("images/train/a.jpg"), file("images/test/z.jpg"));
  const Outcome outcome =
      run({"predict", "--checkpoint", "run", "--split", "test", "--output", "masks", "--format", "index"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out + outcome.err, HasSubstr("predicted without labels: "));
  EXPECT_TRUE(fs::exists(file("masks/z.index.png")));
}

TEST_F(Data, AGroupThatFindsNothingInNamesIsTold) {
  const Outcome outcome =
      run({"validate", "p.yaml", "--set", "train.batch_size=1", "--set",
           "data.dataset={type: folder, root: ., images: 'images/train/*', labels: "
           "'labels/train/*', classes: [ground, thing], split: {val: 0.4, seed: 1, group: 'p[0-9]+'}}",
           "--set", "data.evaluate.split=val"});
  EXPECT_THAT(outcome.err + outcome.out, HasSubstr("split.group finds nothing in 3 of 3 names")) << outcome.exit_code;
}

// The labels' colours are white on black, as most masks are.
TEST_F(Data, ThePreviewDrawsWhiteClassesInAColorToSee) {
  for (const std::string name : {"a", "b", "c"}) {
    cv::Mat label(24, 32, CV_8UC3, cv::Scalar::all(0));
    label.rowRange(12, 24).setTo(cv::Scalar::all(255));
    cv::imwrite(file("labels/train/" + name + ".png").string(), label);
  }
  const std::string dataset =
      "data.dataset={type: folder, root: ., label_colors: true, classes: [{name: background, color: '#000000'}, "
      "{name: thing, color: '#ffffff'}]}";
  ASSERT_EQ(run({"data", "preview", "p.yaml", "--set", dataset, "--set", "data.train.transforms=[]"}).exit_code, 0);
  const cv::Mat sheet = cv::imread(file("preview.png").string());
  ASSERT_FALSE(sheet.empty());
  const auto colored = [](const cv::Vec3b& pixel) {
    const auto [least, most] = std::minmax({pixel[0], pixel[1], pixel[2]});
    return most - least > 100;
  };
  EXPECT_GT(std::count_if(sheet.begin<cv::Vec3b>(), sheet.end<cv::Vec3b>(), colored), 32 * 12);
}

}  // namespace
}  // namespace sshost::cli
