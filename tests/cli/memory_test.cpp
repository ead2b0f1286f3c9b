#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "cli/checkpoint_metadata.h"
#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train]
output: run
plugins: [null_backbone.so]
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 8, evaluate_samples: 2}
  train: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  memory: {type: mcibi, channels: 8, transform_channels: 4, out_channels: 8}
train: {steps: 4, batch_size: 4, save_every: 2}
)";

class MemoryTools : public PipelineFolder {
 protected:
  MemoryTools() : PipelineFolder(kPipeline, {"null_backbone.so"}) {}
  void train(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"run", "p.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run(arguments);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  Outcome memory(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "memory");
    return run(arguments);
  }

  const std::string early_ = "run/checkpoints/step-000002.safetensors";
  const std::string late_ = "run/checkpoints/step-000004.safetensors";
};

TEST_F(MemoryTools, InspectNamesTheClassesThatAreAlikeAndDrawsThem) {
  train();
  const Outcome text = memory({"inspect", late_, "--nearest", "2", "--picture", "map.png"});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("step-000004.safetensors: step 4, 3 classes"),
                              HasSubstr("memory.memory: 1 vector of 8 numbers for each class"),
                              HasSubstr("nearest (cosine)"), HasSubstr("picture: map.png")));
  EXPECT_FALSE(cv::imread(file("map.png").string()).empty());
  EXPECT_EQ(memory({"inspect", late_, "--picture", "map.html"}).exit_code, 0);
  EXPECT_THAT(test::read_bytes(file("map.html")), AllOf(HasSubstr("<!doctype html>"), HasSubstr("data:image/png")));
}

TEST_F(MemoryTools, AMemoryOfAnotherShapeThanTheModelsIsRefused) {
  train();
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t>>{{4, 1, 6}, {2, 1, 12}, {3, 8}, {24}}) {
    edit_header(file(late_), [&](nlohmann::json& header) { header["memory.memory"]["shape"] = shape; });
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"inspect", late_}, {"diff", late_, late_}}) {
      const Outcome outcome = memory(command);
      EXPECT_EQ(outcome.exit_code, 1) << command[0];
      EXPECT_THAT(outcome.err,
                  HasSubstr("expected \"memory.memory\" in the shape that it has in the model, [3, 1, 8]"));
    }
  }
}

TEST_F(MemoryTools, DiffTellsTheWayOfEveryClass) {
  train();
  const Outcome outcome = memory({"diff", early_, late_});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("step 2, 3 classes -> step 4: moved "), HasSubstr(" -> "), HasSubstr("cosine")));
  EXPECT_THAT(memory({"diff", early_, early_}).out, HasSubstr("moved 0 on average, at most 0"));
}

TEST_F(MemoryTools, MergeSavesACheckpointThatPredictsAndResumes) {
  train();
  const Outcome outcome = memory({"merge", early_, late_, "--weights", "1,3", "--output", "merged.safetensors"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(memory({"inspect", "merged.safetensors"}).out, HasSubstr("step 2, 3 classes"));
  EXPECT_THAT(memory({"diff", early_, "merged.safetensors"}).out, Not(HasSubstr("moved 0 on average")));
  const Outcome predicted = run({"predict", "--checkpoint", "merged.safetensors", "--split", "val"});
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
}

TEST_F(MemoryTools, MergingAMemoryWithItselfChangesNothing) {
  train();
  EXPECT_EQ(memory({"merge", late_, late_, "--output", "merged.safetensors"}).exit_code, 0);
  EXPECT_EQ(test::read_bytes(file("merged.safetensors")), test::read_bytes(file(late_)));
}

TEST_F(MemoryTools, WorkOnDistributionsToo) {
  train({"--set", "model.memory={type: mcibiplusplus, channels: 8, transform_channels: 4}"});
  const Outcome outcome = memory({"inspect", late_, "--picture", "map.png"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("1 vector of 2 numbers for each class"), HasSubstr("nearest (distance)")));
  EXPECT_EQ(memory({"merge", early_, late_, "--output", "merged.safetensors"}).exit_code, 0);
}

TEST_F(MemoryTools, RefuseWhatHasNoMemoryOrDoesNotFit) {
  train();
  EXPECT_EQ(memory({"merge", early_, late_, "--weights", "1", "--output", "m.safetensors"}).exit_code, 2);
  EXPECT_EQ(memory({"merge", early_, late_, "--weights", "1,-1", "--output", "m.safetensors"}).exit_code, 2);
  EXPECT_EQ(memory({"diff", early_}).exit_code, 2);
  train({"--set", "output=other", "--set", "data.dataset.classes=4", "--set", "train.steps=1"});
  const Outcome other = memory({"diff", early_, "other/checkpoints/step-000001.safetensors"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("expected the classes of"));
  train({"--set", "output=none", "--set", "model.memory=null", "--set", "model.head={type: fcn, channels: 4}", "--set",
         "train.steps=1"});
  const Outcome none = memory({"inspect", "none/checkpoints/step-000001.safetensors"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("no class memory"));
  EXPECT_FALSE(fs::exists(file("m.safetensors")));
}

}  // namespace
}  // namespace sshost::cli
