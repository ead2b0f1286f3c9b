#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>

#include "base/error.h"
#include "bridge/handle.h"
#include "model/fakes.h"
#include "model/losses.h"
#include "model/segmentor.h"

namespace sshost::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr int64_t kClasses = 3;

// One of two processes.
class FakeRanks final : public state::Ranks {
 public:
  int64_t count() const override { return 2; }
  void sum(const std::vector<at::Tensor>& tensors) const override {
    calls().push_back("sum of " + std::to_string(tensors.size()));
  }
};

class SegmentorTest : public testing::Test {
 protected:
  void SetUp() override {
    calls().clear();
    ASSERT_EQ(bridge::live_handles(), 0);
  }
  void TearDown() override { EXPECT_EQ(bridge::live_handles(), 0) << "a handle was leaked"; }

  model::Segmentor build(const config::ModelConfig& config) {
    return model::Segmentor(config, registry, kClasses, store, at::detail::createCPUGenerator(3));
  }

  state::ExecutionContext training() {
    state::ExecutionContext context(store, at::detail::createCPUGenerator(4));
    context.training = true;
    context.epoch = 1;
    return context;
  }

  // The values of one training step by name, after its backward.
  std::vector<std::pair<std::string, double>> step(const model::Segmentor& segmentor,
                                                   const state::Ranks& ranks = state::kAlone) {
    state::ExecutionContext context = training();
    context.ranks = &ranks;
    const model::TrainingStep result = segmentor.training_losses(context, images, labels);
    std::vector<std::pair<std::string, double>> values;
    at::Tensor total = at::zeros({}, store.dtype());
    for (const model::LossTerm& term : result.losses) {
      values.emplace_back(term.name, term.value.item<double>());
      total = total + term.value;
    }
    total.backward();
    calls().push_back("backward");
    return values;
  }

