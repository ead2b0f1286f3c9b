#include "train/trainer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "bridge/handle.h"
#include "train/workplace.h"

namespace sshost::train {
namespace {

using test::message_of;
using test::TempFolder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<double> losses_of(const Recorder& recorder) {
  std::vector<double> losses;
  for (const StepRecord& record : recorder.steps) {
    for (const LossValue& loss : record.losses) losses.push_back(loss.value);
  }
  return losses;
}

void expect_equal(const state::StateStore& one, const state::StateStore& other) {
  ASSERT_EQ(one.size(), other.size());
  for (const state::StateEntry& entry : one) {
    EXPECT_TRUE(entry.value.equal(other.find(entry.name)->value)) << entry.name;
  }
}

// Without the times.
std::vector<nlohmann::json> metrics_of(const run::RunFolder& folder) {
  std::vector<nlohmann::json> lines = folder.read_metrics();
  for (nlohmann::json& line : lines) {
    line.erase("seconds");
    line.erase("loading_seconds");
  }
  return lines;
}

// How long the first part of a run is, how many threads load in each part, and how many compute.
struct Interruption {
  int64_t steps;
  int64_t workers_before;
  int64_t workers_after;
  int threads = 1;                        // of operators
  std::vector<std::string> options = {};  // overrides of the pipeline
};

// A transform that draws a whole field of random numbers, and a loss, both out of plugins.
const std::vector<std::string> kPluginsOfOthers = {
    "data.train.transforms=[{type: elastic, probability: 0.8}, {type: random_crop, size: [24, 24]}, {type: normalize}]",
    "model.loss=[{type: cross_entropy}, {type: focal_tversky, gamma: 2, weight: 0.5}]", "train.accumulate=2"};

class Resume : public testing::TestWithParam<Interruption> {};

TEST_P(Resume, HasTheLossesOfAnUninterruptedRunBitForBit) {
  const auto& [stop_at, workers_before, workers_after, threads, options] = GetParam();
  const TempFolder temp;
  const run::Session session = open_small_session(options);
  at::set_num_threads(threads);

  const run::RunFolder whole_folder = run::RunFolder::create(temp / "whole", "x");
  Recorder whole;
  Workplace uninterrupted(session, whole_folder, whole);
  EXPECT_FALSE(uninterrupted.trainer().run(whole.stop).interrupted);

  const run::RunFolder folder = run::RunFolder::create(temp / "parts", "x");
  Recorder first(stop_at);
  {
    Workplace before(session, folder, first, workers_before);
    const TrainingResult result = before.trainer().run(first.stop);
    EXPECT_TRUE(result.interrupted);
    EXPECT_EQ(result.steps, stop_at);
  }
  Recorder second;
  Workplace after(session, folder, second, workers_after);
  after.trainer().resume(folder.newest_checkpoint().value());
  const TrainingResult result = after.trainer().run(second.stop);
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(result.steps, 12);

  std::vector<double> parts = losses_of(first);
  for (const double loss : losses_of(second)) parts.push_back(loss);
  EXPECT_EQ(parts, losses_of(whole));
  EXPECT_EQ(metrics_of(folder), metrics_of(whole_folder));
  expect_equal(after.model().store, uninterrupted.model().store);
}

// In the middle of an epoch, and at its end.
INSTANTIATE_TEST_SUITE_P(Trainer, Resume,
                         testing::Values(Interruption{7, 0, 0}, Interruption{5, 0, 2}, Interruption{11, 3, 0, 2},
                                         Interruption{6, 1, 0, 1, {"train.optimizer.type=adamw"}},
                                         Interruption{7, 0, 0, 1, {"train.accumulate=3"}},
                                         Interruption{7, 0, 0, 1, {"train.ema={decay: 0.5}"}},
                                         Interruption{7, 0, 0, 1, {"train.precision=bfloat16"}},
                                         Interruption{7, 3, 2, 1, kPluginsOfOthers}));

TEST(Trainer, CountsSavingAndEvaluatingInEpochsWhereThePipelineDoes) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  const run::Session session = open_small_session(
      {"train.epochs=3", "train.save_every_epochs=1", "train.evaluate_every_epochs=2", "train.keep_checkpoints=9"});
  Workplace place(session, folder, recorder);
  place.trainer().run(recorder.stop);
  EXPECT_EQ(recorder.evaluated, (std::vector<int64_t>{10}));  // 20 samples, 4 a step
  EXPECT_EQ(folder.checkpoint_steps(), (std::vector<int64_t>{5, 10, 15}));
}

TEST(Trainer, LearnsAndUsesAllThatTheModelHas) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  Workplace place(open_small_session({"train.steps=60"}), folder, recorder);
  std::map<std::string, at::Tensor> before;
  for (const auto& entry : place.model().store) before[entry.name] = entry.value.detach().clone();
  place.trainer().run(recorder.stop);
  for (const auto& entry : place.model().store) {
    EXPECT_FALSE(entry.value.equal(before[entry.name])) << entry.name << " has not moved";
  }
  EXPECT_LT(recorder.steps.back().loss, 0.9 * recorder.steps.front().loss);
}

