// Ranks that were not started with the same pipeline, plugins or data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "distributed/launch.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class Identity : public testing::Test {
 protected:
  Identity() { write_pipeline(folder_ / "p.yaml"); }

  std::vector<std::string> arguments(const std::vector<std::string>& overrides) const {
    std::vector<std::string> words = {"run", folder_ / "p.yaml", "--output", folder_ / "run"};
    for (const std::string& entry : overrides) words.insert(words.end(), {"--set", entry});
    return words;
  }

  // Of rank 0 and rank 1, with these overrides.
  std::vector<cli::Outcome> run(const std::vector<std::string>& first, const std::vector<std::string>& second) {
    Launch launch(folder_.path(), 2);
    launch.start(0, arguments(first));
    launch.start(1, arguments(second));
    return launch.wait();
  }

  // What rank 0 says of the difference.
  std::string refusal(const std::vector<std::string>& first, const std::vector<std::string>& second) {
    const std::vector<cli::Outcome> outcomes = run(first, second);
    for (const cli::Outcome& outcome : outcomes) EXPECT_EQ(outcome.exit_code, 2) << outcome.err << outcome.out;
    EXPECT_THAT(outcomes[1].err, HasSubstr("rank 0 says what differs"));
    EXPECT_FALSE(fs::exists(folder_ / "run")) << "nothing is left behind";
    return outcomes[0].err;
  }

  TempFolder folder_;
};

struct Difference {
  const char* name;
  std::string override;  // of rank 1
  std::string expected;
};

class IdentityOf : public Identity, public testing::WithParamInterface<Difference> {};

TEST_P(IdentityOf, IsToldWithTheKeyAndBothValues) {
  EXPECT_THAT(refusal({}, {GetParam().override}), HasSubstr(GetParam().expected));
}

const Difference kDifferences[] = {
    {"LearningRate", "train.optimizer.lr=0.05", "train.optimizer.lr: 0.02 (rank 0), 0.05 (rank 1)"},
    {"Seed", "seed=4", "seed: 3 (rank 0), 4 (rank 1)"},
    {"Batch", "train.batch_size=8", "train.batch_size: 4 (rank 0), 8 (rank 1)"},
    {"Loss", "model.loss={type: focal}", "model.loss.type: cross_entropy (rank 0), focal (rank 1)"},
    {"Normalisation",
     "data.train.transforms=[{type: random_crop, size: [24, 24]}, {type: random_flip}, "
     "{type: random_rotation}, {type: normalize, mean: [1, 2, 3]}]",
     "data.train.transforms.3.mean: [123.675, 116.28, 103.53] (rank 0), [1, 2, 3] (rank 1)"},
    {"DataSetSize", "data.dataset.train_samples=16", "split.train.samples: 20 (rank 0), 16 (rank 1)"},
    {"Classes", "data.dataset.classes=5", "data.dataset.classes: 4 (rank 0), 5 (rank 1)"},
    {"Steps", "train.steps=12", "train.steps: 10 (rank 0), 12 (rank 1)"},
    {"What", "run=[train, evaluate]", "run: [train] (rank 0), [train, evaluate] (rank 1)"},
    {"Model", "model.head.channels=4", "model.head.channels: 8 (rank 0), 4 (rank 1)"},
};
INSTANTIATE_TEST_SUITE_P(Keys, IdentityOf, testing::ValuesIn(kDifferences),
                         [](const auto& tested) { return std::string(tested.param.name); });

// The same name and version, built otherwise.
TEST_F(Identity, OfPluginsIsThatOfTheirFiles) {
  std::vector<std::string> types;
  for (const char* rank : {"one", "other"}) {
    fs::create_directories(folder_ / rank);
    const fs::path copy = folder_ / rank / "fcn.so";
    fs::copy_file(fs::path(SSHOST_PLUGIN_DIR) / "fcn.so", copy);
    if (types.empty()) std::ofstream(copy, std::ios::app) << '\0';
    types.push_back("model.head.type=" + copy.string());
  }
  EXPECT_THAT(refusal({types[0]}, {types[1]}), HasSubstr("plugin.fcn: "));
}

TEST_F(Identity, OfADataSetIsThatOfItsNames) {
  std::vector<std::string> roots;
  for (const char* rank : {"one", "other"}) {
    fs::create_directories(folder_ / rank);
    for (const std::string number : {"1", "2", "3", "4"}) {
      // One of them has another name on the second machine.
      const std::string name = roots.empty() && number == "4" ? "5" : number;
      cv::imwrite(folder_ / rank / (name + ".jpg"), cv::Mat(32, 32, CV_8UC3, cv::Scalar(10, 20, 30)));
      cv::imwrite(folder_ / rank / (name + ".png"), cv::Mat(32, 32, CV_8UC1, cv::Scalar(1)));
    }
    roots.push_back("data.dataset={type: folder, root: " + (folder_ / rank).string() +
                    ", images: \"*.jpg\", labels: \"*.png\", classes: [a, b]}");
  }
  EXPECT_THAT(refusal({roots[0]}, {roots[1]}),
              AllOf(HasSubstr("split.train.names: "), testing::Not(HasSubstr("root"))));
}

TEST_F(Identity, SaysWhoseWorldIsOfAnotherSize) {
  Launch launch(folder_.path(), 2);
  launch.start(0, arguments({}));
  launch.start(1, arguments({"train.batch_size=6"}), {{"WORLD_SIZE", "3"}});
  for (const cli::Outcome& outcome : launch.wait()) {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err << outcome.out;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("WORLD_SIZE: rank "), HasSubstr("one of 3"), HasSubstr("one of 2")));
  }
}

TEST_F(Identity, LeavesEachMachineItsOwn) {
  const std::vector<std::string> own = {"name=other", "threads=1", "data.workers=0", "train.steps=2",
                                        "plugins=[" SSHOST_TEST_PLUGIN_DIR ", " SSHOST_PLUGIN_DIR "]"};
  for (const cli::Outcome& outcome : run({"train.steps=2"}, own)) EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

}  // namespace
}  // namespace sshost::test
