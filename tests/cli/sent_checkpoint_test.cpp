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

}  // namespace
}  // namespace sshost::cli
