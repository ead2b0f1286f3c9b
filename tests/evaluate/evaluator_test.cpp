#include "evaluate/evaluator.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "data/transform_list.h"
#include "infer/predictor.h"
#include "train/workplace.h"

namespace sshost::evaluate {
namespace {

using test::message_of;
using test::TempFolder;
using testing::HasSubstr;

class Keeper : public EvaluationObserver {
 public:
  void on_image(const EvaluatedImage& image) override { images.push_back(image); }
  std::vector<EvaluatedImage> images;
};

// The small model with fresh weights, and its evaluation split.
class Evaluating : public testing::Test {
 protected:
  void open(const std::vector<std::string>& overrides = {}) {
    session_ = train::open_small_session(overrides);
    dataset_ = run::open_dataset(session_, "val");
    model_ = run::build_model(session_, dataset_->classes());
    loader_.emplace(*dataset_, transforms(),
                    data::LoaderOptions{.batch_size = session_.pipeline.evaluate.batch_size, .original_labels = true});
  }

  data::TransformList transforms() const {
    return data::make_evaluated_transforms(session_.pipeline, dataset_->info(), *session_.registry);
  }

  infer::Inference inference() {
    return {*model_->segmentor, model_->store, dataset_->info().classes, session_.pipeline.evaluate};
  }

