// What a pipeline may ask of a training besides its optimiser and its schedule.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "checkpoint/tensor_file.h"
#include "train/workplace.h"

namespace sshost::train {
namespace {

using test::message_of;
using test::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using State = std::map<std::string, at::Tensor>;

State state_of(const state::StateStore& store) {
  State state;
  for (const state::StateEntry& entry : store) state[entry.name] = entry.value.detach().clone();
  return state;
}

double largest_difference(const State& one, const State& other) {
  double largest = 0;
  for (const auto& [name, value] : one) {
    largest = std::max(largest, (value.to(at::kDouble) - other.at(name)).abs().max().item<double>());
  }
  return largest;
}

struct Trained {
  State state;
  Recorder recorder;
};

// Trains the small pipeline with these overrides.
void train(Trained& trained, const std::vector<std::string>& overrides) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Workplace place(open_small_session(overrides), folder, trained.recorder);
  place.trainer().run(trained.recorder.stop);
  trained.state = state_of(place.model().store);
}

// A linear model without batch norm, dropout or memory: what a batch norm sees is the batch, however it is accumulated.
std::vector<std::string> linear(const std::string& loss, const std::string& auxiliary_loss = "{type: kl}") {
  return {"model.head={type: \"null\"}", "model.memory=null",
          "model.auxiliary=[{type: \"null\", feature: 0, loss: " + auxiliary_loss + "}]", "model.loss=" + loss};
}

std::vector<std::string> with(std::vector<std::string> overrides, const std::vector<std::string>& more) {
  overrides.insert(overrides.end(), more.begin(), more.end());
  return overrides;
}

class SumOverPixels : public testing::TestWithParam<std::string> {};

TEST_P(SumOverPixels, TwoBatchesOfTwoTrainAsOneOfFour) {
  Trained whole, parts, halves;
  const std::vector<std::string> model = linear(GetParam());
  train(whole, with(model, {"train.batch_size=4"}));
  train(parts, with(model, {"train.batch_size=2", "train.accumulate=2"}));
  train(halves, with(model, {"train.batch_size=2"}));
  ASSERT_EQ(parts.recorder.steps.size(), whole.recorder.steps.size());
  for (size_t i = 0; i < whole.recorder.steps.size(); ++i) {
    EXPECT_NEAR(parts.recorder.steps[i].loss, whole.recorder.steps[i].loss, 1e-5) << i;
    EXPECT_EQ(parts.recorder.steps[i].losses.size(), whole.recorder.steps[i].losses.size());
    EXPECT_EQ(parts.recorder.steps[i].images, 4);
    EXPECT_EQ(parts.recorder.steps[i].epoch, whole.recorder.steps[i].epoch);
  }
  EXPECT_LT(largest_difference(parts.state, whole.state), 1e-5);
  EXPECT_GT(largest_difference(halves.state, whole.state), 1e-3) << "the comparison says something";
}

INSTANTIATE_TEST_SUITE_P(Accumulate, SumOverPixels,
                         testing::Values("{type: cross_entropy, class_weights: [0.1, 1, 2, 5]}",
                                         "{type: focal, class_weights: [0.1, 1, 2, 5]}",
                                         "[{type: kl, weight: 0.5}, {type: cross_entropy}]"));

TEST(Accumulate, OtherLossesAreTheMeanOfTheBatches) {
  Trained parts, first;
  const std::vector<std::string> model = linear("{type: dice}", "{type: lovasz}");
  train(parts, with(model, {"train.batch_size=2", "train.accumulate=2", "train.steps=1"}));
  // At a rate of 0 the second step has the losses that the step's second batch has.
  train(first, with(model, {"train.batch_size=2", "train.steps=2", "train.optimizer={type: sgd, lr: 0}",
                            "train.schedule={type: constant}"}));
  const double mean = (first.recorder.steps.at(0).loss + first.recorder.steps.at(1).loss) / 2;
  EXPECT_NEAR(parts.recorder.steps.at(0).loss, mean, 1e-6);
}

TEST(Accumulate, AnEpochHasFewerSteps) {
  Trained trained;
  train(trained, {"train.epochs=2", "train.batch_size=2", "train.accumulate=4", "train.save_every_epochs=1"});
  EXPECT_EQ(trained.recorder.steps.size(), 5U);  // 20 samples an epoch, 8 a step
  EXPECT_THAT(trained.recorder.saved, ElementsAre("step-000003.safetensors", "step-000005.safetensors"))
      << "an epoch ends in the third step and with the fifth";
  EXPECT_EQ(trained.recorder.steps.back().epochs, 2);
}

// A forward in a reduced precision computes with a copy of the memory, which an update does not reach.
TEST(Precision, ReducedKeepsTheForwardsMemoryForTheBackward) {
  const auto last_loss = [](const std::string& precision, const std::string& memory_in_backward) {
    Trained trained;
    train(trained, {"train.steps=4", "train.precision=" + precision, "model.head=null",
                    "model.memory={type: mcibi, channels: 8, transform_channels: 4, out_channels: 8, dropout: 0, "
                    "memory_in_backward: " +
                        memory_in_backward + "}"});
    return trained.recorder.steps.back().loss;
  };
  EXPECT_NE(last_loss("float32", "updated"), last_loss("float32", "frozen"));
  EXPECT_EQ(last_loss("bfloat16", "updated"), last_loss("bfloat16", "frozen"));
}

TEST(Losses, SeveralOfOneHeadAreNamedByTheirTypes) {
  Trained trained;
  train(trained, with(linear("[{type: lovasz}, {type: dice, weight: 2}, {type: dice}]"), {"train.steps=1"}));
  std::vector<std::string> names;
  for (const LossValue& loss : trained.recorder.steps.at(0).losses) names.push_back(loss.name);
  EXPECT_THAT(names, ElementsAre("loss.main.lovasz", "loss.main.dice", "loss.main.dice.1", "loss.auxiliary.0"));
  const auto& losses = trained.recorder.steps.at(0).losses;
  EXPECT_NEAR(losses[1].value, 2 * losses[2].value, 1e-6);
}

TEST(Ema, OfATrainingIsWhatIsEvaluatedSavedAndLeft) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  const std::vector<std::string> options = {"train.ema={decay: 0.5, warmup: false}", "train.evaluate_every=2",
                                            "train.keep_best=1", "train.save_every=1", "train.keep_checkpoints=99"};
  Workplace place(open_small_session(options), folder, recorder);
  State expected = state_of(place.model().store);
  place.trainer().run(recorder.stop);
  std::vector<std::string> trainable;
  for (const auto& entry : place.model().store) {
    if (entry.trainable) trainable.push_back(entry.name);
  }
  for (const int64_t step : folder.checkpoint_steps()) {
    const auto raw = checkpoint::load_training_state(checkpoint::training_state_path(folder.checkpoint(step))).weights;
    const checkpoint::TensorFile saved = checkpoint::read_tensor_file(folder.checkpoint(step));
    ASSERT_EQ(raw.size(), trainable.size());
    for (const auto& [name, value] : raw) {
      expected[name] = 0.5 * expected[name] + 0.5 * value;
      EXPECT_TRUE(at::allclose(*saved.find(name), expected[name], 1e-5, 1e-6)) << name << " of step " << step;
    }
  }
  ASSERT_EQ(recorder.evaluated.back(), 12);
  for (const std::string& name : trainable) {
    EXPECT_TRUE(at::allclose(recorder.evaluated_state.at(name), expected[name], 1e-5, 1e-6)) << name;
    EXPECT_TRUE(at::allclose(place.model().store.find(name)->value, expected[name], 1e-5, 1e-6)) << name;
  }
}

