// Pipelines with independent outputs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/support.h"

namespace sshost::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string pipeline(const std::string& model, const std::string& rest = "") {
  return "data: {dataset: {type: shapes}}\nmodel: {backbone: {type: other}, head: {type: wide}, " + model +
         "}\ntrain: {steps: 1}\n" + rest;
}

TEST(IndependentOutputs, HaveDefaultsOfTheirOwn) {
  const Pipeline read = read_text(pipeline("outputs: independent, background: none, auxiliary: [{type: thin}]"));
  EXPECT_TRUE(read.model.independent);
  EXPECT_EQ(read.model.background, "none");
  EXPECT_EQ(read.model.losses.at(0).type, "bce");
  EXPECT_EQ(read.model.auxiliary.at(0).losses.at(0).type, "bce");
  EXPECT_THAT(read.evaluate.thresholds, ElementsAre(0.5));
  EXPECT_THAT(read.evaluate.prediction_formats, ElementsAre("masks", "overlay"));
}

TEST(IndependentOutputs, TakeAThresholdForAllOrForEach) {
  const auto thresholds = [](const std::string& text) {
    return read_text(pipeline("outputs: independent", "evaluate: {threshold: " + text + "}\n")).evaluate.thresholds;
  };
  EXPECT_THAT(thresholds("0.3"), ElementsAre(0.3));
  EXPECT_THAT(thresholds("[0.3, 0.9]"), ElementsAre(0.3, 0.9));
}

TEST(IndependentOutputs, ReadBackFromWhatTheyAreWrittenAs) {
  for (const char* outputs : {"outputs: independent, background: none", "outputs: exclusive"}) {
    const std::string written = to_yaml(read_text(pipeline(outputs)).resolved);
    EXPECT_EQ(to_yaml(read_text(written).resolved), written);
  }
}

TEST(IndependentOutputs, RefuseWhatDoesNotFit) {
  EXPECT_THAT(
      errors_of(pipeline("outputs: independent, loss: [{type: dice}, {type: lovasz}]")),
      ElementsAre("p.yaml:2:104: model.loss.1.type: expected one of bce, focal, dice, tversky with model.outputs: "
                  "independent, where a pixel may be of several classes or none; found lovasz"));
  EXPECT_THAT(errors_of(pipeline("loss: {type: bce}")),
              ElementsAre(HasSubstr("model.loss.type: expected one of cross_entropy, focal, kl, dice, tversky, lovasz "
                                    "with model.outputs: exclusive")));
  EXPECT_THAT(errors_of(pipeline("outputs: independent, auxiliary: [{type: thin, loss: {type: kl}}]")),
              ElementsAre(HasSubstr("model.auxiliary.0.loss.type: expected one of bce")));
  EXPECT_THAT(errors_of(pipeline("outputs: independent, memory: {type: recall}")),
              ElementsAre(HasSubstr("model.outputs: expected exclusive with a memory")));
  EXPECT_THAT(errors_of(pipeline("background: none")),
              ElementsAre(HasSubstr("model.background: expected only with model.outputs: independent")));
  EXPECT_THAT(errors_of(pipeline("outputs: exclusive", "evaluate: {threshold: 0.5}\n")),
              ElementsAre(HasSubstr("evaluate.threshold: expected only with model.outputs: independent")));
  EXPECT_THAT(errors_of(pipeline("outputs: independent", "evaluate: {prediction_formats: [overlay, palette]}\n")),
              ElementsAre(HasSubstr("evaluate.prediction_formats: expected masks, overlay, probabilities or "
                                    "probabilities_float16 with model.outputs: independent; found palette")));
}

}  // namespace
}  // namespace sshost::config
