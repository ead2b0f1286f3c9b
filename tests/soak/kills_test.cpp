// SIGKILL at random moments of training, saving, exporting and predicting, with two writers on one target among them:
// nothing broken ever lies under a final name, nothing that is left behind is in a later one's way, and a training goes
// on to the very weights of one that nobody disturbed.
//
// SSHOST_KILLS says how many; 24 unless told otherwise. SSHOST_KILLS_SEED repeats the moments of an earlier run.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>

#include "cli/program.h"
#include "soak/run_lines.h"
#include "soak/tensors.h"
#include "temp_folder.h"

namespace sshost::soak {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr int64_t kSteps = 10;
constexpr double kLater = 1.05, kSooner = 0.8;  // the time in which the next one of its kind is killed

// So small that most of the time of a step goes into saving it.
constexpr const char* kPipeline = R"(run: [train, evaluate]
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 12, evaluate_samples: 3}
  workers: 1
  train: {transforms: [{type: random_flip}, {type: photometric_distortion}, {type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: fcn, channels: 256}
train: {steps: 10, batch_size: 2, log_every: 1, save_every: 1, evaluate_every: 3, keep_best: 1,
        optimizer: {type: sgd, lr: 0.01}}
)";

int64_t from_environment(const char* name, int64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoll(text);
}

using Files = std::map<std::string, std::string>;  // name -> bytes

// Those under their final names.
Files files_in(const fs::path& folder) {
  Files files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".partial") continue;
    files[fs::relative(entry.path(), folder)] = test::read_bytes(entry.path());
  }
  return files;
}

// Those that are being written, or were when their process was killed.
std::set<fs::path> partial_files(const fs::path& folder) {
  std::set<fs::path> files;
  std::error_code gone;  // they come and go
  for (fs::recursive_directory_iterator entry(folder, gone), end; !gone && entry != end; entry.increment(gone)) {
    if (entry->path().extension() == ".partial") files.insert(entry->path());
  }
  return files;
}

// A model with the state of its training, which is written before it.
bool has_complete_checkpoint(const fs::path& run) {
  constexpr std::string_view kState = ".train.safetensors";
  for (const auto& entry : fs::directory_iterator(run / "checkpoints")) {
    std::string name = entry.path().string();
    if (!name.ends_with(kState)) continue;
    name.resize(name.size() - kState.size());
    if (fs::exists(name + ".safetensors")) return true;
  }
  return false;
}

class Kills : public testing::Test {
 protected:
  Kills()
      : seed_(static_cast<uint64_t>(from_environment("SSHOST_KILLS_SEED", std::random_device{}()))), random_(seed_) {
    test::write_bytes(folder_ / "p.yaml", kPipeline);
    fs::copy_file(fs::path(SSHOST_TEST_PLUGIN_DIR) / "null_backbone.so", folder_ / "null_backbone.so");
    for (const char* name : {"one", "two", "photos"}) fs::create_directory(folder_ / name);
    for (int i = 0; i < 12; ++i) {
      cv::Mat photo(48, 64, CV_8UC3);
      cv::randu(photo, 0, 255);
      cv::imwrite(folder_ / ("photos/" + std::to_string(i) + ".png"), photo);
    }
  }

  // In a folder of its own, so that two do not share the files of their output.
  cli::Program start(const std::string& where, const std::vector<std::string>& arguments) const {
    return {folder_ / where, arguments};
  }

  std::vector<std::string> training(const std::string& output, bool resume) const {
    return {"run",      folder_ / "p.yaml",
            "--output", folder_ / output,
            "--set",    std::string("train.resume=") + (resume ? "true" : "false")};
  }
  std::vector<std::string> exporting(int64_t step, const std::string& target) const {
    return {"weights", "export", reference(step), "--output", folder_ / target, "--format", "sshost"};
  }
  std::vector<std::string> predicting(int64_t step, const std::string& target) const {
    return {"predict",      folder_ / "photos",
            "--pipeline",   folder_ / "p.yaml",
            "--checkpoint", reference(step),
            "--output",     folder_ / target,
            "--format",     "index,palette,overlay,probabilities,coco"};
  }

