// Every mistake of a pipeline is reported at once, each with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/support.h"
#include "run/host_types.h"

namespace sshost::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Mistakes, TenDifferentOnesGiveTenErrorsWithPlaces) {
  const std::string text = R"(
run: [train, evalute]
device: gpu
data:
  dataset: {type: shapes, count: many}
  train:
    transforms:
      - {type: resise, size: [2048, 512]}
      - {type: random_crop, size: [512]}
model:
  backbone: {type: net}
  head: {type: wide, dilatoins: [1, 12], dropout: 1.5}
  memory: {type: recal}
train: {steps: 10, epochs: 2}
)";
  EXPECT_THAT(
      errors_of(text),
      ElementsAre(
          "p.yaml:2:14: run.1: expected one of train, evaluate, predict; found the text \"evalute\" (did you mean "
          "\"evaluate\"?)",
          "p.yaml:3:9: device: expected cpu, cuda or cuda:N, found \"gpu\"",
          "p.yaml:5:34: data.dataset.count: expected an integer, found the text \"many\"",
          "p.yaml:8:16: data.train.transforms.0.type: unknown transform \"resise\"; there are: resize, random_crop, "
          "random_flip, random_rotation, photometric_distortion, normalize, pad (did you mean \"resize\"?); of "
          "plugins: "
          "no such type: resise",
          "p.yaml:9:35: data.train.transforms.1.size: expected [height, width], found a list of 1 element; {height: "
          "..., width: ...} is the same",
          "p.yaml:11:13: model.backbone.depth: net needs this option: layers",
          "p.yaml:12:22: model.head.dilatoins: unknown option; wide has: channels, dilations, dropout (did you mean "
          "\"dilations\"?)",
          "p.yaml:12:51: model.head.dropout: expected a number from 0 to 1, found the number 1.5",
          "p.yaml:13:18: model.memory.type: no such type: recal",
          "p.yaml:14:16: train.steps: expected either epochs or steps, found both"));
}

TEST(Mistakes, OfTheWholePipelineAreFoundTogether) {
  EXPECT_THAT(
      errors_of("modle: {}\na: 1\na: 2\n"),
      ElementsAre(HasSubstr("p.yaml:1:1: modle: unknown option; the pipeline has: name, run, "),
                  HasSubstr("p.yaml:1:1: data.dataset: data needs this option"),
                  HasSubstr("p.yaml:1:1: model.backbone: model needs this option"),
                  HasSubstr("p.yaml:1:1: model: expected a head, a memory, or both; found neither"),
                  HasSubstr("p.yaml:1:1: train: expected epochs or steps"), HasSubstr("p.yaml:2:1: a: unknown option"),
                  HasSubstr("p.yaml:3:1: a: the key is given twice, first at p.yaml:2:1")));
}

TEST(Mistakes, AMisspeltExtendsIsUnderstood) {
  EXPECT_THAT(errors_of(pipeline_text("{type: wide}", "extend: base.yaml\n")),
              ElementsAre(HasSubstr("extend: unknown option")));
  EXPECT_THAT(errors_of(pipeline_text("{type: wide}", "extend: base.yaml\n")),
              ElementsAre(HasSubstr("(did you mean \"extends\"?)")));
}

TEST(Mistakes, ASectionOfAnotherKindGivesOneError) {
  EXPECT_THAT(errors_of(pipeline_text("[1]")), ElementsAre("p.yaml:5:9: model.head: expected a map, found a list"));
  EXPECT_THAT(errors_of(pipeline_text("wide")),
              ElementsAre("p.yaml:5:9: model.head: expected a map, found the text \"wide\""));
  EXPECT_THAT(errors_of(pipeline_text("{channels: 3}")), ElementsAre("p.yaml:5:9: model.head.type: head needs a type"));
  EXPECT_THAT(errors_of(pipeline_text("{type: 3}")),
              ElementsAre("p.yaml:5:16: model.head.type: expected the name of a head, found the number 3"));
  EXPECT_THAT(errors_of(pipeline_text("{type: wide}", "evaluate: fast\n")),
              ElementsAre("p.yaml:7:11: evaluate: expected a map, found the text \"fast\""));
}

