// Transforms and losses of plugins in a pipeline, among the host's own.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "data/loader.h"
#include "data/transform_list.h"
#include "model/losses.h"
#include "run/transform_check.h"
#include "state/generator.h"
#include "temp_folder.h"
#include "train/workplace.h"

namespace sshost::train {
namespace {

using test::message_of;
using testing::AllOf;
using testing::HasSubstr;

const std::string kElastic = "data.train.transforms=[{type: elastic, probability: 1}, {type: normalize}]";

std::vector<data::Batch> epoch_of(const run::Session& session, int64_t workers, int64_t first_batch) {
  const auto dataset = run::open_dataset(session, "train");
  data::Loader loader(*dataset, data::make_training_transforms(session.pipeline, dataset->info(), *session.registry),
                      {.batch_size = 4, .workers = workers, .shuffle = true, .seed = 3});
  loader.start(2, first_batch);
  std::vector<data::Batch> batches;
  while (auto batch = loader.next()) batches.push_back(std::move(*batch));
  return batches;
}

TEST(TransformOfAPlugin, GivesTheSameBatchesWithAnyNumberOfWorkersAndFromAnyBatchOn) {
  const run::Session session = open_small_session({kElastic});
  const std::vector<data::Batch> whole = epoch_of(session, 0, 0), rest = epoch_of(session, 3, 2);
  ASSERT_EQ(whole.size(), rest.size() + 2);
  for (size_t i = 0; i < rest.size(); ++i) {
    EXPECT_TRUE(rest[i].images.equal(whole[i + 2].images));
    EXPECT_TRUE(rest[i].labels.equal(whole[i + 2].labels));
  }
}

TEST(TransformOfAPlugin, ChangesWhatIsTrainedWith) {
  const std::vector<data::Batch> plain =
      epoch_of(open_small_session({"data.train.transforms=[{type: normalize}]"}), 0, 0);
  const run::Session session = open_small_session({kElastic});
  const std::vector<data::Batch> changed = epoch_of(session, 0, 0);
  EXPECT_FALSE(changed[0].images.equal(plain[0].images));
  EXPECT_FALSE(changed[0].labels.equal(plain[0].labels));
}

TEST(TransformOfAPlugin, IsNoTransformOfWhatIsEvaluatedUnlessItSaysSo) {
  const run::Session session = open_small_session({"data.evaluate.transforms=[{type: elastic}, {type: normalize}]"});
  EXPECT_THAT(message_of<Error>([&] { run::check_transforms(session, run::dataset_info(session)); }),
              AllOf(HasSubstr("transform elastic ("), HasSubstr("elastic_transform.so)"), HasSubstr("for training")));
}

TEST(TransformOfAPlugin, IsNamedWithTheSampleWhereItFails) {
  const run::Session session =
      open_small_session({"data.train.transforms=[{type: faulty_shift, fault: label_outside}, {type: normalize}]"});
  EXPECT_THAT(
      message_of<Error>([&] { epoch_of(session, 0, 0); }),
      AllOf(HasSubstr("transform faulty_shift ("), HasSubstr(", sample \""), HasSubstr("9 at row 0, column 0")));
}

TEST(TransformOfAPlugin, ThatWritesBehindItsBufferIsNamed) {
  const run::Session session =
      open_small_session({"data.train.transforms=[{type: faulty_shift, fault: writes_behind}, {type: normalize}]"});
  EXPECT_THAT(message_of<Error>([&] { epoch_of(session, 2, 0); }),
              AllOf(HasSubstr("transform faulty_shift ("), HasSubstr("`apply` writes beyond its buffer")));
}

// The pipeline's first loss, and what it gives of fixed logits.
struct Losses {
  explicit Losses(const std::vector<std::string>& overrides) : session(open_small_session(overrides)) {
    const config::LossConfig& config = session.pipeline.model.losses.front();
    const plugin::Component* component =
        config.component ? &session.registry->find(config.component->kind, config.component->type) : nullptr;
    loss.emplace(config, model::Outputs(4), component);
  }

  at::Tensor value(const at::Tensor& logits, const at::Tensor& labels, const at::Tensor& divisor = {}) {
    state::StateStore store(at::kDouble);
    state::ExecutionContext context(store, state::make_generator(at::kCPU, 1));
    return (*loss)(model::label_pixels(logits, labels), divisor, &context);
  }

  run::Session session;
  std::optional<model::Loss> loss;
};

at::Tensor logits_of(int64_t images) {
  at::manual_seed(5);
  return at::randn({images, 4, 9, 7}, at::kDouble).requires_grad_();
}

at::Tensor labels_of(int64_t images) {
  at::manual_seed(6);
  const at::Tensor labels = at::randint(0, 5, {images, 9, 7}, at::kLong);
  return labels.masked_fill(labels.eq(4), 255);
}

TEST(LossOfAPlugin, EqualsTheHostsOwnOfTheSameFormula) {
  Losses own({"model.loss={type: tversky, weight: 0.5}"}), others({"model.loss={type: focal_tversky, weight: 0.5}"});
  const at::Tensor logits = logits_of(2), same = logits_of(2), labels = labels_of(2);
  const at::Tensor value = own.value(logits, labels), other = others.value(same, labels);
  EXPECT_NEAR(value.item<double>(), other.item<double>(), 1e-12);
  value.backward();
  other.backward();
  EXPECT_TRUE(at::allclose(logits.grad(), same.grad(), 1e-9, 1e-12));
}

TEST(LossOfAPlugin, OfPartsAddsUpToTheLossOfTheWhole) {
  Losses losses({"model.loss={type: faulty_nll}"});
  const at::Tensor logits = logits_of(3), labels = labels_of(3);
  const at::Tensor divisor = losses.loss->divisor(labels);
  const double whole = losses.value(logits, labels).item<double>();
  double sum = 0;
  for (int64_t image = 0; image < 3; ++image) {
    sum += losses.value(logits.narrow(0, image, 1), labels.narrow(0, image, 1), divisor).item<double>();
  }
  EXPECT_NEAR(sum, whole, 1e-12);
  EXPECT_NEAR(whole, model::compute_loss("cross_entropy", logits, labels).item<double>(), 1e-12);
}

TEST(LossOfAPlugin, IsNamedWhereItHasNoGradient) {
  Losses losses({"model.loss={type: faulty_nll, fault: detached}"});
  EXPECT_THAT(
      message_of<Error>([&] { losses.value(logits_of(1), labels_of(1)); }),
      AllOf(HasSubstr("loss faulty_nll ("), HasSubstr("faulty_loss.so)"), HasSubstr("a scalar with a gradient")));
}

TEST(LossOfAPlugin, MayBeThatOfAnAuxiliaryHead) {
  const test::TempFolder temp;
  const run::Session session = open_small_session({"model.auxiliary.0.loss={type: focal_tversky}"});
  const run::RunFolder folder = run::RunFolder::create(temp / "run", "x");
  Recorder recorder(1);
  Workplace place(session, folder, recorder);
  place.trainer().run(recorder.stop);
  ASSERT_FALSE(recorder.steps.empty());
  bool has_term = false;
  for (const LossValue& loss : recorder.steps[0].losses) has_term = has_term || loss.name == "loss.auxiliary.0";
  EXPECT_TRUE(has_term);
}

}  // namespace
}  // namespace sshost::train
