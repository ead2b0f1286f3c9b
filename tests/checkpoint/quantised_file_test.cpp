// Checkpoints whose weights are int8.
#include "checkpoint/quantised_file.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/checksum.h"
#include "checkpoint/safetensors.h"
#include "temp_folder.h"

namespace sshost::checkpoint {
namespace {

using test::message_of;
using test::TempFolder;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kWeight = "backbone.conv.weight";

state::StateStore make_store(uint64_t seed) {
  at::manual_seed(seed);
  state::StateStore store;
  store.add({kWeight, at::randn({4, 3, 3, 3}), true, true});
  store.add({"head.weight", at::randn({2, 4, 1, 1}), true, true});
  return store;
}

std::shared_ptr<const state::Quantisation> make_quantisation() {
  auto made = std::make_shared<state::Quantisation>();
  made->convs[kWeight] = {{0.25, 3}, state::Codes{0.5, 0}};
  made->kept["head.weight"] = "it gives the scores of the classes";
  made->ranges = "mean squared error";
  return made;
}

CheckpointInfo make_info() { return {"", {{{"sky", {}, 0}, {"road", {}, 1}}, 255}, {}, 1}; }

class QuantisedFile : public testing::Test {
 protected:
  QuantisedFile() {
    state::StateStore store = make_store(1);
    store.quantise(make_quantisation());
    save_model(path(), store, make_info());
  }

  std::filesystem::path path() const { return folder_ / "int8.safetensors"; }

  // The file with other tensors or metadata, and what loading it says.
  std::string refusal(const std::function<void(TensorFile& stored)>& change) const {
    const TensorFile read = read_tensor_file(path());
    TensorFile stored = read;
    quantise(stored);
    stored.metadata.erase(std::string(kChecksumsKey));  // a stranger's file
    change(stored);
    write_safetensors(folder_ / "changed.safetensors", stored);
    state::StateStore store = make_store(2);
    const at::Tensor before = store.find(kWeight)->value.clone();
    const std::string message = message_of<Error>([&] { load_model(folder_ / "changed.safetensors", store); });
    EXPECT_TRUE(at::equal(store.find(kWeight)->value, before));
    EXPECT_EQ(store.quantisation(), nullptr);
    return message;
  }

  TempFolder folder_;
};

TEST_F(QuantisedFile, GivesBackHowTheModelRunsAndItsWeightsToAStep) {
  state::StateStore store = make_store(2);
  load_model(path(), store);
  const at::Tensor exact = make_store(1).find(kWeight)->value.detach();
  const at::Tensor step = exact.abs().flatten(1).amax(1).view({-1, 1, 1, 1}) / 127;
  EXPECT_TRUE(((store.find(kWeight)->value - exact).abs() <= step * 0.5001).all().item<bool>());
  EXPECT_TRUE(at::equal(store.find("head.weight")->value, make_store(1).find("head.weight")->value));
  ASSERT_NE(store.quantisation(), nullptr);
  const state::QuantisedConv& conv = store.quantisation()->convs.at(kWeight);
  EXPECT_EQ(conv.input, (state::Codes{0.25, 3}));
  EXPECT_EQ(conv.output, (state::Codes{0.5, 0}));
  EXPECT_EQ(store.quantisation()->kept, make_quantisation()->kept);
  EXPECT_EQ(store.quantisation()->ranges, "mean squared error");
  EXPECT_EQ(store.quantised(0)->input, conv.input);
  EXPECT_EQ(store.quantised(1), nullptr);
}

TEST_F(QuantisedFile, HoldsBytes) {
  std::map<std::string, ElementType> types;
  for (const StoredTensor& tensor : read_tensor_index(FileSource(path())).tensors) types[tensor.name] = tensor.type;
  EXPECT_EQ(types, (std::map<std::string, ElementType>{{kWeight, ElementType::i8},
                                                       {std::string(kWeight) + ".int8_scale", ElementType::f32},
                                                       {"head.weight", ElementType::f32}}));
}

TEST_F(QuantisedFile, IsTheSameWhenItIsWrittenAgain) {
  save_with_checksums(folder_ / "again.safetensors", read_tensor_file(path()));
  EXPECT_EQ(test::read_bytes(folder_ / "again.safetensors").size(), test::read_bytes(path()).size());
  state::StateStore one = make_store(2), other = make_store(2);
  load_model(path(), one);
  load_model(folder_ / "again.safetensors", other);
  EXPECT_TRUE(at::allclose(one.find(kWeight)->value, other.find(kWeight)->value, 1e-6, 0));
}

TEST_F(QuantisedFile, AModelOfFloat32ThatIsLoadedAfterItIsOne) {
  state::StateStore store = make_store(2);
  load_model(path(), store);
  save_model(folder_ / "float32.safetensors", make_store(3), make_info());
  load_model(folder_ / "float32.safetensors", store);
  EXPECT_EQ(store.quantisation(), nullptr);
}

TEST_F(QuantisedFile, IsReadAsFloat32ByComponents) {
  const TensorFile part = read_tensor_file(path(), {}, "backbone.");
  ASSERT_EQ(part.tensors.size(), 1);
  EXPECT_EQ(part.tensors[0].first, "conv.weight");
  EXPECT_EQ(part.tensors[0].second.scalar_type(), at::kFloat);
}

at::Tensor& tensor_of(TensorFile& file, const std::string& name) {
  const auto found =
      std::find_if(file.tensors.begin(), file.tensors.end(), [&](const auto& entry) { return entry.first == name; });
  if (found == file.tensors.end()) throw Error("the test's file has no " + name);
  return found->second;
}

TEST_F(QuantisedFile, IsRefusedWhereItsTensorsAreDamaged) {
  const std::string scale = std::string(kWeight) + ".int8_scale";
  EXPECT_THAT(
      refusal([&](TensorFile& file) { std::erase_if(file.tensors, [&](const auto& t) { return t.first == scale; }); }),
      AllOf(HasSubstr("changed.safetensors: damaged"), HasSubstr(kWeight), HasSubstr("found no scales")));
  EXPECT_THAT(refusal([&](TensorFile& file) { tensor_of(file, scale) = at::ones({3}); }), HasSubstr("damaged"));
  EXPECT_THAT(refusal([&](TensorFile& file) {
                tensor_of(file, kWeight) = at::ones({4, 3, 3, 3});
              }),
              HasSubstr("damaged"));
  EXPECT_THAT(refusal([&](TensorFile& file) { tensor_of(file, scale).fill_(NAN); }), HasSubstr(kWeight));
}

TEST_F(QuantisedFile, IsRefusedWhereItsMetadataIsDamaged) {
  for (const char* json : {"[]", "{", R"({"int8": {"x": {"input": [1, 0]}}, "float32": {}, "ranges": ""})",
                           R"({"int8": {"backbone.conv.weight": {"input": [0, 0]}}, "float32": {}, "ranges": ""})",
                           R"({"int8": {"backbone.conv.weight": {"input": [1, 256]}}, "float32": {}, "ranges": ""})",
                           R"({"int8": {"backbone.conv.weight": {"input": [1]}}, "float32": {}, "ranges": ""})",
                           R"({"int8": {"backbone.conv.weight": {"input": ["a", 1]}}, "float32": {}, "ranges": ""})"}) {
    EXPECT_THAT(refusal([&](TensorFile& file) { file.metadata[kQuantisationKey] = json; }),
                HasSubstr("changed.safetensors"))
        << json;
  }
}

}  // namespace
}  // namespace sshost::checkpoint
