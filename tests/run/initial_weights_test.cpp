#include "run/initial_weights.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "checkpoint/tensor_file.h"
#include "train/workplace.h"

namespace sshost::run {
namespace {

using test::message_of;
using test::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::filesystem::path imagenet() {
  return std::filesystem::weakly_canonical(SSHOST_SHARED_DIR) / "data/weights/resnet50_imagenet.safetensors";
}

std::string backbone(int depth, const std::filesystem::path& weights) {
  return "model.backbone={type: resnet, depth: " + std::to_string(depth) +
         ", style: caffe, stem: conv7x7, weights: " + weights.string() + "}";
}

TEST(InitialWeights, AnImageNetResNetFillsTheBackbone) {
  if (!std::filesystem::exists(imagenet())) GTEST_SKIP() << imagenet() << " is not there";
  const Session session = train::open_small_session({backbone(50, imagenet())});
  const auto model = build_model(session, 4);
  const auto imports = load_initial_weights(model->store, *model->segmentor, session.pipeline.model, {false, {}});
  ASSERT_EQ(imports.size(), 1);
  EXPECT_EQ(imports[0].component, "model.backbone");
  EXPECT_EQ(imports[0].report.format, "torchvision");
  EXPECT_EQ(imports[0].report.used.size(), 265);  // 53 convolutions, each with a norm of four tensors
  EXPECT_THAT(imports[0].report.unused, UnorderedElementsAre("fc.bias", "fc.weight"));

  const checkpoint::TensorFile file = checkpoint::read_tensor_file(imagenet());
  const std::string ours = "backbone.layer3.5.conv2.weight";
  const std::string theirs = model->segmentor->names("torchvision").at(ours);
  EXPECT_EQ(theirs, "layer3.5.conv2.weight");
  EXPECT_TRUE(model->store.find(ours)->value.equal(file.find(theirs)->to(at::kFloat)));
}

// Its variances were made float16, which ends at 65504.
TEST(InitialWeights, AnInfiniteVarianceIsToldOfAPublishedFileToo) {
  if (!std::filesystem::exists(imagenet())) GTEST_SKIP() << imagenet() << " is not there";
  const Session session = train::open_small_session({backbone(50, imagenet())});
  const auto model = build_model(session, 4);
  EXPECT_THAT(message_of<Error>([&] { load_initial_weights(model->store, *model->segmentor, session.pipeline.model); }),
              HasSubstr("backbone.bn1.running_var (1 of 64 values are not finite)"));
}

TEST(InitialWeights, AnotherDepthIsAnErrorThatNamesThePlace) {
  if (!std::filesystem::exists(imagenet())) GTEST_SKIP() << imagenet() << " is not there";
  const Session session = train::open_small_session({backbone(101, imagenet())});
  const auto model = build_model(session, 4);
  const std::string message =
      message_of<Error>([&] { load_initial_weights(model->store, *model->segmentor, session.pipeline.model); });
  EXPECT_THAT(message, HasSubstr("model.backbone.weights " + imagenet().string()));
  EXPECT_THAT(message, HasSubstr("backbone.layer3.6.conv1.weight (there: layer3.6.conv1.weight)"));
}

TEST(InitialWeights, EveryComponentTakesItsOwnPartOfOurCheckpoints) {
  const TempFolder folder;
  const Session plain = train::open_small_session();
  const auto trained = build_model(plain, 4);
  for (const auto& entry : trained->store) entry.value.detach().fill_(3);
  checkpoint::save_model(folder / "a.safetensors", trained->store, {});

  const std::string path = (folder / "a.safetensors").string();
  const Session session =
      train::open_small_session({"model.head.weights=" + path, "model.auxiliary.0.weights=" + path});
  const auto model = build_model(session, 4);
  std::vector<std::string> components;
  for (const auto& entry : load_initial_weights(model->store, *model->segmentor, session.pipeline.model)) {
    components.push_back(entry.component);
  }
  EXPECT_THAT(components, ElementsAre("model.head", "model.auxiliary.0"));
  for (const auto& entry : model->store) {
    const bool loaded = entry.name.starts_with("head.") || entry.name.starts_with("auxiliary.0.");
    EXPECT_EQ(entry.value.eq(3).all().item<bool>(), loaded) << entry.name;
  }
}

TEST(ClassAxes, AreThoseOfTheClassifiersAndOfTheMemory) {
  const Session session = train::open_small_session(
      {"model.loss={type: cross_entropy, class_weights: [1, 2, 3, 4]}", "model.head.channels=4"});
  const checkpoint::ClassAxes axes = class_axes(session, 4);
  EXPECT_TRUE(axes.unclear.empty());
  EXPECT_EQ(axes.axes.at("memory.memory"), std::vector<int64_t>{0});
  EXPECT_EQ(axes.axes.at("auxiliary.0.classifier.weight"), std::vector<int64_t>{0});
  for (const auto& [name, of_classes] : axes.axes) {
    EXPECT_FALSE(name.starts_with("backbone.") || name.starts_with("head.")) << name << " only has 4 channels";
  }
}

}  // namespace
}  // namespace sshost::run
