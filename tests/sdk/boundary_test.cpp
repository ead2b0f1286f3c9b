// Exceptions and ownership where the host calls a component.
#include <sshost/head.hpp>
#include <sshost/memory.hpp>

#include <stdexcept>
#include <string>

#include "sdk/sdk_test.h"

namespace sshost::test {
namespace {

struct HeadOptions {
  std::string fault = "none";
};

class FaultyHead final : public ss::Head {
 public:
  static ss::Schema<HeadOptions> schema() { return {{"fault", &HeadOptions::fault, "where it fails"}}; }
  FaultyHead(ss::Builder& build, const HeadOptions& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = 8}), fault_(options.fault) {
    if (fault_ == "create") throw ss::Error("no such width");
    want("image");
  }
  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    if (fault_ == "embed") throw std::runtime_error("not today");
    if (fault_ == "unknown") throw 42;
    if (fault_ == "nothing") return {};
    ctx.predict({.name = "coarse", .logits = features.back(), .loss_weight = 0.4});
    return features.back();
  }

 private:
  std::string fault_;
};

struct Emitted {
  std::string name;
  double weight = 0;
};

class Boundary : public SdkTest {
 protected:
  ss_status create(const std::string& fault, bool representation_only = false) {
    const auto options = group({{"fault", value_of(fault)}});
    const ss_feature_spec feature{16, 8};
    const ss_head_spec spec{sizeof(spec), representation_only ? 1 : 0, &feature, 1, 0, 5};
    return table.create(nullptr, &options, &spec, &self);
  }
  ss_status embed() {
    ss_tensor map = host.tensor({1, 8, 4, 4});
    const ss_head_inputs inputs{sizeof(inputs), 1, &map, &map, 1, 0};
    const ss_prediction_sink sink{&emitted, [](void* to, const ss_prediction* prediction) -> ss_status {
                                    *static_cast<Emitted*>(to) = {text(prediction->name), prediction->loss_weight};
                                    return SS_OK;
                                  }};
    const ss_status status = table.embed(self, nullptr, &inputs, &sink, &representation);
    ss::Tensor::adopt(map);
    return status;
  }
  ~Boundary() override {
    if (self) table.destroy(self);
  }

  const ss_head_table& table = ss::detail::HeadAdapter<FaultyHead, HeadOptions>::table;
  void* self = nullptr;
  ss_tensor representation = nullptr;
  Emitted emitted;
};

TEST_F(Boundary, AnErrorOfTheConstructorIsAStatusWithItsMessage) {
  EXPECT_EQ(create("create"), SS_INVALID_ARGUMENT);
  EXPECT_EQ(host.last_message, "create: no such width");
  EXPECT_EQ(self, nullptr);
}

TEST_F(Boundary, AnExceptionOfForwardIsAStatusWithItsMessage) {
  ASSERT_EQ(create("embed"), SS_OK);
  EXPECT_EQ(embed(), SS_INTERNAL);
  EXPECT_EQ(host.last_message, "embed: not today");
  EXPECT_EQ(representation, nullptr);
  EXPECT_EQ(host.live_tensors, 0);
}

TEST_F(Boundary, WhatIsNotAnExceptionIsCaughtToo) {
  ASSERT_EQ(create("unknown"), SS_OK);
  EXPECT_EQ(embed(), SS_INTERNAL);
  EXPECT_THAT(host.last_message, testing::HasSubstr("not a std::exception"));
}

TEST_F(Boundary, NoTensorIsAnError) {
  ASSERT_EQ(create("nothing"), SS_OK);
  EXPECT_EQ(embed(), SS_INTERNAL);
}

TEST_F(Boundary, ResultsAndPredictionsReachTheHost) {
  ASSERT_EQ(create("none"), SS_OK);
  EXPECT_EQ(embed(), SS_OK);
  EXPECT_EQ(emitted.name, "coarse");
  EXPECT_EQ(emitted.weight, 0.4);
  EXPECT_EQ(host.live_tensors, 1);
  ss::Tensor::adopt(representation);
  EXPECT_EQ(host.live_tensors, 0);
}

TEST_F(Boundary, AHeadTellsWhatItWants) {
  ASSERT_EQ(create("none"), SS_OK);
  uint32_t count = 0;
  EXPECT_EQ(table.inputs(self, nullptr, &count), SS_TOO_SMALL);
  ASSERT_EQ(count, 1u);
  ss_string name{};
  EXPECT_EQ(table.inputs(self, &name, &count), SS_OK);
  EXPECT_EQ(text(name), "image");
  EXPECT_EQ(table.channels(self), 8);
}

TEST_F(Boundary, ARepresentationOnlyHeadDeclaresNoClassifier) {
  ASSERT_EQ(create("none", true), SS_OK);
  EXPECT_TRUE(host.states.empty());
  ss_tensor logits = nullptr;
  EXPECT_NE(table.classify(self, nullptr, nullptr, nullptr, &logits), SS_OK);
}

struct Seen {
  int64_t images = 0;
};

class CountingMemory final : public ss::Memory<Seen> {
 public:
  CountingMemory(ss::Builder&, const ss::MemorySpec&) {}
  ss::Tensor forward(ss::Context&, const ss::MemoryInputs& inputs, Seen& state) const override {
    state.images = inputs.features.back().size(0);
    return inputs.features.back();
  }
  std::vector<ss::Tensor> statistics(ss::Context&, const Seen& state, const ss::Tensor&) const override {
    return {ss::Tensor::from(std::vector<int64_t>{state.images}, {1}), ss::Tensor::from(std::vector<float>{0}, {1})};
  }
  void apply(ss::Context&, std::span<const ss::Tensor> statistics) const override {
    applied = statistics[0].item<int64_t>();
  }
  mutable int64_t applied = 0;
};

TEST_F(Boundary, AMemoryKeepsTheStateOfItsForward) {
  const ss_memory_table& memory = ss::detail::MemoryAdapter<CountingMemory, ss::NoOptions>::table;
  const auto options = group({});
  const ss_memory_spec spec{sizeof(spec), 0, nullptr, 0, 5};
  void* instance = nullptr;
  ASSERT_EQ(memory.create(nullptr, &options, &spec, &instance), SS_OK);

  ss_tensor map = host.tensor({3, 8, 4, 4});
  const ss_memory_inputs inputs{sizeof(inputs), 1, &map, nullptr, nullptr, nullptr};
  void* state = nullptr;
  ss_tensor logits = nullptr;
  ASSERT_EQ(memory.forward(instance, nullptr, &inputs, nullptr, &state, &logits), SS_OK);

  ss_tensor statistics[2] = {};
  uint32_t count = 1;
  EXPECT_EQ(memory.statistics(instance, nullptr, state, nullptr, statistics, &count), SS_TOO_SMALL);
  ASSERT_EQ(count, 2u);
  ASSERT_EQ(memory.statistics(instance, nullptr, state, nullptr, statistics, &count), SS_OK);
  EXPECT_EQ(memory.apply(instance, nullptr, statistics, count), SS_OK);
  EXPECT_EQ(static_cast<CountingMemory*>(instance)->applied, 3);
  EXPECT_EQ(memory.after_update(instance, nullptr, state, nullptr), SS_OK);

  memory.release(instance, state);
  memory.destroy(instance);
  for (ss_tensor left : {map, logits, statistics[0], statistics[1]}) ss::Tensor::adopt(left);
  EXPECT_EQ(host.live_tensors, 0);
}

}  // namespace
}  // namespace sshost::test
