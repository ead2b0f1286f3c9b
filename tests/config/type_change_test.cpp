// What becomes of a component's options when the command line changes its type.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/support.h"

namespace sshost::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kWide = pipeline_text("{type: wide, channels: 64, dropout: 0.5}");

TEST(TypeChange, KeepsWhatFitsAndDropsTheRestWithALine) {
  const Pipeline pipeline = read_text(kWide, {"model.head.type=thin"});
  EXPECT_EQ(pipeline.model.head->type, "thin");
  EXPECT_EQ(pipeline.model.head->options->at("channels").integer, 64);
  EXPECT_THAT(notices_of(kWide, {"model.head.type=thin"}),
              ElementsAre("model.head: dropped dropout, written for wide: thin does not take it"));
}

TEST(TypeChange, DropsAValueThatTheNewTypeRefuses) {
  const std::string text = pipeline_text("{type: wide, channels: 4096, dilations: [1, 2]}");
  EXPECT_THAT(notices_of(text, {"model.head.type=thin"}),
              ElementsAre("model.head: dropped channels, dilations, written for wide: thin does not take them"));
  EXPECT_EQ(read_text(text, {"model.head.type=thin"}).model.head->options->at("channels").integer, 256);
}

TEST(TypeChange, WhatTheCommandLineGivesItselfIsAnError) {
  for (const auto& overrides : {std::vector<std::string>{"model.head.type=thin", "model.head.dropout=0.2"},
                                std::vector<std::string>{"model.head.dropout=0.2", "model.head.type=thin"}}) {
    EXPECT_THAT(
        errors_of(kWide, overrides),
        ElementsAre("--set model.head.dropout=0.2: model.head.dropout: unknown option; thin has: channels, mode, "
                    "dilations"));
  }
}

TEST(TypeChange, AValueOfTheCommandLineGoesToTheNewType) {
  const Pipeline pipeline = read_text(kWide, {"model.head.channels=32", "model.head.type=thin"});
  EXPECT_EQ(pipeline.model.head->options->at("channels").integer, 32);
}

TEST(TypeChange, DropsTheWeightsOfTheOldType) {
  const std::string text =
      "data: {dataset: {type: shapes}}\ntrain: {steps: 1}\n"
      "model: {backbone: {type: net, depth: 50, weights: w.safetensors}, head: {type: wide}}\n";
  EXPECT_TRUE(read_text(text).model.backbone.weights.has_value());
  EXPECT_FALSE(read_text(text, {"model.backbone.type=other"}).model.backbone.weights.has_value());
  EXPECT_THAT(notices_of(text, {"model.backbone.type=other"}),
              ElementsAre("model.backbone: dropped weights, written for net"));
  const Pipeline own = read_text(text, {"model.backbone.type=other", "model.backbone.weights=/w.safetensors"});
  EXPECT_EQ(own.model.backbone.weights->path, "/w.safetensors");
}

TEST(TypeChange, TheSameTypeAgainChangesNothing) {
  EXPECT_THAT(notices_of(kWide, {"model.head.type=wide"}), IsEmpty());
  EXPECT_THAT(notices_of(kWide, {"model.head.type=thin", "model.head.type=wide"}), IsEmpty());
}

TEST(TypeChange, HoldsForTheHostsOwnTypesToo) {
  const std::vector<std::string> overrides{"train.schedule.type=constant"};
  std::string with_schedule = pipeline_text();
  with_schedule.replace(with_schedule.find("{steps: 10}"), 11, "{steps: 10, schedule: {power: 0.5}}");
  EXPECT_EQ(read_text(with_schedule, overrides).train.schedule.type, "constant");
  EXPECT_THAT(notices_of(with_schedule, overrides), ElementsAre(HasSubstr("train.schedule: dropped power")));
}

TEST(TypeChange, AnErrorInAnotherPartIsStillReported) {
  EXPECT_THAT(errors_of(kWide, {"model.head.type=thin", "train.batch_size=0"}),
              ElementsAre(HasSubstr("--set train.batch_size=0: train.batch_size: expected an integer of at least 1")));
}

}  // namespace
}  // namespace sshost::config