TEST(Mistakes, OfTheTrainingAreReported) {
  const auto train = [](const std::string& text) {
    return errors_of(
        "data: {dataset: {type: shapes}}\nmodel: {backbone: {type: other}, head: {type: wide}}\ntrain: " + text + "\n");
  };
  EXPECT_THAT(train("{batch_size: 4}"), ElementsAre(HasSubstr("p.yaml:3:8: train: expected epochs or steps")));
  EXPECT_THAT(train("{steps: lots}"), ElementsAre(HasSubstr("train.steps: expected an integer of at least 1")));
  EXPECT_THAT(
      train("{steps: 1, optimizer: {type: sdg}}"),
      ElementsAre("p.yaml:3:37: train.optimizer.type: unknown optimizer \"sdg\"; there are: sgd, adamw (did you "
                  "mean \"sgd\"?)"));
  EXPECT_THAT(train("{steps: 1, optimizer: {rules: [{lr_factor: 2}]}}"),
              ElementsAre(HasSubstr("train.optimizer.rules.0.match: rules needs this option")));
  EXPECT_THAT(train("{steps: 1, schedule: {warmup: {type: slow}}}"),
              ElementsAre(HasSubstr("train.schedule.warmup.type: expected one of none, constant, linear, exp")));
}

TEST(Mistakes, OfTransformsAreReported) {
  const auto transforms = [](const std::string& text) {
    return errors_of("data: {dataset: {type: shapes}, evaluate: {transforms: [" + text +
                     "]}}\nmodel: {backbone: {type: other}, head: {type: wide}}\ntrain: {steps: 1}\n");
  };
  EXPECT_THAT(transforms("{type: resize, size: [1, 2, 3]}"),
              ElementsAre(HasSubstr("data.evaluate.transforms.0.size: expected [width, height], found a list of 3")));
  EXPECT_THAT(transforms("{type: resize, size: [1, 2], scale_range: [2, 0.5]}"),
              ElementsAre(HasSubstr("scale_range: the lowest factor is above the highest")));
  EXPECT_THAT(transforms("{type: normalize, mean: [1, 2, 3, 4]}"),
              ElementsAre(HasSubstr("expected [red, green, blue]")));
  EXPECT_THAT(transforms("{type: normalize, std: [1, 0, 3]}"),
              ElementsAre(HasSubstr("std.1: expected a number of at")));
  EXPECT_THAT(transforms("normalize"), ElementsAre(HasSubstr("transforms.0: expected a map, found the text")));
  EXPECT_THAT(transforms("{size: [1, 2]}"), ElementsAre(HasSubstr("transforms.0.type: transform needs a type")));
}

TEST(Mistakes, InSizesAreReported) {
  const auto size = [](const std::string& text) {
    return errors_of("data: {dataset: {type: shapes}, train: {transforms: [{type: pad, size: " + text +
                     "}]}}\nmodel: {backbone: {type: other}, head: {type: wide}}\ntrain: {steps: 1}\n");
  };
  EXPECT_THAT(size("{height: 3, width: 4}"), ElementsAre());
  EXPECT_THAT(size("{height: 3}"),
              ElementsAre("p.yaml:1:72: data.train.transforms.0.size.width: a size needs this, in pixels"));
  EXPECT_THAT(
      size("{height: 3, width: 4, widht: 5}"),
      ElementsAre(HasSubstr("size.widht: unknown option; a size has: height, width (did you mean \"width\"?)")));
  EXPECT_THAT(size("{height: 3, width: 0}"), ElementsAre(HasSubstr("size.width: expected an integer of at least 1")));
  EXPECT_THAT(size("512"), ElementsAre(HasSubstr("size: expected a size, {height: ..., width: ...} or [height, width], "
                                                 "found the number 512")));
}

TEST(Mistakes, OfSlidingWindowsAreReported) {
  const auto evaluate = [](const std::string& text) {
    return errors_of(pipeline_text("{type: wide}", "evaluate: " + text + "\n"));
  };
  EXPECT_THAT(evaluate("{mode: slide, crop_size: [65, 97], stride: [43, 64]}"), ElementsAre());
  EXPECT_THAT(evaluate("{mode: slide, crop_size: [65, 97]}"),
              ElementsAre("p.yaml:7:11: evaluate: mode: slide needs stride: {height: ..., width: ...}; found none"));
  EXPECT_THAT(evaluate("{crop_size: [65, 97]}"),
              ElementsAre(HasSubstr("7:23: evaluate.crop_size: expected only with mode: slide")));
  EXPECT_THAT(evaluate("{mode: slide, crop_size: [65, 97, 3], stride: [43, 64]}"),
              ElementsAre(HasSubstr("evaluate.crop_size: expected [height, width], found a list of 3 elements")));
  EXPECT_THAT(evaluate("{mode: slide, crop_size: [65, 97], stride: [43, 98]}"),
              ElementsAre(HasSubstr("evaluate.stride: expected at most crop_size, 97, found 98")));
  EXPECT_THAT(evaluate("{passes: 2}"), ElementsAre(HasSubstr("evaluate.passes: expected 1, since the model has no")));
}