TEST(Trainer, LeavesNoTensorHandleBehind) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  const int64_t before = bridge::live_handles();
  {
    Recorder recorder;
    Workplace place(open_small_session(), folder, recorder);
    place.trainer().run(recorder.stop);
  }
  EXPECT_EQ(bridge::live_handles(), before);
}

TEST(Trainer, LogsSavesAndEvaluatesWhenItIsTime) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  const run::Session session =
      open_small_session({"train.save_every=4", "train.keep_checkpoints=2", "train.evaluate_every=6"});
  Workplace(session, folder, recorder).trainer().run(recorder.stop);
  EXPECT_THAT(recorder.logged, ElementsAre(1, 5, 10, 12));
  EXPECT_THAT(recorder.saved,
              ElementsAre("step-000004.safetensors", "step-000008.safetensors", "step-000012.safetensors"));
  EXPECT_THAT(recorder.evaluated, ElementsAre(6));
  EXPECT_THAT(folder.checkpoint_steps(), ElementsAre(8, 12));

  const auto lines = folder.read_metrics();
  ASSERT_EQ(lines.size(), 4);
  EXPECT_EQ(lines[1].at("step"), 5);
  EXPECT_EQ(lines[1].at("epoch"), 1);
  EXPECT_EQ(lines[2].at("epoch"), 2);
  double sum = 0;
  for (size_t i = 1; i < 5; ++i) sum += recorder.steps[i].loss;
  EXPECT_EQ(lines[1].at("steps"), 4) << "those since step 1";
  EXPECT_NEAR(lines[1].at("loss").get<double>(), sum / 4, 1e-9);
  int64_t pixels = lines[1].at("ignored_pixels").get<int64_t>();
  for (const int64_t count : lines[1].at("class_pixels")) pixels += count;
  EXPECT_EQ(pixels, 4 * 4 * 24 * 24) << "4 steps of 4 crops";
  EXPECT_EQ(lines[1].at("losses").size(), recorder.steps[4].losses.size());
  EXPECT_EQ(checkpoint::read_checkpoint_info(*folder.newest_checkpoint()).step, 12);
}

TEST(Trainer, FollowsTheScheduleAndCountsEpochs) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  const run::Session session = open_small_session({"train.steps=null", "train.epochs=2"});
  Workplace(session, folder, recorder).trainer().run(recorder.stop);
  ASSERT_EQ(recorder.steps.size(), 10);
  const optimize::Schedule schedule(session.pipeline.train.schedule, 0.05, 10);
  for (const StepRecord& record : recorder.steps) {
    EXPECT_EQ(record.learning_rate, schedule.learning_rate(record.step - 1));
    EXPECT_EQ(record.epoch, record.step <= 5 ? 1 : 2);
    EXPECT_EQ(record.epochs, 2);
    EXPECT_EQ(record.images, 4);
  }
}

TEST(Trainer, NamesTheLossTheStepAndTheSamplesOfANaN) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  Workplace place(open_small_session(), folder, recorder);
  for (const auto& entry : place.model().store) {
    if (entry.name.starts_with("auxiliary.0") && entry.trainable) entry.value.detach().fill_(NAN);
  }
  EXPECT_THAT(message_of<Error>([&] { place.trainer().run(recorder.stop); }),
              AllOf(HasSubstr("loss.auxiliary.0 is nan at step 1 (epoch 1"), HasSubstr("samples "),
                    HasSubstr("The first output that is not finite: layer \""), HasSubstr("of auxiliary.0 "),
                    HasSubstr("No step has changed a weight yet"), Not(HasSubstr("train.optimizer.lr"))));
  EXPECT_FALSE(folder.newest_checkpoint());
}