  fs::path reference(int64_t step) const { return folder_ / "whole/checkpoints" / name_of(step); }
  static std::string name_of(int64_t step) {
    return (step < 10 ? "step-00000" : "step-0000") + std::to_string(step) + ".safetensors";
  }

  // To the end; how long that takes.
  double whole(const std::vector<std::string>& arguments) const {
    const auto begin = Clock::now();
    const cli::Outcome outcome = start("one", arguments).wait();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
    return Seconds(Clock::now() - begin).count();
  }

  // At any moment of the time that it takes, or at the first one behind it in which it writes into `folder`. How long
  // it takes depends on how busy the machine is, and how far the work is: that is learnt.
  void kill_at_random(cli::Program& victim, double& seconds, const fs::path& folder) {
    const auto at = Clock::now() + Seconds(seconds * std::uniform_real_distribution<>(0, 1)(random_));
    const bool while_writing = random_() % 2 == 0;
    const std::set<fs::path> before = partial_files(folder);
    const auto writes = [&] {
      const std::set<fs::path> now = partial_files(folder);
      return !std::includes(before.begin(), before.end(), now.begin(), now.end());
    };
    while (victim.is_running() && Clock::now() < at) std::this_thread::sleep_for(std::chrono::microseconds(500));
    while (while_writing && victim.is_running() && !writes()) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    victim.signal(SIGKILL);
    const cli::Outcome outcome = victim.wait();
    ASSERT_TRUE(outcome.exit_code == -SIGKILL || outcome.exit_code == 0) << outcome.out << outcome.err;
    const bool is_killed = outcome.exit_code == -SIGKILL;
    kills_ += is_killed;
    seconds *= is_killed ? kLater : kSooner;
  }

  // Two at once on one target, each killed at a moment of its own.
  void kill_two(const std::vector<std::string>& first, const std::vector<std::string>& second, double& seconds,
                const fs::path& folder) {
    cli::Program one = start("one", first);
    cli::Program two = start("two", second);
    double rest = seconds / 2;
    kill_at_random(one, seconds, folder);
    halves_ += static_cast<int64_t>(partial_files(folder).size());
    kill_at_random(two, rest, folder);
  }

  void check_run(const fs::path& run) {
    for (const auto& [name, bytes] : files_in(run / "checkpoints")) {
      SCOPED_TRACE(name);
      if (fs::is_symlink(run / "checkpoints" / name)) continue;
      EXPECT_EQ(tensors_of(run / "checkpoints" / name), tensors_of(folder_ / "whole/checkpoints" / name));
    }
    for (const auto& line : lines_of(run, "train")) {
      const auto& expected = losses_.at(line.at("step"));
      EXPECT_EQ(line.at("losses"), expected);
    }
  }

  void check_among(const fs::path& folder, const std::vector<const Files*>& allowed) {
    for (const auto& [name, bytes] : files_in(folder)) {
      const bool known =
          std::any_of(allowed.begin(), allowed.end(), [&, &name = name, &bytes = bytes](const Files* files) {
            const auto found = files->find(name);
            return found != files->end() && found->second == bytes;
          });
      EXPECT_TRUE(known) << name << " is neither one's nor the other's";
    }
  }

  void kill_training();
  void kill_export();
  void kill_prediction();

  test::TempFolder folder_;
  uint64_t seed_;
  std::mt19937_64 random_;
  std::map<int64_t, nlohmann::json> losses_;              // by step
  double training_ = 0, exporting_ = 0, predicting_ = 0;  // seconds
  int64_t kills_ = 0;
  int64_t halves_ = 0;    // files that a kill left half written
  int64_t finished_ = 0;  // trainings
};

