// Two processes do what one does with the same batches.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "checkpoint/tensor_file.h"
#include "distributed/launch.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr double kTolerance = 1e-5;

class Distributed : public testing::Test {
 protected:
  Distributed() { write_pipeline(file("p.yaml")); }

  fs::path file(const std::string& name) const { return folder_ / name; }

  std::vector<std::string> arguments(const std::string& output, const std::vector<std::string>& overrides = {}) const {
    std::vector<std::string> words = {"run", file("p.yaml"), "--output", file(output)};
    for (const std::string& entry : overrides) words.insert(words.end(), {"--set", entry});
    return words;
  }

  void run(int count, const std::string& output, const std::vector<std::string>& overrides = {}) {
    const std::vector<cli::Outcome> outcomes = Launch(folder_.path(), count, arguments(output, overrides)).wait();
    for (const cli::Outcome& outcome : outcomes) ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  }

  std::vector<nlohmann::json> metrics(const std::string& output) const {
    std::vector<nlohmann::json> lines;
    std::ifstream stream(file(output + "/metrics.jsonl"));
    for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  std::map<std::string, at::Tensor> tensors(const std::string& output, const std::string& step = "000010") const {
    std::map<std::string, at::Tensor> found;
    const auto path = file(output + "/checkpoints/step-" + step + ".safetensors");
    for (const auto& [name, value] : checkpoint::read_tensor_file(path).tensors) found[name] = value;
    return found;
  }

  void expect_equal_losses(const std::string& one, const std::string& other) const {
    const auto left = metrics(one), right = metrics(other);
    ASSERT_EQ(left.size(), 10);
    ASSERT_EQ(right.size(), 10);
    for (size_t step = 0; step < left.size(); ++step) {
      ASSERT_EQ(left[step].at("losses").size(), right[step].at("losses").size());
      for (const auto& [name, value] : left[step].at("losses").items()) {
        EXPECT_NEAR(right[step].at("losses").at(name).get<double>(), value.get<double>(), kTolerance)
            << name << ", step " << step + 1;
      }
      EXPECT_EQ(right[step].at("images"), left[step].at("images"));
    }
  }

  // Parameters, running statistics and the memory.
  void expect_equal_tensors(const std::string& one, const std::string& other, double tolerance = kTolerance) const {
    const auto left = tensors(one), right = tensors(other);
    ASSERT_EQ(left.size(), right.size());
    for (const auto& [name, value] : left) {
      const at::Tensor difference = (right.at(name).to(at::kDouble) - value.to(at::kDouble)).abs();
      EXPECT_LE(difference.max().item<double>(), tolerance) << name;
    }
  }

  TempFolder folder_;
};

TEST_F(Distributed, TwoProcessesEqualOneWithTheWholeBatch) {
  run(1, "one");
  run(2, "two");
  expect_equal_losses("one", "two");
  expect_equal_tensors("one", "two");
  EXPECT_GT(tensors("one").at("memory.memory").abs().sum().item<double>(), 0);
  EXPECT_TRUE(metrics("one").back().at("losses").contains("loss.memory.consistency"));
}

TEST_F(Distributed, AccumulatedBatchesAreSharedToo) {
  const std::vector<std::string> overrides = {"train.accumulate=2", "train.clip_norm=0.5", "train.optimizer.type=adamw",
                                              "train.optimizer.lr=0.001"};
  run(1, "one", overrides);
  run(2, "two", overrides);
  expect_equal_losses("one", "two");
  expect_equal_tensors("one", "two");
}

TEST_F(Distributed, TorchrunStartsThemToTheSameEnd) {
  std::map<std::string, std::string> environment = python_environment();
  if (environment.empty()) GTEST_SKIP() << "there is no " SSHOST_PYTHON_PACKAGES "/torch (scripts/fetch_pytorch.sh)";
  run(1, "one");
  environment["OMP_NUM_THREADS"] = "1";
  std::vector<std::string> words = {"-m", "torch.distributed.run", "--standalone", "--nproc-per-node",
                                    "2",  "--no-python",           SSHOST_PROGRAM};
  for (const std::string& word : arguments("two")) words.push_back(word);
  const cli::Outcome outcome = cli::Program(folder_.path(), "python3", words, environment).wait();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("2 processes work together"));
  expect_equal_losses("one", "two");
  expect_equal_tensors("one", "two");
}

