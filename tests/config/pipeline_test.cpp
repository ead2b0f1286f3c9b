#include "config/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "config/default_transforms.h"
#include "config/support.h"
#include "run/host_types.h"

namespace sshost::config {
namespace {

double weight_of(const LossConfig& loss) { return loss.options->at("weight").real * loss.factor; }

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kFull = R"(
name: "2012"
run: [evaluate]
device: cuda:1
seed: 7
threads: 2
output: /tmp/out
plugins: [lib]
checkpoint: start.safetensors
data:
  dataset: {type: shapes, root: ../images, count: 3}
  train:
    split: trainval
    transforms:
      - {type: resize, size: [2048, 512], scale_range: [0.5, 2]}
      - {type: random_crop, size: [512, 512]}
      - {type: random_flip, probability: 0.25}
      - {type: normalize}
      - {type: pad, size: [512, 512]}
  evaluate: {split: "null", transforms: []}
  workers: 0
  on_broken_sample: skip
model:
  backbone: {type: net, depth: 101, weights: {path: w.safetensors, format: torchvision}}
  features: {indices: [0, -1, -1], layer_norm: true, downsample: {}}
  head: {type: ./my.so:wide, dilations: [1, 6]}
  memory: {type: recall, weights: m.safetensors}
  loss: {weight: 0.5}
  auxiliary:
    - {type: thin, feature: -2, loss_weight: 0.2, mode: concat}
    - {type: wide, feature: [0, 1], weights: a.safetensors}
train:
  epochs: 130
  batch_size: 16
  optimizer:
    lr: 0.02
    momentum: 0.8
    weight_decay: 1e-4
    nesterov: true
    rules: [{match: backbone, lr_factor: 0.1}, {match: norm, decay_factor: 0}]
  schedule: {type: poly, power: 1, min_lr: 0, warmup: {type: linear, steps: 1500}}
  log_every: 5
  save_every: 0
  keep_checkpoints: 1
  evaluate_every: 100
  resume: true
evaluate: {scales: [0.5, 1, 1.5], flip: true, batch_size: 2, save_predictions: true, report_images: 0}
)";

const ss_schema* schemas(std::string_view kind, std::string_view type) {
  const bool is_path = type.find('/') != std::string_view::npos;
  return test_schemas(kind, is_path ? type.substr(type.rfind(':') + 1) : type);
}

Pipeline read_file(const std::string& file) {
  Problems problems;
  return read_pipeline(load_pipeline_file(file, {}, problems), schemas, run::host_types(), problems);
}

TEST(Pipeline, HasSensibleDefaults) {
  const Pipeline pipeline = read_text(pipeline_text());
  EXPECT_EQ(pipeline.name, "p");
  EXPECT_EQ(pipeline.output, std::filesystem::absolute("runs/p").string());
  EXPECT_THAT(pipeline.run, ElementsAre("train", "evaluate"));
  EXPECT_EQ(pipeline.device, "cpu");
  EXPECT_EQ(pipeline.train.batch_size, 8);
  EXPECT_EQ(pipeline.train.optimizer.type, "sgd");
  EXPECT_EQ(pipeline.train.optimizer.options->at("lr").real, 0.01);
  EXPECT_EQ(pipeline.train.optimizer.options->at("momentum").real, 0.9);
  EXPECT_EQ(pipeline.train.optimizer.options->at("weight_decay").real, 5e-4);
  EXPECT_EQ(pipeline.train.schedule.type, "poly");
  EXPECT_EQ(pipeline.train.schedule.options->at("power").real, 0.9);
  EXPECT_TRUE(pipeline.train.schedule.options->at("min_lr").is_null());
  EXPECT_EQ(pipeline.train.schedule.options->at("warmup").at("type").text, "none");
  EXPECT_EQ(pipeline.train.steps, 10);
  EXPECT_FALSE(pipeline.train.epochs.has_value());
  EXPECT_EQ(pipeline.data.train.split, "train");
  EXPECT_EQ(pipeline.data.evaluate.split, "val");
  EXPECT_EQ(pipeline.data.on_broken_sample, "stop");
  std::vector<std::string> transforms;
  for (const TypedConfig& transform : pipeline.data.train.transforms) transforms.push_back(transform.type);
  EXPECT_THAT(transforms,
              ElementsAre("resize", "random_crop", "random_flip", "photometric_distortion", "normalize", "pad"));
  EXPECT_EQ(pipeline.data.train.transforms[4].options->at("mean").children[0].real, 123.675);
  ASSERT_EQ(pipeline.data.evaluate.transforms.size(), 1U);
  EXPECT_EQ(pipeline.data.evaluate.transforms[0].type, "normalize");
  EXPECT_THAT(pipeline.evaluate.scales, ElementsAre(1.0));
  EXPECT_THAT(pipeline.model.features.indices, IsEmpty());
  EXPECT_FALSE(pipeline.model.memory.has_value());
  EXPECT_EQ(pipeline.model.head->options->at("channels").integer, 512);
}

TEST(Pipeline, ReadsTheRunAndItsData) {
  TemporaryFolder folder;
  const Pipeline pipeline = read_file(folder.write("sub/p.yaml", kFull));
  EXPECT_EQ(pipeline.name, "2012");
  EXPECT_THAT(pipeline.run, ElementsAre("evaluate"));
  EXPECT_EQ(pipeline.device, "cuda:1");
  EXPECT_EQ(pipeline.seed, 7U);
  EXPECT_EQ(pipeline.threads, 2);
  EXPECT_EQ(pipeline.output, "/tmp/out");
  EXPECT_THAT(pipeline.plugins, ElementsAre(folder.path("sub/lib")));
  EXPECT_EQ(pipeline.checkpoint, folder.path("sub/start.safetensors"));
  EXPECT_EQ(pipeline.data.dataset.type, "shapes");
  EXPECT_EQ(pipeline.data.dataset.options->at("root").text, folder.path("images"));
  EXPECT_EQ(pipeline.data.train.split, "trainval");
  ASSERT_EQ(pipeline.data.train.transforms.size(), 5U);
  const ss_options_object& resize = *pipeline.data.train.transforms[0].options;
  EXPECT_THAT(integers_of(resize.at("size")), ElementsAre(2048, 512));
  EXPECT_TRUE(resize.at("keep_ratio").boolean);
  EXPECT_THAT(doubles_of(resize.at("scale_range")), ElementsAre(0.5, 2));
  EXPECT_EQ(pipeline.data.train.transforms[1].options->at("max_class_ratio").real, 0.75);
  EXPECT_EQ(pipeline.data.evaluate.split, "null");
  EXPECT_THAT(pipeline.data.evaluate.transforms, IsEmpty());
  EXPECT_EQ(pipeline.data.workers, 0);
  EXPECT_EQ(pipeline.data.on_broken_sample, "skip");
}

TEST(Pipeline, ReadsTheModel) {
  TemporaryFolder folder;
  const ModelConfig model = read_file(folder.write("p.yaml", kFull)).model;
  EXPECT_EQ(model.backbone.kind, "ss.backbone/1");
  EXPECT_EQ(model.backbone.key_path, "model.backbone");
  EXPECT_EQ(model.backbone.options->at("depth").integer, 101);
  EXPECT_EQ(model.backbone.weights->path, folder.path("w.safetensors"));
  EXPECT_EQ(model.backbone.weights->format, "torchvision");
  EXPECT_THAT(model.features.indices, ElementsAre(0, -1, -1));
  EXPECT_TRUE(model.features.layer_norm);
  EXPECT_EQ(model.features.downsample->stride, 2);
  EXPECT_EQ(model.head->type, folder.path("my.so") + ":wide");
  EXPECT_EQ(model.memory->weights->path, folder.path("m.safetensors"));
  EXPECT_EQ(weight_of(model.losses.at(0)), 0.5);
  ASSERT_EQ(model.auxiliary.size(), 2U);
  EXPECT_THAT(model.auxiliary[0].features, ElementsAre(-2));
  EXPECT_EQ(weight_of(model.auxiliary[0].losses.at(0)), 0.2);
  EXPECT_EQ(model.auxiliary[0].head.options->at("mode").text, "concat");
  EXPECT_EQ(model.auxiliary[0].head.options->find("feature"), nullptr);
  EXPECT_THAT(model.auxiliary[1].features, ElementsAre(0, 1));
  EXPECT_EQ(weight_of(model.auxiliary[1].losses.at(0)), 0.4);
  EXPECT_EQ(model.auxiliary[1].head.key_path, "model.auxiliary.1");
  EXPECT_EQ(model.auxiliary[1].head.weights->path, folder.path("a.safetensors"));
}

TEST(Pipeline, ReadsTrainingAndEvaluation) {
  TemporaryFolder folder;
  const Pipeline pipeline = read_file(folder.write("p.yaml", kFull));
  const TrainConfig& train = pipeline.train;
  EXPECT_EQ(train.epochs, 130);
  const ss_options_object& optimizer = *train.optimizer.options;
  EXPECT_EQ(optimizer.at("weight_decay").real, 1e-4);
  EXPECT_TRUE(optimizer.at("nesterov").boolean);
  const std::vector<ss_options_object>& rules = optimizer.at("rules").children;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].at("match").text, "backbone");
  EXPECT_EQ(rules[0].at("lr_factor").real, 0.1);
  EXPECT_EQ(rules[1].at("decay_factor").real, 0);
  const ss_options_object& schedule = *train.schedule.options;
  EXPECT_EQ(schedule.at("min_lr").real, 0.0);
  EXPECT_EQ(schedule.at("warmup").at("type").text, "linear");
  EXPECT_EQ(schedule.at("warmup").at("steps").integer, 1500);
  EXPECT_EQ(train.save_every, 0);
  EXPECT_EQ(train.evaluate_every, 100);
  EXPECT_TRUE(train.resume);
  EXPECT_THAT(pipeline.evaluate.scales, ElementsAre(0.5, 1, 1.5));
  EXPECT_TRUE(pipeline.evaluate.flip);
  EXPECT_TRUE(pipeline.evaluate.save_predictions);
  EXPECT_EQ(pipeline.evaluate.report_images, 0);
}

