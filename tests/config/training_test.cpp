// The part of a pipeline that says how it is trained.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/support.h"

namespace sshost::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kStart = "data: {dataset: {type: shapes}}\nmodel: {backbone: {type: other}, head: {type: wide}}\n";

TrainConfig train(const std::string& text) { return read_text(kStart + "train: " + text + "\n").train; }

std::vector<std::string> errors(const std::string& text) { return errors_of(kStart + "train: " + text + "\n"); }

TEST(Training, AdamWHasItsOwnOptionsAndDefaults) {
  const TypedConfig plain = train("{steps: 1, optimizer: {type: adamw}}").optimizer;
  EXPECT_EQ(plain.type, "adamw");
  EXPECT_EQ(plain.options->at("lr").real, 1e-3);
  EXPECT_EQ(plain.options->at("weight_decay").real, 0.01);
  EXPECT_THAT(doubles_of(plain.options->at("betas")), ElementsAre(0.9, 0.999));
  EXPECT_EQ(plain.options->at("eps").real, 1e-8);
  const auto own = train(
                       "{steps: 1, optimizer: {type: adamw, betas: [0.5, 0.75], eps: 1e-6, rules: [{match: norm, "
                       "decay_factor: 0}]}}")
                       .optimizer.options;
  EXPECT_THAT(doubles_of(own->at("betas")), ElementsAre(0.5, 0.75));
  EXPECT_EQ(own->at("eps").real, 1e-6);
  EXPECT_EQ(own->at("rules").children.at(0).at("decay_factor").real, 0);
  EXPECT_THAT(errors("{steps: 1, optimizer: {type: adamw, momentum: 0.9}}"),
              ElementsAre(HasSubstr("train.optimizer.momentum: unknown option; adamw has: lr, betas, eps")));
  EXPECT_THAT(
      errors("{steps: 1, optimizer: {type: adamw, betas: [0.9, 0.99, 0.999]}}"),
      ElementsAre(HasSubstr("train.optimizer.betas: expected [of the mean, of the mean square], found a list of 3")));
  EXPECT_THAT(errors("{steps: 1, optimizer: {type: adamw, betas: [0.9, 1]}}"),
              ElementsAre(HasSubstr("train.optimizer.betas: expected shares below 1")));
}

TEST(Training, SchedulesHaveOptionsOfTheirOwn) {
  const TypedConfig cosine = train("{steps: 1, schedule: {type: cosine, min_lr: 0.5}}").schedule;
  EXPECT_EQ(cosine.type, "cosine");
  EXPECT_EQ(cosine.options->at("min_lr").real, 0.5);
  const auto step =
      train("{steps: 1, schedule: {type: step, milestones: [0.25, 0.5], factor: 0.5, warmup: {type: exp}}}")
          .schedule.options;
  EXPECT_THAT(doubles_of(step->at("milestones")), ElementsAre(0.25, 0.5));
  EXPECT_EQ(step->at("factor").real, 0.5);
  EXPECT_EQ(step->at("warmup").at("type").text, "exp");
  EXPECT_THAT(errors("{steps: 1, schedule: {type: step, milestones: [0.5, 0.5]}}"),
              ElementsAre(HasSubstr("train.schedule.milestones: expected rising values")));
}

TEST(Training, IntervalsMayBeCountedInEpochs) {
  const TrainConfig config = train("{epochs: 9, save_every_epochs: 1, evaluate_every_epochs: 3}");
  EXPECT_EQ(config.save_every_epochs, 1);
  EXPECT_EQ(config.evaluate_every_epochs, 3);
  EXPECT_FALSE(train("{epochs: 9}").save_every_epochs.has_value());
}

TEST(Training, GradientsAreLeftAsTheyAreUnlessALengthIsGiven) {
  EXPECT_FALSE(train("{steps: 1}").clip_norm.has_value());
  EXPECT_EQ(train("{steps: 1, clip_norm: 1}").clip_norm, 1);
  EXPECT_THAT(errors("{steps: 1, clip_norm: 0}"), ElementsAre(HasSubstr("train.clip_norm: expected")));
}