TEST(Mistakes, InABaseAreReportedWithTheBasesPlace) {
  TemporaryFolder folder;
  folder.write("base.yaml", "train:\n  batchsize: 3\n");
  const std::string file = folder.write("p.yaml", "extends: base.yaml\n" + pipeline_text());
  Problems problems;
  const Node root = load_pipeline_file(file, {}, problems);
  EXPECT_ANY_THROW(read_pipeline(root, test_schemas, run::host_types(), problems));
  EXPECT_THAT(problems.lines(),
              ElementsAre(AllOf(
                  StartsWith(folder.path("base.yaml") + ":2:3: train.batchsize: unknown option; train has: epochs, "),
                  EndsWith("resume (did you mean \"batch_size\"?)"))));
}

TEST(Mistakes, TheStepsOfARunHaveOneOrder) {
  for (const auto& [run, found] :
       std::vector<std::pair<std::string, std::string>>{{"[evaluate, train]", "train behind evaluate"},
                                                        {"[train, predict, evaluate]", "evaluate behind predict"},
                                                        {"[evaluate, evaluate]", "evaluate twice"},
                                                        {"[train, evaluate, train]", "train behind evaluate"}}) {
    EXPECT_THAT(
        errors_of(pipeline_text(), {"run=" + run}),
        ElementsAre("--set run=" + run +
                    ": run: expected train, evaluate, predict in this order, each at most once; found " + found));
  }
  EXPECT_THAT(errors_of(pipeline_text(), {"run=[train, predict]"}), testing::IsEmpty());
}

TEST(Mistakes, NumbersAreFinite) {
  const std::string text = R"(
data: {dataset: {type: shapes}}
model: {backbone: {type: net, depth: 1}, head: {type: wide}}
train: {steps: 1, optimizer: {type: sgd, lr: .inf}}
evaluate: {f_beta: .inf}
distributed: {timeout: 1e300}
)";
  EXPECT_THAT(errors_of(text), ElementsAre(HasSubstr("train.optimizer.lr: expected"), HasSubstr("evaluate.f_beta"),
                                           HasSubstr("distributed.timeout: expected")));
}

TEST(Mistakes, PredictionFormatsThatShareFilesAreRefused) {
  const std::string text = R"(
data: {dataset: {type: shapes}}
model: {backbone: {type: net, depth: 1}, head: {type: wide}}
train: {steps: 1}
evaluate: {prediction_formats: [coco, probabilities, coco, probabilities_float16]}
)";
  EXPECT_THAT(errors_of(text), ElementsAre(AllOf(StartsWith("p.yaml:5:32: "), HasSubstr("each format once")),
                                           AllOf(StartsWith("p.yaml:5:32: "), HasSubstr("they have the same files"))));
}

TEST(Mistakes, OverridesAreToldWhatTheShellLeavesOfThem) {
  const std::string text = R"(
data: {dataset: {type: shapes}}
model: {backbone: {type: net, depth: 1}, head: {type: wide}}
train: {steps: 1}
)";
  EXPECT_THAT(errors_of(text, {"name=123", "data.train.transforms.0.probability=1"}),
              ElementsAre(HasSubstr("give the whole list"), HasSubstr("as text: 'name=\"123\"'")));
}

TEST(Mistakes, WhatIsEvaluatedIsNeitherMovedNorDrawn) {
  const std::string text = R"(
data:
  dataset: {type: shapes}
  evaluate:
    transforms:
      - {type: resize, size: [64, 64]}
      - {type: random_flip}
      - {type: resize, size: [64, 64], scale_range: [0.5, 2]}
      - {type: normalize}
      - {type: pad, size: [64, 64]}
model: {backbone: {type: net, depth: 1}, head: {type: wide}}
train: {steps: 1}
)";
  EXPECT_THAT(errors_of(text),
              ElementsAre(AllOf(StartsWith("p.yaml:7:9: data.evaluate.transforms.1.type: "), HasSubstr("random_flip")),
                          AllOf(StartsWith("p.yaml:8:53: data.evaluate.transforms.2.scale_range: "),
                                HasSubstr("evaluate.scales")),
                          AllOf(StartsWith("p.yaml:10:9: data.evaluate.transforms.4.type: "), HasSubstr("pad"))));
}

}  // namespace
}  // namespace sshost::config
