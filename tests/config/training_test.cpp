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
  const OptimizerConfig plain = train("{steps: 1, optimizer: {type: adamw}}").optimizer;
  EXPECT_EQ(plain.type, "adamw");
  EXPECT_EQ(plain.lr, 1e-3);
  EXPECT_EQ(plain.weight_decay, 0.01);
  EXPECT_THAT(plain.betas, ElementsAre(0.9, 0.999));
  EXPECT_EQ(plain.eps, 1e-8);
  const OptimizerConfig own = train(
                                  "{steps: 1, optimizer: {type: adamw, betas: [0.5, 0.75], eps: 1e-6, rules: [{match: "
                                  "norm, decay_factor: 0}]}}")
                                  .optimizer;
  EXPECT_THAT(own.betas, ElementsAre(0.5, 0.75));
  EXPECT_EQ(own.eps, 1e-6);
  EXPECT_EQ(own.rules.at(0).decay_factor, 0);
  EXPECT_THAT(errors("{steps: 1, optimizer: {type: adamw, momentum: 0.9}}"),
              ElementsAre(HasSubstr("train.optimizer.momentum: unknown option; adamw has: lr, betas, eps")));
  EXPECT_THAT(
      errors("{steps: 1, optimizer: {type: adamw, betas: [0.9, 0.99, 0.999]}}"),
      ElementsAre(HasSubstr("train.optimizer.betas: expected [of the mean, of the mean square], found a list of 3")));
}

TEST(Training, SchedulesHaveOptionsOfTheirOwn) {
  const ScheduleConfig cosine = train("{steps: 1, schedule: {type: cosine, min_lr: 0.5}}").schedule;
  EXPECT_EQ(cosine.type, "cosine");
  EXPECT_EQ(cosine.min_lr, 0.5);
  const ScheduleConfig step =
      train("{steps: 1, schedule: {type: step, milestones: [0.25, 0.5], factor: 0.5, warmup: {type: exp}}}").schedule;
  EXPECT_THAT(step.milestones, ElementsAre(0.25, 0.5));
  EXPECT_EQ(step.factor, 0.5);
  EXPECT_EQ(step.warmup.type, "exp");
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
  EXPECT_EQ(config.loss.weight, 2);
  EXPECT_EQ(config.loss.hard_pixels.value().threshold, 0.7);
  EXPECT_EQ(config.loss.hard_pixels.value().min_kept, 5);
  EXPECT_TRUE(config.loss.class_weights.empty());
  EXPECT_THAT(config.auxiliary.at(0).loss.class_weights, ElementsAre(1, 0.5));
  EXPECT_EQ(config.auxiliary.at(0).loss.weight, 0.3);
  EXPECT_FALSE(config.auxiliary.at(0).loss.hard_pixels.has_value());
}

}  // namespace
}  // namespace sshost::config