TEST(Pipeline, ReadsSlidingWindowsAsHeightAndWidth) {
  TemporaryFolder folder;
  const std::string text =
      "evaluate: {mode: slide, crop_size: [1024, 512], stride: [341, 340], average: probabilities}\n";
  const EvaluateConfig evaluate = read_file(folder.write("p.yaml", pipeline_text("{type: wide}", text))).evaluate;
  ASSERT_TRUE(evaluate.slide);
  EXPECT_THAT(evaluate.slide->crop_size, ElementsAre(1024, 512));
  EXPECT_THAT(evaluate.slide->stride, ElementsAre(341, 340));
  EXPECT_TRUE(evaluate.average_probabilities);
}

TEST(Pipeline, ASizeAsAMapMeansTheSameWhereverItStands) {
  const Pipeline pipeline = read_text(
      "data:\n  dataset: {type: shapes}\n  train:\n    transforms:\n"
      "      - {type: resize, size: {height: 512, width: 2048}}\n"
      "      - {type: resize, size: [2048, 512]}\n"
      "      - {type: pad, size: {width: 640, height: 480}}\n"
      "      - {type: pad, size: [480, 640]}\n"
      "model: {backbone: {type: other}, head: {type: wide}}\ntrain: {steps: 1}\n"
      "evaluate: {mode: slide, crop_size: {height: 1024, width: 512}, stride: [341, 340]}\n");
  const auto& transforms = pipeline.data.train.transforms;
  EXPECT_THAT(integers_of(transforms[0].options->at("size")), ElementsAre(2048, 512));
  EXPECT_THAT(integers_of(transforms[1].options->at("size")), ElementsAre(2048, 512));
  EXPECT_THAT(integers_of(transforms[2].options->at("size")), ElementsAre(480, 640));
  EXPECT_THAT(pipeline.evaluate.slide->crop_size, ElementsAre(1024, 512));
  const std::string written = to_yaml(pipeline.resolved);
  EXPECT_THAT(written,
              AllOf(HasSubstr("crop_size: {height: 1024, width: 512}"), HasSubstr("size: {height: 512, width: 2048}"),
                    HasSubstr("size: {height: 480, width: 640}"), HasSubstr("stride: {height: 341, width: 340}")));
}