  run::Session session_;
  std::unique_ptr<data::Dataset> dataset_;
  std::unique_ptr<run::Model> model_;
  std::optional<data::Loader> loader_;
  std::atomic<bool> stop_ = false;
};

TEST_F(Evaluating, CountsEveryPixelOfEveryImageAtItsOwnSize) {
  open();
  infer::Inference model = inference();
  Keeper keeper;
  const auto evaluation = evaluate(model, *loader_, 4, dataset_->size(), keeper, stop_);
  ASSERT_TRUE(evaluation);
  EXPECT_EQ(evaluation->images, 5);
  ASSERT_EQ(keeper.images.size(), 5);
  ConfusionMatrix confusion(4);
  for (const EvaluatedImage& image : keeper.images) {
    EXPECT_EQ(image.prediction.sizes(), (std::vector<int64_t>{32, 32}));
    EXPECT_EQ(image.id, dataset_->describe(image.index).id);
    confusion.add(image.prediction, image.label);
  }
  const Metrics metrics = compute_metrics(confusion.counts());
  EXPECT_EQ(evaluation->metrics.pixel_accuracy, metrics.pixel_accuracy);
  EXPECT_EQ(evaluation->metrics.mean_iou, metrics.mean_iou);
  EXPECT_EQ(evaluation->metrics.pixels, metrics.pixels);
  EXPECT_TRUE(evaluation->confusion.equal(confusion.counts()));
  EXPECT_EQ(evaluation->metrics.pixels + evaluation->ignored_pixels, 5 * 32 * 32);
  const nlohmann::json line = to_json(*evaluation, dataset_->info().classes, 1);
  EXPECT_EQ(line.at("confusion").size(), 4u);
  EXPECT_EQ(line.at("confusion")[1][2], confusion.counts()[1][2].item<int64_t>());
}

TEST_F(Evaluating, ScoresEachImageAloneAndTheWorstComesFirst) {
  open();
  infer::Inference model = inference();
  Keeper keeper;
  const auto evaluation = evaluate(model, *loader_, 4, dataset_->size(), keeper, stop_);
  ASSERT_TRUE(evaluation);
  ASSERT_EQ(evaluation->scored.size(), 5u);
  for (size_t i = 0; i < 5; ++i) {
    const auto& [index, score] = evaluation->scored[i];
    if (i > 0) {
      EXPECT_GE(score.mean_iou, evaluation->scored[i - 1].score.mean_iou);
    }
    const EvaluatedImage& image = keeper.images[static_cast<size_t>(index)];
    ConfusionMatrix confusion(4);
    confusion.add(image.prediction, image.label);
    const Metrics alone = compute_metrics(confusion.counts());
    EXPECT_DOUBLE_EQ(score.mean_iou, alone.mean_iou);
    EXPECT_DOUBLE_EQ(score.pixel_accuracy, alone.pixel_accuracy);
    EXPECT_EQ(score.pixels, alone.pixels);
    EXPECT_EQ(image.score.mean_iou, score.mean_iou);
  }
}

TEST_F(Evaluating, ComparesAtTheStoredSizeWhateverTheNetworkSees) {
  open({"data.evaluate.transforms=[{type: resize, size: [48, 40], keep_ratio: false}, {type: normalize}]"});
  infer::Inference model = inference();
  Keeper keeper;
  const auto evaluation = evaluate(model, *loader_, 4, 5, keeper, stop_);
  EXPECT_EQ(keeper.images[0].prediction.sizes(), (std::vector<int64_t>{32, 32}));
  EXPECT_EQ(evaluation->metrics.pixels, 5 * 32 * 32);
}

TEST_F(Evaluating, StopsWhenAsked) {
  open();
  infer::Inference model = inference();
  Keeper keeper;
  stop_ = true;
  EXPECT_FALSE(evaluate(model, *loader_, 4, 5, keeper, stop_));
  EXPECT_TRUE(keeper.images.empty());
}

TEST_F(Evaluating, ChangesNothingOfTheModel) {
  open({"evaluate.flip=true", "evaluate.scales=[0.5, 1]"});
  std::map<std::string, at::Tensor> before;
  for (const auto& entry : model_->store) before[entry.name] = entry.value.detach().clone();
  infer::Inference model = inference();
  Keeper keeper;
  evaluate(model, *loader_, 4, 5, keeper, stop_);
  for (const auto& entry : model_->store) EXPECT_TRUE(entry.value.equal(before[entry.name])) << entry.name;
}

TEST_F(Evaluating, APredictedFileEqualsTheEvaluatedImage) {
  open();
  infer::Inference model = inference();
  Keeper keeper;
  evaluate(model, *loader_, 4, 5, keeper, stop_);
  data::Reader reader(*dataset_);
  data::Random random = data::make_random(0, 1, 2, data::Stream::kRead);
  const cv::Mat image = reader.read(2, random).image;

  const TempFolder folder;
  cv::Mat bgr;
  cv::cvtColor(image, bgr, cv::COLOR_RGB2BGR);
  cv::imwrite((folder / "image.png").string(), bgr);
  const data::TransformList list = transforms();
  const infer::Scores scores = infer::Predictor(model, list).scores(infer::read_image(folder / "image.png"));
  EXPECT_TRUE(scores.tensor().allclose(keeper.images[2].scores.tensor(), 1e-4, 1e-5));
  EXPECT_TRUE(scores.likeliest().equal(keeper.images[2].prediction));
}

TEST_F(Evaluating, PredictsTheSameWithoutLabels) {
  open();
  infer::Inference model = inference();
  Keeper evaluated, predicted;
  evaluate(model, *loader_, 4, 5, evaluated, stop_);
  data::Loader without(*dataset_, transforms(), data::LoaderOptions{.batch_size = 2, .need_labels = false});
  EXPECT_TRUE(predict(model, without, 5, predicted, stop_));
  ASSERT_EQ(predicted.images.size(), evaluated.images.size());
  for (size_t i = 0; i < predicted.images.size(); ++i) {
    EXPECT_EQ(predicted.images[i].id, evaluated.images[i].id);
    EXPECT_TRUE(predicted.images[i].prediction.equal(evaluated.images[i].prediction));
    EXPECT_FALSE(predicted.images[i].label.defined());
  }
  stop_ = true;
  EXPECT_FALSE(predict(model, without, 5, predicted, stop_));
}

TEST(ReadImage, NamesTheFileThatIsNone) {
  const TempFolder folder;
  test::write_bytes(folder / "a.png", "x");
  EXPECT_THAT(message_of<Error>([&] { infer::read_image(folder / "a.png"); }), HasSubstr((folder / "a.png").string()));
}

TEST(EvaluationLine, HasEveryMetricOfEachClassAndItsMean) {
  const at::Tensor counts = at::tensor({3, 1, 0, 2}, at::kLong).view({2, 2});
  const Evaluation evaluation{compute_metrics(counts), counts, 0, {}, 1, 2.5};
  const nlohmann::json line = to_json(evaluation, {{"sky", {}, 0}, {"road", {}, 1}}, 40);
  for (const Metric& metric : metrics()) {
    const std::string name(metric.name);
    EXPECT_TRUE(line.contains("mean_" + name)) << name;
    EXPECT_TRUE(line.at("classes")[1].contains(name)) << name;
  }
}

TEST(EvaluationLine, HasNullWhereAValueIsNotDefined) {
  const at::Tensor counts = at::tensor({3, 0, 0, 0}, at::kLong).view({2, 2});
  const Evaluation evaluation{compute_metrics(counts), counts, 0, {}, 1, 2.5};
  const nlohmann::json line = to_json(evaluation, {{"sky", {}, 0}, {"road", {}, 1}}, 40);
  const nlohmann::json read = nlohmann::json::parse(line.dump());
  EXPECT_EQ(read.at("step"), 40);
  EXPECT_EQ(read.at("mean_iou"), 1);
  EXPECT_EQ(read.at("classes")[0].at("name"), "sky");
  EXPECT_TRUE(read.at("classes")[1].at("iou").is_null());
}

}  // namespace
}  // namespace sshost::evaluate
