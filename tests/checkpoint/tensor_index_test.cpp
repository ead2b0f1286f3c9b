// Reading files of torch.save and safetensors; what is in tests/checkpoint/files was written by PyTorch (generate.py).
#include "checkpoint/tensor_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

#include "base/error.h"
#include "checkpoint/pth_bytes.h"

namespace sshost::test {
namespace {

using checkpoint::FileSource;
using checkpoint::MemorySource;
using checkpoint::StoredTensor;
using checkpoint::TensorIndex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string path_of(const std::string& name) { return SSHOST_SOURCE_DIR "/tests/checkpoint/files/" + name; }

const StoredTensor& tensor_of(const TensorIndex& index, const std::string& name) {
  for (const StoredTensor& tensor : index.tensors) {
    if (tensor.name == name) return tensor;
  }
  throw Error("no tensor " + name);
}

// The tensor's elements, one after the other in the order of its shape.
std::string elements_of(const checkpoint::ByteSource& source, const TensorIndex& index, const std::string& name) {
  const StoredTensor& tensor = tensor_of(index, name);
  const checkpoint::StoredBytes& storage = index.storages[tensor.storage];
  std::string bytes(storage.bytes, '\0');
  load(source, storage, bytes.data());
  std::string elements;
  std::vector<int64_t> at(tensor.shape.size(), 0);
  const uint64_t count = checkpoint::element_count(tensor.shape, name);
  for (uint64_t i = 0; i < count; ++i) {
    int64_t place = tensor.offset;
    for (size_t axis = 0; axis < at.size(); ++axis) place += at[axis] * tensor.strides[axis];
    elements += bytes.substr(static_cast<size_t>(place) * bytes_of(tensor.type), bytes_of(tensor.type));
    for (size_t axis = at.size(); axis-- > 0 && ++at[axis] == tensor.shape[axis];) at[axis] = 0;
  }
  return elements;
}

template <typename Number>
std::string counted(size_t count) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i) {
    const auto value = static_cast<Number>(i);
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return bytes;
}

std::string words(std::initializer_list<uint16_t> values) {
  std::string bytes;
  for (const uint16_t value : values) bytes += little_endian(value, 2);
  return bytes;
}

// 0 to 5 in every type; the short floats by their bit patterns in the standards.
std::map<std::string, std::string> expected_types() {
  std::map<std::string, std::string> expected = {{"float64", counted<double>(6)},
                                                 {"float32", counted<float>(6)},
                                                 {"int64", counted<int64_t>(6)},
                                                 {"int32", counted<int32_t>(6)},
                                                 {"int16", counted<int16_t>(6)},
                                                 {"int8", counted<int8_t>(6)},
                                                 {"uint64", counted<uint64_t>(6)},
                                                 {"uint32", counted<uint32_t>(6)},
                                                 {"uint16", counted<uint16_t>(6)},
                                                 {"uint8", counted<uint8_t>(6)},
                                                 {"bool", {"\0\1\0\1\0\1", 6}},
                                                 {"float8_e5m2", {"\x00\x3c\x40\x42\x44\x45", 6}},
                                                 {"float8_e4m3fn", {"\x00\x38\x40\x44\x48\x4a", 6}}};
  expected["float16"] = words({0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500});
  expected["bfloat16"] = words({0, 0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0});
  for (int i = 0; i < 6; ++i) {
    const float parts[] = {static_cast<float>(i), 0};
    const double wide[] = {static_cast<double>(i), 0};
    expected["complex64"].append(reinterpret_cast<const char*>(parts), sizeof parts);
    expected["complex128"].append(reinterpret_cast<const char*>(wide), sizeof wide);
  }
  return expected;
}

class TypesOf : public testing::TestWithParam<const char*> {};

TEST_P(TypesOf, EveryElementTypeIsReadBitForBit) {
  const FileSource source(path_of(GetParam()));
  const TensorIndex index = read_tensor_index(source);
  EXPECT_EQ(index.tensors.size(), expected_types().size());
  for (const auto& [name, bytes] : expected_types()) {
    EXPECT_EQ(name_of(tensor_of(index, name).type), name);
    EXPECT_THAT(tensor_of(index, name).shape, ElementsAre(2, 3));
    EXPECT_EQ(elements_of(source, index, name), bytes) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, TypesOf, testing::Values("zip_types.pth", "legacy_types.pth", "zip_protocol_5.pth"),
                         [](const auto& file) { return std::string(file.param, std::strchr(file.param, '.')); });

class ViewsOf : public testing::TestWithParam<const char*> {};

TEST_P(ViewsOf, StridedAndSharedStoragesAreSeenAsTheyWere) {
  const FileSource source(path_of(GetParam()));
  const TensorIndex index = read_tensor_index(source);
  for (const auto& [name, count] : std::map<std::string, size_t>{{"transposed", 6},
                                                                 {"inside", 6},
                                                                 {"every_second", 6},
                                                                 {"channels_last", 24},
                                                                 {"whole", 24},
                                                                 {"first_half", 12},
                                                                 {"scalar", 1},
                                                                 {"empty", 0}}) {
    EXPECT_EQ(elements_of(source, index, name), counted<float>(count)) << name;
  }
  EXPECT_EQ(tensor_of(index, "whole").storage, tensor_of(index, "first_half").storage);
  EXPECT_THAT(tensor_of(index, "empty").shape, ElementsAre(0, 3));
  EXPECT_EQ(elements_of(source, index, "repeated"), std::string(16, '\0'));
}

INSTANTIATE_TEST_SUITE_P(Files, ViewsOf, testing::Values("zip_views.pth", "legacy_views.pth"),
                         [](const auto& file) { return std::string(file.param, std::strchr(file.param, '.')); });

TEST(TensorIndex, FindsTheStateDictOfMmcvAndDropsThePrefixOfItsWrapper) {
  for (const char* name : {"zip_mmcv.pth", "legacy_mmcv.pth"}) {
    const FileSource source(path_of(name));
    const TensorIndex index = read_tensor_index(source);
    EXPECT_EQ(index.part, "state_dict");
    EXPECT_EQ(index.dropped_prefix, "module.");
    ASSERT_EQ(index.tensors.size(), 3U);
    EXPECT_EQ(index.tensors[0].name, "backbone.conv1.weight");
    EXPECT_EQ(elements_of(source, index, "decode_head.conv_seg.bias"), counted<float>(4));
    ASSERT_EQ(index.beside.size(), 2U);
    EXPECT_EQ(index.beside[0].first, "meta");
    EXPECT_THAT(index.beside[0].second, HasSubstr("map of 7: epoch, iter, CLASSES"));
  }
}

TEST(TensorIndex, ReadsThePartThatIsAskedFor) {
  const FileSource source(path_of("zip_sssegmentation.pth"));
  EXPECT_EQ(read_tensor_index(source).part, "model");
  EXPECT_EQ(elements_of(source, read_tensor_index(source), "backbone_net.conv1.weight"), counted<float>(6));
  const TensorIndex averaged = read_tensor_index(source, "model_ema");
  float first = 0;
  std::memcpy(&first, elements_of(source, averaged, "backbone_net.conv1.weight").data(), sizeof first);
  EXPECT_EQ(first, 1.F);
  EXPECT_THROW(read_tensor_index(source, "optimizer"), Error);
}

TEST(TensorIndex, TurnsTheOtherByteOrder) {
  const FileSource source(path_of("zip_big_endian.pth"));
  EXPECT_EQ(elements_of(source, read_tensor_index(source), "float32"), counted<float>(6));
}

TEST(TensorIndex, ReadsArchivesWithoutCheckSums) {
  const FileSource source(path_of("zip_no_check_sums.pth"));
  EXPECT_EQ(elements_of(source, read_tensor_index(source), "float32"), counted<float>(6));
}

TEST(TensorIndex, SaysWhatAFileHoldsThatIsNoStateDict) {
  const FileSource source(path_of("zip_whole_module.pth"));
  try {
    read_tensor_index(source);
    ADD_FAILURE() << "a whole module was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("an object of torch.nn.modules.container.Sequential"));
  }
}

TEST(TensorIndex, ReadsSomebodyElsesLegacyCheckpointWithStoragesOfAGpu) {
  const std::string path = SSHOST_SHARED_DIR "/data/checkpoints/espnet_encoder_q3_legacy.pth";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no checkpoint at " << path;
  const FileSource source(path);
  const TensorIndex index = read_tensor_index(source);
  EXPECT_EQ(index.format, "PyTorch (legacy)");
  EXPECT_THAT(tensor_of(index, "level1.conv.weight").shape, ElementsAre(16, 3, 3, 3));
  uint64_t bytes = 0;
  for (const auto& storage : index.storages) bytes += storage.bytes;
  EXPECT_GT(bytes, source.size() * 9 / 10);
}

TEST(TensorIndex, KnowsSafetensorsByMoreThanItsLengthWhichMayLookLikeAnotherFormat) {
  for (const size_t length : {size_t{0x280}, size_t{0x4b50}}) {  // begins as a pickle does, and as a zip archive
    std::string header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
    header.resize(length, ' ');
    const std::string file = little_endian(length, 8) + header + "x";
    EXPECT_EQ(read_tensor_index(MemorySource("file", file)).format, "safetensors");
  }
}

TEST(TensorIndex, BooleansAreZeroOrOneWhateverTheFileSays) {
  const std::string file = zip_pth(
      pickle_of(pickle_dict(
          {{"b", pickle_tensor({.shape = {3}, .strides = {1}, .elements = 3, .storage_class = "BoolStorage"})}})),
      {std::string("\x00\x01\xff", 3)});
  const MemorySource source("file", file);
  EXPECT_EQ(elements_of(source, read_tensor_index(source), "b"), std::string("\x00\x01\x01", 3));
}

TEST(TensorIndex, LeavesAloneWhatOnlyItsOwnProgramUnderstands) {
  const std::string object = pickle_global("some.library", "Thing") + pickle_tuple({pickle_integer(1)}) + "R" + "}b";
  const std::string file = zip_pth(
      pickle_of(pickle_dict({{"thing", object}, {"w", pickle_tensor({.shape = {1}, .strides = {1}, .elements = 1})}})),
      {"1234"});
  const MemorySource source("file", file);
  const TensorIndex index = read_tensor_index(source);
  EXPECT_EQ(index.tensors.size(), 1U);
  EXPECT_THAT(index.beside, ElementsAre(Pair("thing", "an object of some.library.Thing")));
}

}  // namespace
}  // namespace sshost::test
