// A long training of a small model, with evaluations, that is asked to stop, at random steps, again and again: nothing
// leaks, no step and no checkpoint is lost.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "cli/program.h"
#include "soak/run_lines.h"
#include "temp_folder.h"

namespace sshost::soak {
namespace {

constexpr int64_t kSteps = 2000;
constexpr int64_t kFirst = 800;    // steps of the first start, and
constexpr int64_t kLast = 700;     // those that are left at least for the last one; in both memory is watched
constexpr int64_t kWarmUp = 200;   // steps of a process after which nothing new should be needed
constexpr int64_t kBetween = 200;  // at most so many steps between two stops

constexpr const char* kPipeline = R"(run: [train]
output: run
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 50, evaluate_samples: 4}
  workers: 1
  train: {transforms: [{type: random_flip}, {type: photometric_distortion}, {type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: fcn, channels: 8}
  memory: {type: mcibi, channels: 8, transform_channels: 4, out_channels: 8}
train: {steps: 2000, batch_size: 2, log_every: 1, save_every: 50, evaluate_every: 50, keep_checkpoints: 2,
        optimizer: {type: sgd, lr: 0.01}}
)";

class Soak : public testing::Test {
 protected:
  Soak() {
    test::write_bytes(folder_ / "p.yaml", kPipeline);
    std::filesystem::copy_file(std::filesystem::path(SSHOST_TEST_PLUGIN_DIR) / "null_backbone.so",
                               folder_ / "null_backbone.so");
  }

  cli::Program start(bool resume) const {
    return {folder_.path(), {"run", "p.yaml", "--set", resume ? "train.resume=true" : "train.resume=false"}};
  }

  // Until the run has done `step` or has ended; the kB that it held meanwhile, once it has done `from`.
  std::vector<int64_t> watch(const cli::Program& program, int64_t from, int64_t step) const {
    std::vector<int64_t> resident;
    for (int64_t done = 0; done < step && program.is_running(); done = last_step(run_)) {
      if (done >= from) resident.push_back(std::atoll(program.status("VmRSS").c_str()));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return resident;
  }

  std::filesystem::path checkpoint(int64_t step) const {
    const std::string digits = std::to_string(step);
    return run_ / "checkpoints" / ("step-" + std::string(6 - digits.size(), '0') + digits + ".safetensors");
  }

  test::TempFolder folder_;
  std::filesystem::path run_ = folder_ / "run";
};

int64_t median(std::vector<int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void expect_flat(const std::vector<int64_t>& resident) {
  ASSERT_GE(resident.size(), 30u) << "too few samples to judge";
  const auto third = static_cast<std::ptrdiff_t>(resident.size() / 3);
  const int64_t early = median({resident.begin(), resident.begin() + third});
  const int64_t late = median({resident.end() - third, resident.end()});
  EXPECT_LE(static_cast<double>(late), 1.02 * static_cast<double>(early)) << early << " -> " << late << " kB";
}

TEST_F(Soak, StopsAtRandomStepsLoseNothingAndNothingLeaks) {
  std::mt19937_64 random(20261121);
  int stops = 0;
  for (int64_t done = 0; done < kSteps; done = last_step(run_)) {
    cli::Program program = start(done > 0);
    const bool is_last = done >= kSteps - kLast - kBetween;
    const int64_t in_between = done + 1 + static_cast<int64_t>(random() % kBetween);
    const int64_t stop_at = done == 0 ? kFirst : is_last ? kSteps : in_between;
    const std::vector<int64_t> resident = watch(program, done + kWarmUp, stop_at);
    if (done == 0 || is_last) expect_flat(resident);
    program.signal(SIGTERM);
    const cli::Outcome outcome = program.wait();
    const int64_t reached = last_step(run_);
    ASSERT_GE(reached, done) << outcome.err;
    ASSERT_EQ(outcome.exit_code, reached < kSteps ? 128 + SIGTERM : 0) << outcome.out << outcome.err;
    ASSERT_TRUE(std::filesystem::exists(checkpoint(reached))) << "after step " << reached;
    ++stops;
  }
  EXPECT_GE(stops, 4);

  const auto lines = lines_of(run_, "train");
  ASSERT_EQ(lines.size(), static_cast<size_t>(kSteps));
  for (int64_t i = 0; i < kSteps; ++i) EXPECT_EQ(lines[static_cast<size_t>(i)].at("step"), i + 1);
  EXPECT_GE(lines_of(run_, "evaluate").size(), static_cast<size_t>(kSteps / 50 - stops)) << "a stop may end one early";
}

}  // namespace
}  // namespace sshost::soak