TEST_F(Distributed, TheMemoryMayBeAveragedAsPublished) {
  run(1, "one");
  run(2, "two", {"distributed.memory_update=average"});
  const at::Tensor exact = tensors("one").at("memory.memory");
  const at::Tensor averaged = tensors("two").at("memory.memory");
  EXPECT_GT((exact - averaged).abs().max().item<double>(), kTolerance);
  EXPECT_TRUE(averaged.isfinite().all().item<bool>());
}

TEST_F(Distributed, BatchNormsMayBeEachProcessOwn) {
  run(1, "one");
  run(2, "two", {"distributed.sync_batch_norm=false", "run=[train, evaluate]"});
  const at::Tensor exact = tensors("one").at("head.convs.0.norm.running_var");
  const at::Tensor own = tensors("two").at("head.convs.0.norm.running_var");
  EXPECT_GT((exact - own).abs().max().item<double>(), kTolerance);
  EXPECT_EQ(metrics("two").back().at("images"), 5);
}

TEST_F(Distributed, EachImageIsEvaluatedOnce) {
  run(1, "one");
  const std::string checkpoint = "checkpoint=" + file("one/checkpoints/step-000010.safetensors").string();
  for (const int count : {1, 2, 4}) {  // 5 images, 2 a batch: some ranks have fewer, or none
    run(count, "scored" + std::to_string(count), {"run=[evaluate]", checkpoint, "evaluate.save_predictions=true"});
  }
  nlohmann::json one = metrics("scored1").at(0);
  EXPECT_EQ(one.at("images"), 5);
  for (const std::string name : {"scored2", "scored4"}) {
    nlohmann::json other = metrics(name).at(0);
    other["seconds"] = one["seconds"];
    EXPECT_EQ(other, one);
    EXPECT_EQ(std::distance(fs::directory_iterator(file(name + "/predictions")), {}),
              std::distance(fs::directory_iterator(file("scored1/predictions")), {}));
    EXPECT_TRUE(fs::exists(file(name + "/report.html")));
  }
}

TEST_F(Distributed, AResumedRunGoesOnBitForBit) {
  const std::vector<std::string> dropout = {"model.head.dropout=0.5", "model.memory.dropout=0.5", "train.save_every=4",
                                            "train.keep_checkpoints=9"};
  run(2, "whole", dropout);
  std::vector<std::string> resumed = dropout;
  resumed.push_back("train.resume=true");
  resumed.push_back("checkpoint=" + file("whole/checkpoints/step-000004.safetensors").string());
  run(2, "resumed", resumed);
  expect_equal_tensors("whole", "resumed", 0);

  const cli::Outcome alone = cli::run_program(folder_.path(), arguments("alone", resumed));
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_THAT(alone.out, HasSubstr("warning: the checkpoint is of 2 processes, and now there is 1"));
}

TEST_F(Distributed, OneProcessTalksForAll) {
  Launch launch(folder_.path(), 2, arguments("run", {"run=[train, evaluate]"}));
  const std::vector<cli::Outcome> outcomes = launch.wait();
  ASSERT_EQ(outcomes[0].exit_code, 0) << outcomes[0].err;
  EXPECT_THAT(outcomes[0].out, AllOf(HasSubstr("2 processes work together"), HasSubstr("mean IoU")));
  EXPECT_EQ(outcomes[1].out, "");
  EXPECT_EQ(outcomes[0].err + outcomes[1].err, "");
}

TEST_F(Distributed, ABatchThatCannotBeSharedIsRefusedBeforeAnyWork) {
  const std::vector<cli::Outcome> outcomes = Launch(folder_.path(), 3, arguments("run")).wait();
  for (const cli::Outcome& outcome : outcomes) {
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, testing::ContainsRegex("p.yaml:[0-9]+:15: train.batch_size: expected a multiple of 3"));
  }
  EXPECT_THAT(outcomes[1].err, HasSubstr("rank 1: "));
  EXPECT_FALSE(fs::exists(file("run")));
}

}  // namespace
}  // namespace sshost::test