TEST(Precision, InBfloat16LossesAreCloseAndWeightsStayFloat32) {
  Trained full, reduced;
  train(full, {"train.steps=3"});
  train(reduced, {"train.steps=3", "train.precision=bfloat16"});
  for (size_t i = 0; i < 3; ++i) {
    const double expected = full.recorder.steps[i].loss;
    EXPECT_NEAR(reduced.recorder.steps[i].loss, expected, 0.05 * expected) << i;
    EXPECT_NE(reduced.recorder.steps[i].loss, expected) << "nothing was computed in bfloat16";
  }
  for (const auto& [name, value] : reduced.state)
    EXPECT_EQ(value.scalar_type(), full.state[name].scalar_type()) << name;
}

TEST(Precision, Float16NeedsCuda) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  const run::Session session = open_small_session({"train.precision=float16"});
  EXPECT_THAT(message_of<UsageError>([&] { Workplace(session, folder, recorder); }),
              HasSubstr("train.precision: expected float32 or bfloat16 on the CPU, found float16"));
}

TEST(KeepBest, KeepsAndMarksTheBestEvaluatedSteps) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder;
  recorder.scores = {{2, 0.3}, {4, 0.5}, {6, 0.4}, {8, 0.2}, {10, 0.45}, {12, 0.1}};
  const run::Session session =
      open_small_session({"train.evaluate_every=2", "train.keep_best=2", "train.keep_checkpoints=1"});
  Workplace(session, folder, recorder).trainer().run(recorder.stop);
  EXPECT_THAT(recorder.evaluated, ElementsAre(2, 4, 6, 8, 10, 12));  // the last one too
  EXPECT_THAT(folder.checkpoint_steps(), ElementsAre(4, 10, 12));
  EXPECT_EQ(checkpoint::read_checkpoint_info(folder.best()).step, 4);
}