TEST(Trainer, SavesWhereItIsStoppedBeforeTheFirstStep) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  recorder.stop = true;
  Workplace place(open_small_session(), folder, recorder);
  const TrainingResult result = place.trainer().run(recorder.stop);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.steps, 0);
  EXPECT_THAT(folder.checkpoint_steps(), ElementsAre(0));
}

TEST(Trainer, RefusesToResumeAnotherRun) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  Workplace(open_small_session({"train.steps=1"}), folder, recorder).trainer().run(recorder.stop);
  const auto path = *folder.newest_checkpoint();

  Workplace seeded(open_small_session({"seed=4"}), folder, recorder);
  EXPECT_THAT(message_of<UsageError>([&] { seeded.trainer().resume(path); }), HasSubstr("started with seed 3"));
  Workplace wider(open_small_session({"model.head.channels=16"}), folder, recorder);
  EXPECT_THAT(message_of<Error>([&] { wider.trainer().resume(path); }), HasSubstr("another shape"));
  Workplace same(open_small_session(), folder, recorder);
  std::filesystem::copy_file(checkpoint::training_state_path(path), temp / "other.train.safetensors");
  checkpoint::save_model(temp / "other.safetensors", same.model().store, {"", {{}, 255}, {}, 9});
  EXPECT_THAT(message_of<Error>([&] { same.trainer().resume(temp / "other.safetensors"); }), HasSubstr("of step 9"));
}

// LibTorch reads as many numbers behind the place of the next one as the state says are left.
TEST(Trainer, AGeneratorThatWouldReadBehindItsNumbersIsRefused) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  Workplace(open_small_session({"train.steps=1"}), folder, recorder).trainer().run(recorder.stop);
  const auto path = *folder.newest_checkpoint();
  const auto state_path = checkpoint::training_state_path(path);
  checkpoint::TrainingState state = checkpoint::load_training_state(state_path);
  ASSERT_EQ(state.generators.size(), 1U);
  at::Tensor& bytes = state.generators[0].second;
  const at::Tensor sound = bytes.clone();
  const auto resume = [&] {
    checkpoint::save_training_state(state_path, state);
    Workplace place(open_small_session(), folder, recorder);
    return message_of<Error>([&] { place.trainer().resume(path); });
  };
  EXPECT_EQ(resume(), "");
  struct Place {
    int32_t left;
    uint64_t next;
  };
  for (const Place& wrong : {Place{624, 624}, Place{2, 0}, Place{0, 625}, Place{-1, 626}, Place{1, 1U << 30}}) {
    bytes = sound.clone();
    auto* start = bytes.mutable_data_ptr<uint8_t>();
    std::memcpy(start + 8, &wrong.left, sizeof wrong.left);
    std::memcpy(start + 16, &wrong.next, sizeof wrong.next);
    EXPECT_THAT(resume(), HasSubstr("the generator \"model\" is none: it says that")) << wrong.left;
  }
  bytes = sound.narrow(0, 0, 8).clone();
  EXPECT_THAT(resume(), HasSubstr("it is too short"));
}

TEST(Trainer, AFailedSaveStopsTheRunAndKeepsTheEarlierCheckpoint) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder(6);
  const run::Session session = open_small_session({"train.save_every=4"});
  Workplace place(session, folder, recorder);
  // A folder in the way of the second checkpoint fails the save as a full disk does.
  std::filesystem::create_directories(folder.checkpoint(6));
  EXPECT_THAT(message_of<Error>([&] { place.trainer().run(recorder.stop); }),
              HasSubstr("cannot save " + folder.checkpoint(6).string()));
  EXPECT_EQ(folder.newest_checkpoint(), folder.checkpoint(4));
  EXPECT_FALSE(std::filesystem::exists(checkpoint::training_state_path(folder.checkpoint(6))));
  Recorder second;
  Workplace after(session, folder, second);
  after.trainer().resume(*folder.newest_checkpoint());
  EXPECT_EQ(after.trainer().run(second.stop).steps, 12);
  EXPECT_EQ(second.steps.front().step, 5);
}

}  // namespace
}  // namespace sshost::train
