// What a checkpoint that somebody sent makes the program do, beyond the code that it asks for (trust_test).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <opencv2/imgcodecs.hpp>

#include "cli/checkpoint_metadata.h"
#include "cli/pipeline_folder.h"

namespace sshost::cli {
namespace {

using testing::HasSubstr;

constexpr const char* kPipeline = R"(run: [train]
output: run
plugins: [null_backbone.so]
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 8, evaluate_samples: 2}
  train: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: fcn, channels: 8}
train: {steps: 1, batch_size: 4}
)";

class SentCheckpoint : public PipelineFolder {
 protected:
  SentCheckpoint() : PipelineFolder(kPipeline, {"null_backbone.so"}) {
    EXPECT_EQ(run({"run", "p.yaml"}).exit_code, 0);
    cv::imwrite(file("a.png").string(), cv::Mat(32, 32, CV_8UC3, cv::Scalar(1, 2, 3)));
  }

  // What needs the model alone.
  std::vector<std::vector<std::string>> commands() const {
    return {{"predict", "a.png", "--checkpoint", checkpoint_, "--output", "out"},
            {"validate", "--checkpoint", checkpoint_},
            {"weights", "export", checkpoint_, "--output", "x.pth"}};
  }

  const std::string checkpoint_ = file("run/checkpoints/step-000001.safetensors").string();
};

TEST_F(SentCheckpoint, IsNotBuiltLargerThanItCanBe) {
  edit_pipeline(checkpoint_, "channels: 8\n", "channels: 2000000\n");
  for (const std::vector<std::string>& command : commands()) {
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.exit_code, 1) << command[0];
    EXPECT_THAT(outcome.err, HasSubstr("larger than any that its file can hold the weights of")) << command[0];
  }
}

// Tells whether anything in a folder was looked at.
class Watch {
 public:
  explicit Watch(const std::filesystem::path& folder) : descriptor_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    EXPECT_GE(inotify_add_watch(descriptor_, folder.c_str(), IN_OPEN | IN_ACCESS), 0);
  }
  ~Watch() { close(descriptor_); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  bool saw_something() const {
    std::array<char, 4096> events{};
    return read(descriptor_, events.data(), events.size()) > 0;
  }

 private:
  int descriptor_;
};

TEST_F(SentCheckpoint, DoesNotHaveItsDataSetLookedFor) {
  std::filesystem::create_directory(file("private"));
  cv::imwrite(file("private/b.png").string(), cv::Mat(32, 32, CV_8UC3, cv::Scalar(1, 2, 3)));
  const std::string dataset = "  dataset: {type: folder, root: " + file("private").string() +
                              ", images: \"**/*\", labels: null, classes: [a, b, c]}\n";
  edit_pipeline(checkpoint_, "  dataset:\n(    .*\n)*", dataset);
  edit_pipeline(checkpoint_, "    transforms:\n(      .*\n)*", "");
  const Watch watch(file("private"));
  for (const std::vector<std::string>& command : commands()) {
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.exit_code, 0) << command[0] << outcome.err;
    EXPECT_FALSE(watch.saw_something()) << command[0];
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(file("private")), {}), 1);
  EXPECT_TRUE(watch.saw_something()) << "it tells";
}

TEST_F(SentCheckpoint, AsksForNoMoreThanAModelNeeds) {
  struct Attack {
    const char* pattern;
    const char* text;
    const char* key;
    const char* own_word;  // by which the user asks for it all the same, at a size for a test
  };
  const char* const train = "    split: train\n    transforms:\n";
  const std::vector<Attack> attacks = {
      {"threads: .*\n", "threads: 4096\n", "threads", "threads=300"},
      {"  workers: .*\n", "  workers: 256\n", "data.workers", "data.workers=65"},
      {train, "    split: train\n    transforms:\n      - {type: resize, size: [100000, 100000]}\n",
       "data.train.transforms.0.size", "data.train.transforms.0.size={height: 8192, width: 2049}"},
      {train, "    split: train\n    transforms:\n      - {type: resize, size: [1000, 1000], scale_range: [1, 100]}\n",
       "data.train.transforms.0.size", "data.train.transforms.0.size={height: 999, width: 999}"},
      {"  scales: .*\n", "  scales: [16]\n", "evaluate.scales", "evaluate.scales=[5]"},
      {"  batch_size: 1\n", "  batch_size: 100000\n", "evaluate.batch_size", "evaluate.batch_size=300"},
      {"  mode: whole\n  crop_size: .*\n  stride: .*\n",
       "  mode: slide\n  crop_size: {height: 512, width: 512}\n  stride: {height: 1, width: 1}\n", "evaluate.stride",
       "evaluate.stride={height: 7, width: 512}"}};
  const std::string pristine = test::read_bytes(checkpoint_);
  for (const Attack& attack : attacks) {
    test::write_bytes(checkpoint_, pristine);
    edit_pipeline(checkpoint_, attack.pattern, attack.text);
    for (std::vector<std::string> command : commands()) {
      const Outcome outcome = run(command);
      EXPECT_EQ(outcome.exit_code, 2) << command[0] << " " << attack.text;
      EXPECT_THAT(outcome.err, HasSubstr(std::string(": ") + attack.key + ": expected ")) << command[0];
      EXPECT_THAT(outcome.err, HasSubstr(std::string("where you want that: --set ") + attack.key + "=")) << command[0];
    }
    const Outcome wanted = run({"validate", "--checkpoint", checkpoint_, "--set", attack.own_word});
    EXPECT_EQ(wanted.exit_code, 0) << wanted.err;
  }
}

TEST_F(SentCheckpoint, IsNotOfMoreLayersThanItsFileHas) {
  edit_pipeline(checkpoint_, "convolutions: .*\n", "convolutions: 100000000\n");
  for (const std::vector<std::string>& command : commands()) {
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.exit_code, 1) << command[0];
    EXPECT_THAT(outcome.err, HasSubstr("larger than any that its file can hold the weights of")) << command[0];
  }
}

TEST_F(SentCheckpoint, ATensorOfAnotherSizeIsNotRead) {
  constexpr int64_t kHole = int64_t{1} << 40;  // of a sparse file
  int64_t end = 0;
  std::string last;
  edit_header(checkpoint_, [&](nlohmann::json& header) {
    for (auto& [name, tensor] : header.items()) {
      if (!tensor.contains("data_offsets") || tensor["data_offsets"][1].get<int64_t>() < end) continue;
      end = tensor["data_offsets"][1].get<int64_t>();
      last = name;
    }
    const auto begin = header[last]["data_offsets"][0].get<int64_t>();
    header[last]["shape"] = {(end - begin + kHole) / 4};
    header[last]["dtype"] = "F32";
    header[last]["data_offsets"] = {begin, end + kHole};
  });
  std::filesystem::resize_file(checkpoint_, std::filesystem::file_size(checkpoint_) + kHole);
  const Outcome outcome = run(commands()[0]);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("another shape (1): " + last));
}

}  // namespace
}  // namespace sshost::cli