TEST(KeepBest, KnowsEarlierScoresAfterAResume) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder first(5), second;
  first.scores = second.scores = {{2, 0.3}, {4, 0.5}, {6, 0.1}, {8, 0.4}, {10, 0.35}, {12, 0.2}};
  const run::Session session =
      open_small_session({"train.evaluate_every=2", "train.keep_best=2", "train.keep_checkpoints=1"});
  Workplace(session, folder, first).trainer().run(first.stop);
  Workplace after(session, folder, second);
  after.trainer().resume(folder.newest_checkpoint().value());
  after.trainer().run(second.stop);
  EXPECT_THAT(second.evaluated, ElementsAre(6, 8, 10, 12));
  EXPECT_THAT(folder.checkpoint_steps(), ElementsAre(4, 8, 12));
  EXPECT_EQ(checkpoint::read_checkpoint_info(folder.best()).step, 4);
}

// An evaluation that was stopped is made again where the run goes on.
TEST(KeepBest, MakesUpForAnEvaluationThatWasStopped) {
  class Stopped : public Recorder {
   public:
    std::optional<double> on_evaluate(int64_t step, state::StateStore& store) override {
      Recorder::on_evaluate(step, store);
      stop = true;
      return std::nullopt;
    }
  };
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Stopped first;
  Recorder second;
  const run::Session session = open_small_session({"train.evaluate_every=5", "train.keep_best=1"});
  Workplace(session, folder, first).trainer().run(first.stop);
  Workplace after(session, folder, second);
  after.trainer().resume(folder.newest_checkpoint().value());
  after.trainer().run(second.stop);
  EXPECT_THAT(first.evaluated, ElementsAre(5));
  EXPECT_THAT(second.evaluated, ElementsAre(5, 10, 12));
}

TEST(Evaluation, ThatWasStoppedIsMadeUpForWhereverItIsMissingInTheMetrics) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder first(6), second, third;
  const run::Session session = open_small_session({"train.evaluate_every=3", "train.save_every=6"});
  Workplace(session, folder, first).trainer().run(first.stop);
  folder.append_metrics({{"kind", "evaluate"}, {"step", 3}});
  const auto go_on = [&](Recorder& recorder) {
    Workplace after(session, folder, recorder);
    after.trainer().resume(folder.checkpoint(6));
    after.trainer().run(recorder.stop);
  };
  go_on(second);
  EXPECT_THAT(second.evaluated, ElementsAre(6, 9));
  folder.append_metrics({{"kind", "evaluate"}, {"step", 6}});
  go_on(third);
  EXPECT_THAT(third.evaluated, ElementsAre(9));
}

// The checkpoints of earlier scores lie in the folder that the training came from.
TEST(KeepBest, IsOfTheFolderThatTheTrainingGoesOnIn) {
  const TempFolder temp;
  const run::RunFolder before = run::RunFolder::create(temp / "before", "x"),
                       after = run::RunFolder::create(temp / "after", "x");
  Recorder first(6), second;
  first.scores = second.scores = {{3, 0.9}, {6, 0.8}, {9, 0.4}, {12, 0.3}};
  const run::Session session =
      open_small_session({"train.evaluate_every=3", "train.keep_best=1", "train.save_every=6"});
  Workplace(session, before, first).trainer().run(first.stop);
  Workplace place(session, after, second);
  place.trainer().resume(before.checkpoint(6));
  place.trainer().run(second.stop);
  EXPECT_EQ(checkpoint::read_checkpoint_info(after.best()).step, 9);
}

TEST(EarlyStopping, EndsATrainingThatNoLongerImprovesAlsoAfterAResume) {
  const TempFolder temp;
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder first(5), second;
  first.scores = second.scores = {{2, 0.3}, {4, 0.5}, {6, 0.5}, {8, 0.4}};
  const run::Session session = open_small_session({"train.evaluate_every=2", "train.early_stopping={patience: 2}"});
  EXPECT_TRUE(Workplace(session, folder, first).trainer().run(first.stop).interrupted);
  {
    Workplace after(session, folder, second);
    after.trainer().resume(folder.newest_checkpoint().value());
    const TrainingResult result = after.trainer().run(second.stop);
    EXPECT_FALSE(result.interrupted);
    EXPECT_TRUE(result.stopped_early);
    EXPECT_EQ(result.steps, 8);
  }
  Recorder third;
  Workplace again(session, folder, third);
  again.trainer().resume(folder.newest_checkpoint().value());
  EXPECT_TRUE(again.trainer().run(third.stop).stopped_early);
  EXPECT_THAT(third.steps, IsEmpty());
}

}  // namespace
}  // namespace sshost::train