TEST(Pipeline, DefaultTransformsFollowTheImages) {
  Pipeline pipeline = read_text(pipeline_text());
  fit_default_transforms(pipeline, run::host_types(), 360, false);
  const auto size_of_transform = [&](size_t index) {
    return to_string(size_of(pipeline.data.train.transforms.at(index).options->at("size")));
  };
  EXPECT_EQ(size_of_transform(0), "{height: 360, width: 1440}");
  EXPECT_EQ(size_of_transform(1), "{height: 352, width: 352}");
  EXPECT_EQ(size_of_transform(5), "{height: 352, width: 352}");
  EXPECT_EQ(pipeline.data.evaluate.transforms.size(), 1U);
  EXPECT_THAT(to_yaml(pipeline.resolved), HasSubstr("size: {height: 360, width: 1440}"));
  fit_default_transforms(pipeline, run::host_types(), 3000, true);
  EXPECT_EQ(size_of_transform(1), "{height: 512, width: 512}");
  ASSERT_EQ(pipeline.data.evaluate.transforms.size(), 2U);
  EXPECT_EQ(to_string(size_of(pipeline.data.evaluate.transforms[0].options->at("size"))), "{height: 512, width: 2048}");
}

TEST(Pipeline, WhatIsGivenIsNoDefault) {
  Pipeline pipeline = read_text(pipeline_text("{type: wide}", ""), {"data.train.transforms=[{type: normalize}]"});
  fit_default_transforms(pipeline, run::host_types(), 360, true);
  EXPECT_EQ(pipeline.data.train.transforms.size(), 1U);
  EXPECT_EQ(pipeline.data.evaluate.transforms.size(), 1U);
}