void Kills::kill_training() {
  const fs::path run = folder_ / "run";
  const bool has_begun = fs::exists(run / "pipeline.yaml");
  const bool can_go_on = has_begun && has_complete_checkpoint(run);
  if (has_begun && !can_go_on) fs::remove_all(run);  // as the message of a second start says
  cli::Program victim = start("one", training("run", can_go_on));
  kill_at_random(victim, training_, run);
  if (!fs::exists(run)) return;
  halves_ += static_cast<int64_t>(partial_files(run).size());
  EXPECT_TRUE(!can_go_on || has_complete_checkpoint(run)) << "the kill lost the checkpoints that were there";
  check_run(run);
  if (!fs::exists(run / "checkpoints" / name_of(kSteps))) return;
  whole(training("run", true));
  check_run(run);
  EXPECT_EQ(lines_of(run, "train").size(), static_cast<size_t>(kSteps));
  EXPECT_TRUE(partial_files(run).empty());
  fs::remove_all(run);
  ++finished_;
}

void Kills::kill_export() {
  static const Files first = files_in(folder_ / "export-4"), second = files_in(folder_ / "export-8");
  kill_two(exporting(4, "export/model.pth"), exporting(8, "export/model.pth"), exporting_, folder_ / "export");
  halves_ += static_cast<int64_t>(partial_files(folder_ / "export").size());
  check_among(folder_ / "export", {&first, &second});
}

void Kills::kill_prediction() {
  static const Files first = files_in(folder_ / "predictions-4"), second = files_in(folder_ / "predictions-8");
  kill_two(predicting(4, "predictions"), predicting(8, "predictions"), predicting_, folder_ / "predictions");
  if (!fs::exists(folder_ / "predictions")) return;
  halves_ += static_cast<int64_t>(partial_files(folder_ / "predictions").size());
  check_among(folder_ / "predictions", {&first, &second});
}

TEST_F(Kills, LeaveNothingBrokenAndNothingInTheWay) {
  const int64_t count = from_environment("SSHOST_KILLS", 24);
  SCOPED_TRACE("SSHOST_KILLS_SEED=" + std::to_string(seed_));
  std::vector<std::string> all = training("whole", false);
  all.insert(all.end(), {"--set", "train.keep_checkpoints=100"});
  training_ = whole(all);
  for (const auto& line : lines_of(folder_ / "whole", "train")) losses_[line.at("step")] = line.at("losses");
  ASSERT_EQ(losses_.size(), static_cast<size_t>(kSteps));
  for (const int64_t step : {4, 8}) {
    const std::string number = std::to_string(step);
    fs::create_directory(folder_ / ("export-" + number));
    exporting_ = whole(exporting(step, "export-" + number + "/model.pth"));
    predicting_ = whole(predicting(step, "predictions-" + number));
  }
  fs::create_directory(folder_ / "export");

  for (int64_t round = 0; kills_ < count && !HasFatalFailure(); ++round) {
    switch (round % 4) {
      case 0:
      case 2:
        kill_training();
        break;
      case 1:
        kill_export();
        break;
      default:
        kill_prediction();
    }
  }

  whole(exporting(4, "export/model.pth"));
  whole(predicting(8, "predictions"));
  EXPECT_TRUE(partial_files(folder_ / "export").empty());
  EXPECT_TRUE(partial_files(folder_ / "predictions").empty());
  EXPECT_EQ(files_in(folder_ / "export"), files_in(folder_ / "export-4"));
  EXPECT_EQ(files_in(folder_ / "predictions"), files_in(folder_ / "predictions-8"));
  RecordProperty("kills", std::to_string(kills_));
  std::printf("%lld kills, which left %lld files half written; %lld trainings went on to their end\n",
              static_cast<long long>(kills_), static_cast<long long>(halves_), static_cast<long long>(finished_));
}

}  // namespace
}  // namespace sshost::soak