TEST(Training, LossesMayWeighClassesAndKeepHardPixelsOnly) {
  const std::string model =
      "model: {backbone: {type: other}, head: {type: wide}, loss: {weight: 2, hard_pixels: {min_kept: 5}}, "
      "auxiliary: [{type: wide, loss: {class_weights: [1, 0.5]}, loss_weight: 0.3}]}\n";
  const ModelConfig config = read_text("data: {dataset: {type: shapes}}\ntrain: {steps: 1}\n" + model).model;
  const ss_options_object& main = *config.losses.at(0).options;
  EXPECT_EQ(main.at("weight").real, 2);
  EXPECT_EQ(config.losses[0].factor, 1);
  EXPECT_EQ(main.at("hard_pixels").at("threshold").real, 0.7);
  EXPECT_EQ(main.at("hard_pixels").at("min_kept").integer, 5);
  EXPECT_TRUE(main.at("class_weights").is_null());
  const LossConfig& auxiliary = config.auxiliary.at(0).losses.at(0);
  EXPECT_THAT(doubles_of(auxiliary.options->at("class_weights")), ElementsAre(1, 0.5));
  EXPECT_EQ(auxiliary.options->at("weight").real * auxiliary.factor, 0.3);
  EXPECT_TRUE(auxiliary.options->at("hard_pixels").is_null());
}

TEST(Training, HasOptionsForLargeAndSmallMachines) {
  const TrainConfig plain = train("{steps: 1}");
  EXPECT_EQ(plain.accumulate, 1);
  EXPECT_EQ(plain.precision, "float32");
  EXPECT_FALSE(plain.ema.has_value());
  EXPECT_EQ(train("{steps: 1, accumulate: 4}").accumulate, 4);
  EXPECT_EQ(train("{steps: 1, precision: bfloat16}").precision, "bfloat16");
  EXPECT_EQ(train("{steps: 1, ema: {}}").ema.value().decay, 0.999);
  EXPECT_FALSE(train("{steps: 1, ema: {decay: 0.9, warmup: false}}").ema.value().warmup);
}

TEST(Training, WhatFollowsTheScoreNeedsEvaluations) {
  const TrainConfig config = train("{steps: 9, evaluate_every: 3, keep_best: 2, early_stopping: {patience: 1}}");
  EXPECT_EQ(config.keep_best, 2);
  EXPECT_EQ(config.early_stopping.value().patience, 1);
  EXPECT_EQ(config.early_stopping.value().min_improvement, 0);
  EXPECT_THAT(errors("{steps: 9, keep_best: 2}"),
              ElementsAre(HasSubstr("train.keep_best: expected together with train.evaluate_every")));
  EXPECT_THAT(errors("{steps: 9, early_stopping: {}}"),
              ElementsAre(HasSubstr("train.early_stopping: expected together with train.evaluate_every")));
}

std::string with_loss(const std::string& loss) {
  return "data: {dataset: {type: shapes}}\ntrain: {steps: 1}\n"
         "model: {backbone: {type: other}, head: {type: wide}, loss: " +
         loss + "}\n";
}

TEST(Training, LossesHaveOptionsOfTheirOwn) {
  const auto options_of = [](const std::string& loss) {
    return *read_text(with_loss(loss)).model.losses.at(0).options;
  };
  EXPECT_EQ(options_of("{type: focal, gamma: 3}").at("gamma").real, 3);
  EXPECT_EQ(options_of("{type: kl, smoothing: 0.2}").at("smoothing").real, 0.2);
  EXPECT_EQ(options_of("{type: dice, smooth: 2}").at("smooth").real, 2);
  EXPECT_TRUE(options_of("{type: lovasz, per_image: true}").at("per_image").boolean);
  EXPECT_THAT(errors_of(with_loss("{type: dice, gamma: 2}")),
              ElementsAre(HasSubstr("model.loss.gamma: unknown option; dice has: weight, smooth, class_weights")));
  EXPECT_THAT(
      errors_of(with_loss("{type: dise}")),
      ElementsAre(HasSubstr("model.loss.type: unknown loss \"dise\"; there are: cross_entropy, bce, focal, kl, dice, "
                            "tversky, lovasz (did you mean \"dice\"?)")));
}