TEST(Pipeline, ReadsBackFromWhatItIsWrittenAs) {
  TemporaryFolder folder;
  for (const std::string& text : {kFull, pipeline_text()}) {
    const Pipeline first = read_file(folder.write("p.yaml", text));
    const std::string written = to_yaml(first.resolved);
    const Pipeline second = read_file(folder.write("elsewhere/pipeline.yaml", written));
    EXPECT_EQ(to_yaml(second.resolved), written);
    EXPECT_EQ(second.name, first.name);
    EXPECT_EQ(second.output, first.output);
    EXPECT_EQ(second.model.head->type, first.model.head->type);
    EXPECT_EQ(second.data.evaluate.split, first.data.evaluate.split);
    EXPECT_EQ(second.data.train.transforms.size(), first.data.train.transforms.size());
    EXPECT_EQ(second.model.auxiliary.size(), first.model.auxiliary.size());
    EXPECT_EQ(second.data.dataset.options->at("root").text, first.data.dataset.options->at("root").text);
  }
}

TEST(Pipeline, WritesTextThatLooksLikeSomethingElseInQuotes) {
  ss_options_object map = make_map();
  for (const char* text :
       {"null", "~", "true", "5", "1e3", ".inf", "", "a: b", "# c", "caf\xc3\xa9", "x\ny", "- a", "\""}) {
    ss_options_object list = make_list({make_string(text)});
    map.set(text, std::move(list));
  }
  Problems problems;
  const Node node = load_pipeline_text(to_yaml(map), "w.yaml", {}, problems);
  ASSERT_FALSE(problems.any());
  ASSERT_EQ(node.entries.size(), map.keys.size());
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    EXPECT_EQ(node.entries[i].key, map.keys[i]);
    const Node& text = node.entries[i].value.items.at(0);
    EXPECT_EQ(text.scalar, map.keys[i]);
    EXPECT_TRUE(text.is_scalar());
  }
}

TEST(Pipeline, AMemoryAloneIsAModel) {
  const Pipeline pipeline = read_text(
      "data: {dataset: {type: shapes}}\nmodel: {backbone: {type: other}, memory: {type: recall}}\ntrain: {steps: 1}\n");
  EXPECT_FALSE(pipeline.model.head.has_value());
  EXPECT_EQ(pipeline.model.memory->options->at("momentum").real, 0.9);
}

TEST(Pipeline, NeedsNoLengthOfTrainingToEvaluate) {
  const Pipeline pipeline = read_text(
      "run: [evaluate]\ndata: {dataset: {type: shapes}}\nmodel: {backbone: {type: other}, head: {type: wide}}\n");
  EXPECT_FALSE(pipeline.train.steps.has_value());
}

}  // namespace
}  // namespace sshost::config
