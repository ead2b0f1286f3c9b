// Every tensor that a plugin was lent or gave is let go of again, by all of a run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bridge/handle.h"
#include "data/transform_list.h"
#include "evaluate/evaluator.h"
#include "train/workplace.h"

namespace sshost::train {
namespace {

using testing::UnorderedElementsAre;

std::vector<std::string> names_of(const std::vector<LossValue>& losses) {
  std::vector<std::string> names;
  for (const LossValue& loss : losses) names.push_back(loss.name);
  return names;
}

// A head as the context of a memory, with an auxiliary head and the loss that follows the memory's update.
TEST(Handles, NoneIsLeftByTrainingEvaluationAndPrediction) {
  const int64_t before = bridge::live_handles();
  {
    const test::TempFolder temp;
    const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
    const run::Session session = open_small_session({"train.steps=3", "train.accumulate=2", "evaluate.flip=true"});
    Recorder recorder;
    Workplace place(session, folder, recorder);
    place.trainer().run(recorder.stop);
    ASSERT_EQ(recorder.steps.size(), 3U);
    EXPECT_THAT(names_of(recorder.steps.back().losses),
                UnorderedElementsAre("loss.main", "loss.memory.coarse", "loss.memory.consistency", "loss.auxiliary.0"));

    const auto dataset = run::open_dataset(session, "val");
    const auto transforms = [&] {
      return data::make_evaluated_transforms(session.pipeline, dataset->info(), *session.registry);
    };
    data::Loader labelled(*dataset, transforms(), {.batch_size = 2, .original_labels = true});
    infer::Inference inference(*place.model().segmentor, place.model().store, dataset->info().classes,
                               session.pipeline.evaluate);
    evaluate::EvaluationObserver observer;
    EXPECT_TRUE(evaluate::evaluate(inference, labelled, dataset->classes(), dataset->size(), observer, recorder.stop));
    data::Loader unlabelled(*dataset, transforms(), {.batch_size = 2, .need_labels = false});
    EXPECT_TRUE(evaluate::predict(inference, unlabelled, dataset->size(), observer, recorder.stop));
  }
  EXPECT_EQ(bridge::live_handles(), before);
}

}  // namespace
}  // namespace sshost::train