  std::string error_of(const config::ModelConfig& config) {
    try {
      const model::Segmentor segmentor = build(config);
      step(segmentor);
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "no error was thrown";
    return {};
  }

  const at::Tensor& value(std::string_view name) { return store.find(name)->value; }

  plugin::Registry registry = fake_registry();
  state::StateStore store{at::kFloat};
  at::Tensor images = at::randn({2, 3, 16, 24}, at::detail::createCPUGenerator(1));
  at::Tensor labels = at::randint(0, kClasses, {2, 16, 24}, at::detail::createCPUGenerator(2), at::kLong);
};

TEST_F(SegmentorTest, GivesTheHeadsLogitsAtItsOwnResolution) {
  const model::Segmentor segmentor = build(fake_model());
  state::ExecutionContext context(store, at::detail::createCPUGenerator(4));
  const at::Tensor logits = segmentor.logits(context, images);
  const at::Tensor first = at::conv2d(images, value("backbone.first.weight"), {}, 2, 1);
  const at::Tensor second = at::conv2d(first, value("backbone.second.weight"), {}, 2, 1);
  const at::Tensor embedded = at::conv2d(second, value("head.embed.weight"), {}, 1, 1);
  EXPECT_TRUE(at::equal(logits, at::conv2d(embedded, value("head.classify.weight"))));
  EXPECT_FALSE(logits.requires_grad());
  EXPECT_EQ(context.image_height, 16);
  EXPECT_EQ(context.image_width, 24);
}

TEST_F(SegmentorTest, TrainsInTheOrderThatTheContractPromises) {
  config::ModelConfig config = fake_model();
  config.memory = fake_config(SS_MEMORY_1);
  {
    const model::Segmentor segmentor = build(config);
    step(segmentor, FakeRanks());
    EXPECT_THAT(calls(), ElementsAre("embed 0", "forward", "statistics", "sum of 1", "apply",
                                     "after_update with gradient", "backward", "release"));
    calls().clear();
  }
  EXPECT_THAT(calls(), ElementsAre("destroy", "destroy", "destroy"));
}

TEST_F(SegmentorTest, NamesAndWeightsItsLosses) {
  config::ModelConfig config = fake_model();
  config.memory = fake_config(SS_MEMORY_1);
  config.losses.at(0).factor = 2;
  config.auxiliary.resize(2);
  config.auxiliary[0] = {fake_config(SS_HEAD_1), {-2}, {{.type = "cross_entropy", .factor = 0.25}}};
  config.auxiliary[1] = {fake_config(SS_HEAD_1, "extra"), {0, 1}, {{}}};
  const model::Segmentor segmentor = build(config);
  const auto losses = step(segmentor);
  ASSERT_EQ(losses.size(), 6U);
  const double plain =
      model::compute_loss("cross_entropy",
                          at::conv2d(at::conv2d(at::conv2d(images, value("backbone.first.weight"), {}, 2, 1),
                                                value("auxiliary.0.embed.weight"), {}, 1, 1),
                                     value("auxiliary.0.classify.weight")),
                          labels)
          .item<double>();
  EXPECT_EQ(losses[0].first, "loss.main");
  EXPECT_EQ(losses[1].first, "loss.memory.coarse");
  EXPECT_THAT(losses[2], Pair("loss.memory.size", 2.0 * kClasses * 8));  // after the update
  EXPECT_THAT(losses[3], Pair("loss.auxiliary.0", testing::DoubleNear(0.25 * plain, 1e-6)));
  EXPECT_EQ(losses[4].first, "loss.auxiliary.1");
  EXPECT_EQ(losses[5].first, "loss.auxiliary.1.extra");
}

TEST_F(SegmentorTest, BuildsTheContextOfAMemoryWithoutAClassifier) {
  config::ModelConfig config = fake_model();
  config.memory = fake_config(SS_MEMORY_1);
  build(config);
  EXPECT_NE(store.find("head.embed.weight"), nullptr);
  EXPECT_EQ(store.find("head.classify.weight"), nullptr);
  EXPECT_NE(store.find("memory.context.weight"), nullptr);
}

TEST_F(SegmentorTest, RunsAMemoryWithoutAHead) {
  config::ModelConfig config = fake_model();
  config.head.reset();
  config.memory = fake_config(SS_MEMORY_1);
  const model::Segmentor segmentor = build(config);
  state::ExecutionContext context(store, at::detail::createCPUGenerator(4));
  EXPECT_EQ(segmentor.logits(context, images).sizes(), at::IntArrayRef({2, kClasses, 4, 6}));
  EXPECT_THAT(calls(), ElementsAre("forward without labels", "release"));
  EXPECT_EQ(store.find("memory.context.weight"), nullptr);
}

class InPrecision : public SegmentorTest, public testing::WithParamInterface<at::ScalarType> {};

TEST_P(InPrecision, BackwardSeesTheMemoryAfterItsUpdate) {
  store = state::StateStore(GetParam());
  config::ModelConfig config = fake_model();
  config.head.reset();
  config.memory = fake_config(SS_MEMORY_1);
  const model::Segmentor segmentor = build(config);
  for (const state::StateEntry& entry : store) EXPECT_EQ(entry.value.scalar_type(), GetParam()) << entry.name;
  const at::Tensor vectors = at::randn({kClasses, 8}, at::detail::createCPUGenerator(5));
  store.assign("memory.memory", vectors);
  step(segmentor);

  const at::Tensor image = images.to(GetParam());
  const at::Tensor feature = at::conv2d(at::conv2d(image, value("backbone.first.weight").detach(), {}, 2, 1),
                                        value("backbone.second.weight").detach(), {}, 2, 1);
  const at::Tensor weight = value("memory.coarse.weight").detach().clone().requires_grad_();
  const at::Tensor last = value("memory.final.weight").detach();
  const at::Tensor coarse = at::conv2d(feature, weight);
  const at::Tensor before = vectors.to(GetParam());
  const auto mixed = [&](const at::Tensor& memory) { return at::einsum("nkhw,kc->nchw", {coarse.softmax(1), memory}); };
  // The value of the memory before the update with the gradient of the one after it.
  const at::Tensor seen = mixed(before).detach() + mixed(before + 1) - mixed(before + 1).detach();
  const at::Tensor loss = model::compute_loss("cross_entropy", at::conv2d(seen, last), labels) +
                          0.4 * model::compute_loss("cross_entropy", coarse, labels);
  loss.backward();
  const at::Tensor& gradient = value("memory.coarse.weight").grad();
  const double tolerance = GetParam() == at::kDouble ? 1e-12 : 1e-5;
  EXPECT_TRUE(at::allclose(gradient, weight.grad(), tolerance, tolerance)) << gradient << weight.grad();
}

INSTANTIATE_TEST_SUITE_P(SegmentorTest, InPrecision, testing::Values(at::kFloat, at::kDouble),
                         [](const auto& precision) { return std::string(c10::toString(precision.param)); });

TEST_F(SegmentorTest, GivesHeadsTheInputsTheyName) {
  config::ModelConfig config = fake_model();
  config.head = fake_config(SS_HEAD_1, "", {"image", "auxiliary.0.logits"});
  config.auxiliary.push_back({fake_config(SS_HEAD_1), {0}, {{}}});
  const model::Segmentor segmentor = build(config);
  state::ExecutionContext context(store, at::detail::createCPUGenerator(4));
  const at::Tensor logits = segmentor.logits(context, images);
  EXPECT_THAT(calls(), ElementsAre("embed 0", "embed 2"));  // the auxiliary head first
  const at::Tensor first = at::conv2d(images, value("backbone.first.weight"), {}, 2, 1);
  const at::Tensor second = at::conv2d(first, value("backbone.second.weight"), {}, 2, 1);
  const at::Tensor auxiliary =
      at::conv2d(at::conv2d(first, value("auxiliary.0.embed.weight"), {}, 1, 1), value("auxiliary.0.classify.weight"));
  const at::Tensor embedded =
      at::conv2d(second, value("head.embed.weight"), {}, 1, 1) + images.mean() + auxiliary.mean();
  EXPECT_TRUE(at::equal(logits, at::conv2d(embedded, value("head.classify.weight"))));
  calls().clear();
  step(segmentor);
  EXPECT_THAT(calls(), ElementsAre("embed 0", "embed 2", "backward"));  // and once only
}

TEST_F(SegmentorTest, LeavesAuxiliaryHeadsOutOfInference) {
  config::ModelConfig config = fake_model();
  config.auxiliary.push_back({fake_config(SS_HEAD_1), {0}, {{}}});
  const model::Segmentor segmentor = build(config);
  state::ExecutionContext context(store, at::detail::createCPUGenerator(4));
  segmentor.logits(context, images);
  EXPECT_THAT(calls(), ElementsAre("embed 0"));
}

TEST_F(SegmentorTest, InitialisesTheSameModelFromTheSameSeed) {
  build(fake_model());
  const at::Tensor weight = value("head.embed.weight");
  store = state::StateStore(at::kFloat);
  build(fake_model());
  EXPECT_TRUE(at::equal(weight, value("head.embed.weight")));
}

TEST_F(SegmentorTest, RefusesAPipelineThatAsksForWhatIsNotThere) {
  config::ModelConfig config = fake_model();
  config.head.reset();
  EXPECT_THROW(build(config), UsageError);
  config = fake_model();
  config.features.indices = {0, 2};
  EXPECT_EQ(error_of(config),
            "model.features.indices: 2 is out of range; there are 2 feature maps: 0 to 1, or -1 to -2 from the end");
  config = fake_model();
  config.auxiliary.push_back({fake_config(SS_HEAD_1), {-3}, {{}}});
  store = state::StateStore();
  EXPECT_THAT(error_of(config), HasSubstr("model.auxiliary.0.feature: -3 is out of range"));
  config = fake_model();
  config.losses.at(0).type = "hinge";
  EXPECT_EQ(error_of(config),
            "model.loss.type: unknown loss \"hinge\"; there are: cross_entropy, focal, kl, dice, tversky, lovasz");
  config = fake_model();
  config.head = fake_config(SS_HEAD_1, "", {"auxiliary.0.logits"});
  store = state::StateStore();
  EXPECT_THAT(error_of(config), HasSubstr("head fake (/plugins/fakes.so) needs the input \"auxiliary.0.logits\", but "
                                          "there are only 0 auxiliary heads before it"));
}

TEST_F(SegmentorTest, RefusesABatchThatIsNone) {
  const model::Segmentor segmentor = build(fake_model());
  labels = labels.narrow(0, 0, 1);
  EXPECT_THROW(step(segmentor), Error);
}

struct Fault {
  const char* kind;  // of the component that misbehaves
  const char* fault;
  const char* message;
};

class BrokenPlugin : public SegmentorTest, public testing::WithParamInterface<Fault> {};

TEST_P(BrokenPlugin, IsNamedWithWhatWasExpectedAndFound) {
  const auto& [kind, fault, message] = GetParam();
  config::ModelConfig config = fake_model();
  const config::ComponentConfig broken = fake_config(kind, fault, {});
  if (broken.kind == SS_BACKBONE_1) config.backbone = broken;
  if (broken.kind == SS_HEAD_1) config.head = broken;
  if (broken.kind == SS_MEMORY_1) config.memory = broken;
  EXPECT_EQ(error_of(config), message);
}

INSTANTIATE_TEST_SUITE_P(
    SegmentorTest, BrokenPlugin,
    testing::Values(
        Fault{SS_BACKBONE_1, "create", "backbone fake (/plugins/fakes.so): no weights for this depth"},
        Fault{SS_BACKBONE_1, "none",
              "backbone fake (/plugins/fakes.so): the list of features: expected at least one, found none"},
        Fault{SS_BACKBONE_1, "forward", "backbone fake (/plugins/fakes.so): the image is too dark"},
        Fault{SS_BACKBONE_1, "null",
              "backbone fake (/plugins/fakes.so): feature 1: expected floating point [2, 8, h, w], found NULL"},
        Fault{SS_BACKBONE_1, "channels",
              "backbone fake (/plugins/fakes.so): feature 1: expected floating point [2, 8, h, w], found float32 "
              "[2, 5, 4, 6]"},
        Fault{SS_BACKBONE_1, "stride",
              "backbone fake (/plugins/fakes.so): feature 1: expected about {height: 1, width: 1} at its stride of 16 "
              "for an "
              "image of {height: 16, width: 24}, found float32 [2, 8, 4, 6]"},
        Fault{SS_HEAD_1, "null",
              "head fake (/plugins/fakes.so): the representation: expected floating point [2, 6, h, w], found "
              "NULL"},
        Fault{SS_HEAD_1, "channels",
              "head fake (/plugins/fakes.so): the representation: expected floating point [2, 6, h, w], found "
              "float32 [2, 3, 4, 6]"},
        Fault{SS_HEAD_1, "classes",
              "head fake (/plugins/fakes.so): the logits: expected floating point [2, 3, h, w], found float32 "
              "[2, 1, 4, 6]"},
        Fault{SS_HEAD_1, "name",
              "head fake (/plugins/fakes.so): the name of a prediction: expected a name, found an empty one"},
        Fault{SS_HEAD_1, "shape",
              "head fake (/plugins/fakes.so): the logits of prediction \"extra\": expected floating point [2, 3, "
              "h, w], found float32 [2, 2, 4, 6]"},
        Fault{SS_HEAD_1, "target",
              "head fake (/plugins/fakes.so): the target of prediction \"extra\": expected int64 [2, 4, 6], found "
              "int64 [1, 1, 1]"},
        Fault{SS_HEAD_1, "twice",
              "head fake (/plugins/fakes.so): the name of a prediction: expected one that is unique, found "
              "\"extra\" twice"},
        Fault{SS_HEAD_1, "loss",
              "head fake (/plugins/fakes.so): the loss of prediction \"extra\": expected one of cross_entropy, "
              "bce, focal, kl, dice, tversky, lovasz, found hinge"},
        Fault{SS_HEAD_1, "both",
              "head fake (/plugins/fakes.so): prediction \"extra\": expected either logits or a loss_value, "
              "found both"},
        Fault{SS_MEMORY_1, "logits",
              "memory fake (/plugins/fakes.so): the logits: expected floating point [2, 3, h, w], found float32 "
              "[2, 3, 4]"},
        Fault{SS_MEMORY_1, "statistics",
              "memory fake (/plugins/fakes.so): statistics tensor 0: expected a tensor, found NULL"}),
    [](const auto& fault) {
      const std::string kind = fault.param.kind;
      return kind.substr(3, kind.find('/') - 3) + "_" + fault.param.fault;
    });

TEST_F(SegmentorTest, GivesPublishedNamesByTheRulesOfEachRole) {
  config::ModelConfig config = fake_model();
  config.auxiliary.push_back({fake_config(SS_HEAD_1), {0}, {{}}});
  const model::Segmentor plain = build(config);
  EXPECT_THAT(plain.formats(), ElementsAre("sssegmentation", "paper", "clash"));
  EXPECT_THAT(plain.names("paper"), ElementsAre(Pair("auxiliary.0.classify.weight", "aux_0_of_1.classify.weight"),
                                                Pair("auxiliary.0.embed.weight", "aux_0_of_1.embed.weight"),
                                                Pair("backbone.first.weight", "net.first.weight"),
                                                Pair("backbone.second.weight", "net.second.weight"),
                                                Pair("head.classify.weight", "decode.cls.4.weight"),
                                                Pair("head.embed.weight", "decode.embed.weight")));
  EXPECT_TRUE(plain.names("unknown").empty());
  try {
    plain.names("clash");
    ADD_FAILURE() << "two keys with one published name were accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("the same name \"same\""));
  }
}

TEST_F(SegmentorTest, NamesTheHeadOfAMemoryAsItsContext) {
  config::ModelConfig config = fake_model();
  config.memory = fake_config(SS_MEMORY_1);
  const model::Segmentor segmentor = build(config);
  const auto names = segmentor.names("paper");
  EXPECT_EQ(names.at("head.embed.weight"), "context.embed.weight");
  EXPECT_EQ(names.at("memory.memory"), "module.memory");
  EXPECT_EQ(names.count("memory.final.weight"), 0U);
}

}  // namespace
}  // namespace sshost::test