TEST(Training, LossesMayBeAdded) {
  const Pipeline pipeline = read_text(with_loss("[{weight: 0.5}, {type: lovasz, weight: 2}]"));
  ASSERT_EQ(pipeline.model.losses.size(), 2U);
  EXPECT_EQ(pipeline.model.losses[0].type, "cross_entropy");
  EXPECT_EQ(pipeline.model.losses[0].options->at("weight").real, 0.5);
  EXPECT_EQ(pipeline.model.losses[1].type, "lovasz");
  EXPECT_EQ(pipeline.model.losses[1].options->at("weight").real, 2);
  EXPECT_THAT(errors_of(with_loss("[{type: kl}, {type: focal, gamma: -1}]")),
              ElementsAre(HasSubstr("model.loss.1.gamma: expected")));
  EXPECT_THAT(errors_of(with_loss("[]")), ElementsAre(HasSubstr("model.loss: expected at least 1 elements, found 0")));
  EXPECT_THAT(errors_of(with_loss("dice")), ElementsAre(HasSubstr("model.loss: expected a map")));
}

TEST(Training, LossesAreWrittenBackAsTheyWere) {
  const auto kind_of = [](const std::string& loss) {
    return read_text(with_loss(loss)).resolved.at("model").at("loss").kind;
  };
  EXPECT_EQ(kind_of("{type: dice}"), ss_options_object::Kind::kMap);
  EXPECT_EQ(kind_of("[{type: dice}]"), ss_options_object::Kind::kList);
  EXPECT_EQ(read_text(with_loss("{type: dice}"), {"model.loss.type=kl"}).model.losses.at(0).type, "kl");
}

TEST(Training, ALossOfAPluginHasTheHostsWeightBesideItsOwnOptions) {
  const Pipeline pipeline = read_text(with_loss("[{type: dice}, {type: hinge, margin: 2, weight: 0.5}]"));
  const LossConfig &own = pipeline.model.losses.at(0), &other = pipeline.model.losses.at(1);
  EXPECT_FALSE(own.component);
  ASSERT_TRUE(other.component);
  EXPECT_EQ(other.component->kind, "ss.loss/1");
  EXPECT_EQ(other.component->key_path, "model.loss.1");
  EXPECT_EQ(other.component->options->at("margin").real, 2);
  EXPECT_EQ(other.options->at("weight").real, 0.5);
  EXPECT_EQ(pipeline.resolved.at("model").at("loss").children.at(1).at("weight").real, 0.5);
  EXPECT_THAT(components_of(pipeline), testing::Contains(&*other.component));
  EXPECT_THAT(errors_of(with_loss("{type: hinge, class_weights: [1]}")),
              ElementsAre(HasSubstr("model.loss.class_weights: unknown option; hinge has: margin")));
  EXPECT_THAT(errors_of(with_loss("{type: hinge, weight: -1}")), ElementsAre(HasSubstr("model.loss.weight: expected")));
}

TEST(Training, ATransformOfAPluginIsReadWithItsOptions) {
  const Pipeline pipeline = read_text(kStart + "train: {steps: 1}\n",
                                      {"data.train.transforms=[{type: random_flip}, {type: warp, strength: 2}]"});
  const auto& transforms = pipeline.data.train.transforms;
  ASSERT_EQ(transforms.size(), 2U);
  EXPECT_FALSE(transforms[0].component);
  ASSERT_TRUE(transforms[1].component);
  EXPECT_EQ(transforms[1].component->key_path, "data.train.transforms.1");
  EXPECT_EQ(transforms[1].options->at("strength").real, 2);
  EXPECT_THAT(components_of(pipeline), testing::Contains(&*transforms[1].component));
  EXPECT_THAT(errors_of(kStart + "train: {steps: 1}\n", {"data.train.transforms=[{type: warp, strengh: 2}]"}),
              ElementsAre(HasSubstr("data.train.transforms.0.strengh: unknown option; warp has: strength")));
}

TEST(Training, TheLossesOfAnAuxiliaryHeadAreMultipliedByItsWeight) {
  const ModelConfig model =
      read_text(
          "data: {dataset: {type: shapes}}\ntrain: {steps: 1}\nmodel: {backbone: {type: other}, head: {type: wide}, "
          "auxiliary: [{type: wide, loss: [{weight: 3}, {type: dice}], loss_weight: 0.5}]}\n")
          .model;
  ASSERT_EQ(model.auxiliary.at(0).losses.size(), 2U);
  const auto weight_of = [](const LossConfig& loss) { return loss.options->at("weight").real * loss.factor; };
  EXPECT_EQ(weight_of(model.auxiliary[0].losses[0]), 1.5);
  EXPECT_EQ(weight_of(model.auxiliary[0].losses[1]), 0.5);
}

}  // namespace
}  // namespace sshost::config
