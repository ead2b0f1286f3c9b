// Transforms and losses of plugins, seen by a person: as other kinds, and beside the program's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/pipeline_folder.h"

namespace sshost::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 8, evaluate_samples: 4}
  train: {transforms: [{type: elastic, probability: 1}, {type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: fcn, channels: 8, convolutions: 1}
  loss: [{type: cross_entropy}, {type: focal_tversky, weight: 0.5}]
train: {steps: 2, batch_size: 4, log_every: 1, optimizer: {type: sgd, lr: 0.01}}
)";

class PluginKinds : public PipelineFolder {
 protected:
  PluginKinds()
      : PipelineFolder(kPipeline, {"null_backbone.so", "elastic_transform.so", "tversky_loss.so", "faulty_transform.so",
                                   "faulty_loss.so"}) {}
};

TEST_F(PluginKinds, TrainAndEvaluate) {
  const Outcome outcome = run({"run", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(test::read_bytes(file("run/metrics.jsonl")), HasSubstr("loss.main.focal_tversky"));
  EXPECT_THAT(test::read_bytes(file("run/pipeline.yaml")),
              AllOf(HasSubstr("elastic_transform.so"), HasSubstr("tversky_loss.so")))
      << "the run's own pipeline finds what lay beside the first one";
  EXPECT_EQ(run({"validate", "run/pipeline.yaml"}).exit_code, 0);
}

TEST_F(PluginKinds, HaveTheirOptionsChecked) {
  const Outcome outcome =
      run({"validate", "p.yaml", "--set", "data.train.transforms.0.strenght=3", "--set", "model.loss.1.gamma=0"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("data.train.transforms.0.strenght: unknown option; elastic has: "
                                           "probability, cell, strength"),
                                 HasSubstr("model.loss.1.gamma: expected")));
}

TEST_F(PluginKinds, AnUnknownNameListsTheProgramsOwnAndThoseOfPlugins) {
  const Outcome outcome = run({"validate", "p.yaml", "--set", "data.train.transforms.0={type: elastc}"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("unknown transform \"elastc\"; there are: resize"),
                                 HasSubstr("elastic, faulty_shift (did you mean \"elastic\"?)")));
}

TEST_F(PluginKinds, AreCreatedBeforeAnyWork) {
  for (const char* command : {"validate", "plan", "run"}) {
    const Outcome outcome = run({command, "p.yaml", "--set", "data.evaluate.transforms=[{type: elastic}]"});
    EXPECT_EQ(outcome.exit_code, 1) << command;
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr("transform elastic ("), HasSubstr("it is for training"), Not(HasSubstr("step 1/2"))));
  }
}

TEST_F(PluginKinds, AreNamedWhereTheyFail) {
  const Outcome loss = run({"run", "p.yaml", "--set", "model.loss={type: faulty_nll, fault: exit}", "--output", "one"});
  EXPECT_EQ(loss.exit_code, 1);
  EXPECT_THAT(loss.err, AllOf(HasSubstr("loss faulty_nll ("), HasSubstr("it ended the process by exit()")));
  const Outcome transform =
      run({"run", "p.yaml", "--set", "data.train.transforms.0={type: faulty_shift, fault: exit}", "--output", "two"});
  EXPECT_EQ(transform.exit_code, 1);
  EXPECT_THAT(transform.err, AllOf(HasSubstr("transform faulty_shift ("), HasSubstr("it ended the process by exit()")));
}

TEST_F(PluginKinds, AnExceptionThatLeavesAFunctionOfTheContractIsNamed) {
  const Outcome outcome = run({"run", "p.yaml", "--set",
                               "data.train.transforms.0={type: faulty_shift, fault: "
                               "throw_in_sizes}"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("transform faulty_shift ("), HasSubstr("no luck in sizes")));
}

TEST_F(PluginKinds, AreListedDescribedAndExplained) {
  EXPECT_THAT(run({"plugins", "list", "elastic_transform.so", "tversky_loss.so"}).out,
              AllOf(HasSubstr("transform"), HasSubstr("elastic"), HasSubstr("focal_tversky")));
  EXPECT_THAT(run({"plugins", "describe", "./elastic_transform.so"}).out,
              AllOf(HasSubstr("transform elastic: a smooth random deformation"), HasSubstr("strength")));
  EXPECT_THAT(run({"plugins", "why", "elastic", "elastic_transform.so"}).out, HasSubstr("transform elastic ("));
  const Outcome own = run({"plugins", "why", "random_flip"});
  EXPECT_EQ(own.exit_code, 0);
  EXPECT_THAT(own.out, HasSubstr("transform random_flip, part of sshost"));
}

}  // namespace
}  // namespace sshost::cli
