// `--json` and `--quiet`: what scripts read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 8, evaluate_samples: 4}
  train: {transforms: [{type: random_crop, size: [32, 64]}, {type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  memory: {type: mcibi, channels: 8, transform_channels: 4, out_channels: 8}
train: {steps: 4, batch_size: 4, log_every: 2}
)";

class Json : public PipelineFolder {
 protected:
  Json() : PipelineFolder(kPipeline, kNullLibraries) {}

  // The document on standard output, which holds nothing else.
  json document(std::vector<std::string> words, int exit_code = 0) const {
    words.emplace_back("--json");
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    json read = json::parse(outcome.out, nullptr, false);
    EXPECT_FALSE(read.is_discarded()) << outcome.out;
    return read;
  }
};

TEST_F(Json, ARunTellsItsScoresAndWhereThingsAre) {
  const json run = document({"run", "p.yaml"});
  EXPECT_EQ(run.at("state"), "Finished");
  EXPECT_EQ(run.at("step"), 4);
  EXPECT_EQ(run.at("scores").at("images"), 4);
  EXPECT_TRUE(run.at("scores").at("mean_iou").is_number());
  EXPECT_EQ(run.at("scores").at("classes").size(), 3u);
  for (const char* key : {"folder", "report", "checkpoint"}) {
    EXPECT_TRUE(std::filesystem::exists(run.at(key).get<std::string>())) << key;
  }
  EXPECT_TRUE(run.at("predictions").is_null());
}

TEST_F(Json, EveryCommandWhoseResultAScriptWantsHasADocument) {
  const std::string checkpoint = document({"run", "p.yaml"}).at("checkpoint");
  const json valid = document({"validate", "p.yaml", "--print"});
  EXPECT_EQ(valid.at("valid"), true);
  EXPECT_EQ(valid.at("resolved").at("train").at("steps"), 4);
  const json plan = document({"plan", "p.yaml", "--training"});
  EXPECT_EQ(plan.at("height"), 32);
  EXPECT_EQ(plan.at("width"), 64);
  EXPECT_GT(plan.at("parameters"), 0);
  EXPECT_GT(plan.at("training").at("expected_bytes"), 0);
  EXPECT_EQ(document({"data", "doctor", "p.yaml"}).at("splits").size(), 2u);
  const json weights = document({"weights", "inspect", checkpoint});
  EXPECT_EQ(weights.at("count"), weights.at("tensors").size());
  const json memory = document({"memory", "inspect", checkpoint, "--nearest", "1"});
  EXPECT_EQ(memory.at("memories")[0].at("vectors").size(), 3u);
  EXPECT_TRUE(document({"plugins", "list"}).at("components")[0].contains("file"));
  const json psp = document({"plugins", "describe", "psp"}).at("types")[0];
  EXPECT_EQ(psp.at("kind"), "head");
  EXPECT_THAT(psp.at("options").dump(), HasSubstr("\"name\":\"scales\""));
  document({"run", "p.yaml", "--output", "other"});
  const json compared = document({"compare", "run", "other"});
  EXPECT_EQ(compared.at("runs").size(), 2u);
  EXPECT_EQ(compared.at("runs")[1].at("steps"), 4);
  EXPECT_EQ(document({"predict", "--split", "val", "--checkpoint", checkpoint}).at("predicted"), 4);
  EXPECT_EQ(
      document({"weights", "import", checkpoint, "--pipeline", "p.yaml", "--output", "i.safetensors"}).at("saved"),
      "i.safetensors");
}

TEST_F(Json, WhatIsWrittenFromCheckpointsAndDataHasADocumentToo) {
  const std::string last = document({"run", "p.yaml"}).at("checkpoint");
  const json preview = document({"data", "preview", "p.yaml", "--count", "2", "--sheet", "s.png"});
  EXPECT_EQ(preview, json({{"sheet", "s.png"}, {"split", "train"}, {"samples", 8}, {"shown", 2}}));
  const json exported = document({"weights", "export", last, "--format", "sshost", "--output", "e.safetensors"});
  EXPECT_EQ(exported.at("saved"), "e.safetensors");
  EXPECT_EQ(exported.at("tensors"), document({"weights", "inspect", "e.safetensors"}).at("count"));
  const json moved = document({"memory", "diff", last, last}).at("memories")[0];
  EXPECT_EQ(moved.at("vectors").size(), 3U);
  EXPECT_EQ(moved.at("vectors")[0].at("moved"), 0);
  EXPECT_EQ(moved.at("vectors")[0].at("norms")[0], moved.at("vectors")[0].at("norms")[1]);
  const json merged = document({"memory", "merge", last, last, "--output", "m.safetensors"});
  EXPECT_EQ(merged, json({{"saved", "m.safetensors"},
                          {"checkpoints", {last, last}},
                          {"memories", {moved.at("name").get<std::string>()}}}));
}

TEST_F(Json, AMistakeInThePipelineHasItsPlace) {
  test::write_bytes(file("wrong.yaml"), std::string(kPipeline) + "seed: minus one\n");
  const json error = document({"validate", "wrong.yaml", "--set", "model.memory.chanels=8"}, 2).at("error");
  EXPECT_EQ(error.at("kind"), "usage");
  ASSERT_EQ(error.at("problems").size(), 2u);
  const json& first = error.at("problems")[0];
  EXPECT_EQ(first.at("file"), "wrong.yaml");
  EXPECT_EQ(first.at("line"), 11);
  EXPECT_EQ(first.at("column"), 7);
  EXPECT_EQ(first.at("key"), "seed");
  EXPECT_THAT(first.at("message"), HasSubstr("expected"));
  EXPECT_EQ(error.at("problems")[1].at("file"), "--set model.memory.chanels=8");
  EXPECT_TRUE(error.at("problems")[1].at("line").is_null());
}

TEST_F(Json, OtherErrorsAreDocumentsToo) {
  EXPECT_EQ(document({"fly"}, 2).at("error").at("kind"), "usage");
  EXPECT_EQ(document({"validate", "absent.yaml"}, 2).at("error").at("kind"), "usage");
  const json failure =
      document({"run", "p.yaml", "--set", "data.dataset={type: camvid, root: nowhere}"}, 1).at("error");
  EXPECT_EQ(failure.at("kind"), "failure");
  EXPECT_THAT(failure.at("message"), HasSubstr("nowhere"));
}

TEST_F(Json, QuietLeavesOnlyWarningsAndWhatWasAskedFor) {
  EXPECT_EQ(run({"validate", "p.yaml", "-q"}).out, "");
  const Outcome quiet = run({"run", "p.yaml", "--quiet"});
  EXPECT_EQ(quiet.exit_code, 0) << quiet.err;
  EXPECT_EQ(quiet.out, "");
  EXPECT_THAT(test::read_bytes(file("run/log.txt")), HasSubstr("step 4/4")) << "the log has all";
  const Outcome plan = run({"plan", "p.yaml", "-q"});
  EXPECT_THAT(plan.out, HasSubstr("parameters "));
}

TEST_F(Json, PlanTakesThePipelinesCropAndLeavesOutTheTrainingUnlessAsked) {
  const Outcome plan = run({"plan", "p.yaml"});
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("{height: 32, width: 64}: the pipeline's random_crop"));
  EXPECT_THAT(plan.out, Not(HasSubstr("training")));
  EXPECT_THAT(run({"plan", "p.yaml", "--training"}).out, HasSubstr("training  "));
  EXPECT_THAT(run({"plan", "p.yaml", "--set", "data.train.transforms=[]"}).out, HasSubstr("has no crop"));
}

}  // namespace
}  // namespace sshost::cli
