// A training on CamVid's photographs, with every augmentation at once, that is killed without a warning: what goes on
// from its checkpoint ends with the very weights and losses of a run that nobody disturbed.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include "cli/program.h"
#include "soak/run_lines.h"
#include "soak/tensors.h"
#include "temp_folder.h"

namespace sshost::soak {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSteps = 14;

constexpr const char* kPipeline = R"(run: [train]
data:
  workers: 2
  train:
    split: train
    transforms:
      - {type: resize, size: [480, 360], scale_range: [0.5, 2.0]}
      - {type: random_rotation}
      - {type: random_crop, size: [64, 96], max_class_ratio: 0.75}
      - {type: random_flip}
      - {type: photometric_distortion}
      - {type: normalize}
      - {type: pad, size: [64, 96]}
model:
  backbone: {type: resnet, depth: 18, output_stride: 16}
  head: {type: fcn, channels: 16}
  memory: {type: mcibi, channels: 16, transform_channels: 8, out_channels: 16}
train: {steps: 14, batch_size: 2, log_every: 1, save_every: 3, optimizer: {type: sgd, lr: 0.01}}
)";

class Killed : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(camvid_)) GTEST_SKIP() << "no CamVid at " << camvid_;
    test::write_bytes(folder_ / "p.yaml", kPipeline);
  }

  cli::Program start(const std::string& output, bool resume) const {
    return {
        folder_.path(),
        {"run", "p.yaml", "--output", output, "--set", "data.dataset={type: camvid, root: " + camvid_.string() + "}",
         "--set", resume ? "train.resume=true" : "train.resume=false"}};
  }

  test::TempFolder folder_;
  const fs::path camvid_ = fs::path(SSHOST_SHARED_DIR) / "data/camvid";
};

TEST_F(Killed, ARunGoesOnAsIfNothingHadHappened) {
  const cli::Outcome whole = start("whole", false).wait();
  ASSERT_EQ(whole.exit_code, 0) << whole.err;

  const int64_t kill_at = 4 + static_cast<int64_t>(std::random_device{}() % 8);
  SCOPED_TRACE("killed at step " + std::to_string(kill_at));
  cli::Program victim = start("killed", false);
  while (last_step(folder_ / "killed") < kill_at && victim.is_running()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  victim.signal(SIGKILL);
  ASSERT_EQ(victim.wait().exit_code, -SIGKILL);

  const cli::Outcome resumed = start("killed", true).wait();
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(tensors_of(folder_ / "killed/checkpoints/step-000014.safetensors"),
            tensors_of(folder_ / "whole/checkpoints/step-000014.safetensors"));
  const auto expected = lines_of(folder_ / "whole", "train"), found = lines_of(folder_ / "killed", "train");
  ASSERT_EQ(found.size(), static_cast<size_t>(kSteps));
  for (size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].at("losses"), expected[i].at("losses")) << "line " << i;
}

}  // namespace
}  // namespace sshost::soak
