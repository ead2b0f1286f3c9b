#include "checkpoint/safetensors.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "base/error.h"
#include "checkpoint/tensor_index.h"
#include "checkpoint/torch_element_type.h"
#include "temp_folder.h"

namespace sshost::checkpoint {
namespace {

using test::message_of;
using test::read_bytes;
using test::TempFolder;
using test::write_bytes;
using testing::AllOf;
using testing::HasSubstr;

std::string bytes_of(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.contiguous();
  return {static_cast<const char*>(plain.const_data_ptr()), plain.nbytes()};
}

// A file of header text and data bytes, however wrong.
std::string raw_file(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

std::string error_of(const std::string& header, const std::string& data = {}) {
  const TempFolder folder;
  write_bytes(folder / "a.safetensors", raw_file(header, data));
  return message_of<Error>([&] { read_tensor_file(folder / "a.safetensors"); });
}

class EveryDtype : public testing::TestWithParam<TorchElementType> {};

TEST_P(EveryDtype, SurvivesTheRoundTripBitForBit) {
  const TempFolder folder;
  // Random bits, but a bool is 0 or 1.
  at::Tensor value = at::randint(0, 256, {3, 5, static_cast<int64_t>(c10::elementSize(GetParam().type))}, at::kByte);
  if (GetParam().type == at::kBool) value = value.remainder(2);
  value = value.view(GetParam().type).squeeze(-1);
  if (safetensors_name(GetParam().stored).empty()) GTEST_SKIP() << "not a type of safetensors";
  write_safetensors(folder / "a.safetensors", {{{"x", value}}, {}});
  const TensorFile file = read_tensor_file(folder / "a.safetensors");
  ASSERT_EQ(file.tensors.size(), 1);
  EXPECT_EQ(file.tensors[0].second.scalar_type(), value.scalar_type());
  EXPECT_EQ(file.tensors[0].second.sizes(), value.sizes());
  EXPECT_EQ(bytes_of(file.tensors[0].second), bytes_of(value));
}

TEST_P(EveryDtype, SurvivesThePthRoundTripBitForBit) {
  if (!has_storage_class(GetParam().stored)) GTEST_SKIP() << "not a type of .pth files";
  const TempFolder folder;
  const at::Tensor value = at::arange(15).remainder(2).to(GetParam().type).view({3, 5});
  write_tensor_file(folder / "a.pth", {{{"x", value.t()}, {"part", value.select(0, 1)}}, {}});
  const TensorFile file = read_tensor_file(folder / "a.pth");
  ASSERT_EQ(file.tensors.size(), 2);
  EXPECT_EQ(file.find("x")->scalar_type(), value.scalar_type());
  EXPECT_EQ(bytes_of(*file.find("x")), bytes_of(value.t()));
  EXPECT_EQ(bytes_of(*file.find("part")), bytes_of(value.select(0, 1)));
}

INSTANTIATE_TEST_SUITE_P(Files, EveryDtype, testing::ValuesIn(kTorchElementTypes),
                         [](const auto& tested) { return std::string(name_of(tested.param.stored)); });

TEST(Safetensors, KeepsMetadataScalarsAndEmptyTensors) {
  const TempFolder folder;
  const TensorFile written{{{"scalar", at::scalar_tensor(2.5)}, {"empty", at::empty({0, 3})}},
                           {{"a \"b\"", "c\nd\xC3\xA9"}}};
  write_safetensors(folder / "a.safetensors", written);
  const TensorFile file = read_tensor_file(folder / "a.safetensors");
  EXPECT_EQ(file.metadata, written.metadata);
  EXPECT_EQ(read_tensor_index(FileSource(folder / "a.safetensors")).metadata, written.metadata);
  EXPECT_EQ(file.find("scalar")->item<double>(), 2.5);
  EXPECT_EQ(file.find("scalar")->dim(), 0);
  EXPECT_EQ(file.find("empty")->sizes(), (std::vector<int64_t>{0, 3}));
  EXPECT_EQ(file.find("other"), nullptr);
}

TEST(Safetensors, WritesTheElementsOfNonContiguousTensorsInOrder) {
  const TempFolder folder;
  const at::Tensor value = at::arange(24, at::kInt).view({1, 2, 3, 4}).contiguous(at::MemoryFormat::ChannelsLast);
  write_safetensors(folder / "a.safetensors", {{{"map", value}, {"turned", value.permute({3, 2, 1, 0})}}, {}});
  const TensorFile file = read_tensor_file(folder / "a.safetensors");
  EXPECT_TRUE(file.find("map")->equal(value));
  EXPECT_TRUE(file.find("turned")->equal(value.permute({3, 2, 1, 0})));
}

TEST(Safetensors, AlignsEveryTensorToItsElements) {
  const TempFolder folder;
  const TensorFile written{
      {{"a", at::ones({3}, at::kByte)}, {"b", at::ones({2}, at::kDouble)}, {"c", at::ones({1}, at::kHalf)}}, {}};
  write_safetensors(folder / "a.safetensors", written);
  const std::string bytes = read_bytes(folder / "a.safetensors");
  uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  EXPECT_EQ((8 + header) % 8, 0);
  EXPECT_THAT(bytes, HasSubstr(R"("b":{"data_offsets":[0,16])"));
  EXPECT_THAT(bytes, HasSubstr(R"("c":{"data_offsets":[16,18])"));
}

TEST(Safetensors, RefusesToWriteTwoTensorsOfOneName) {
  const TempFolder folder;
  const TensorFile twice{{{"x", at::ones({1})}, {"x", at::ones({1})}}, {}};
  EXPECT_THAT(message_of<Error>([&] { write_safetensors(folder / "a.safetensors", twice); }), HasSubstr("\"x\""));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Safetensors, NamesTheTensorThatIsWrong) {
  const std::string good = R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  EXPECT_EQ(error_of(good, std::string(8, 'x')), "");
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}})", "12345678"),
              AllOf(HasSubstr("\"w\""), HasSubstr("unknown dtype F31")));
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", "12345678"),
              AllOf(HasSubstr("\"w\""), HasSubstr("needs 12 bytes, its range has 8")));
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "1234567"),
              AllOf(HasSubstr("\"w\""), HasSubstr("7 bytes of data")));
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", "12345678"), HasSubstr("\"w\""));
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", "12345678"), HasSubstr("\"w\""));
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", "12345678"), HasSubstr("\"w\""));
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":2,"data_offsets":[0,8]}})", "12345678"), HasSubstr("shape"));
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[2]}})", "12345678"), HasSubstr("no data_offsets"));
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}})", "12345678"), HasSubstr("\"w\""));
  EXPECT_THAT(error_of(R"({"w":7})"), HasSubstr("\"w\""));
}

TEST(Safetensors, RefusesSizesThatNoFileHas) {
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,8]}})", "12345678"),
              HasSubstr("\"w\""));
  // 2^32 * 2^32 * 4 bytes is 0 modulo 2^64.
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})"),
              HasSubstr("\"w\""));
  EXPECT_THAT(error_of(R"({"w":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}})"),
              HasSubstr("\"w\""));
  EXPECT_THAT(
      error_of(R"({"w":{"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,18446744073709551615]}})"),
      HasSubstr("\"w\""));
  EXPECT_THAT(
      error_of(R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[1152921504606846976,1152921504606846980]}})", "abcd"),
      HasSubstr("\"w\""));
}

TEST(Safetensors, RefusesOverlapsGapsAndDuplicates) {
  const std::string first = R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]})";
  const auto second = [](const std::string& offsets) {
    return R"("b":{"dtype":"U8","shape":[4],"data_offsets":[)" + offsets + "]}";
  };
  EXPECT_EQ(error_of("{" + first + "," + second("4,8") + "}", "abcdefgh"), "");
  EXPECT_THAT(error_of("{" + first + "," + second("2,6") + "}", "abcdef"),
              AllOf(HasSubstr("\"b\""), HasSubstr("overlaps")));
  EXPECT_THAT(error_of("{" + first + "," + second("5,9") + "}", "abcdefghi"), HasSubstr("belong to no tensor"));
  EXPECT_THAT(error_of("{" + first + "}", "abcdef"), HasSubstr("last 2 bytes belong to no tensor"));
  EXPECT_THAT(error_of("{" + first + "," + first + "}", "abcd"), AllOf(HasSubstr("\"a\""), HasSubstr("twice")));
}

TEST(Safetensors, RefusesWhatIsNoSafetensorsFile) {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  const auto error = [&](const std::string& bytes) {
    write_bytes(path, bytes);
    return message_of<Error>([&] { read_tensor_file(path); });
  };
  EXPECT_THAT(error(""), HasSubstr("only 0 bytes"));
  EXPECT_THAT(error("1234567"), HasSubstr("only 7 bytes"));
  EXPECT_THAT(error(std::string(8, '\xff')), HasSubstr("18446744073709551615 bytes"));
  EXPECT_THAT(error("PK\x03\x04 something else, such as a .pth file"), HasSubstr("not a zip archive"));
  EXPECT_THAT(error_of("[1, 2]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(error_of("{\"__metadata__\": {\"a\": 1}}"), HasSubstr("\"a\" is not a string"));
  EXPECT_THAT(error_of(std::string(1 << 20, '[')), HasSubstr("not a JSON object"));
  EXPECT_THAT(error_of("{\"a\":{\"shape\":" + std::string(1 << 20, '[')), HasSubstr("nests deeper"));
  EXPECT_THAT(message_of<Error>([&] { read_tensor_file(folder.path()); }), HasSubstr("not a regular file"));
  EXPECT_THAT(message_of<Error>([&] { read_tensor_file(folder / "absent"); }), HasSubstr("No such file"));
}

// A small file with several tensors and metadata.
std::string sample_file(const TempFolder& folder) {
  write_safetensors(folder / "sample", {{{"backbone.conv.weight", at::randn({2, 3, 3, 3})},
                                         {"backbone.norm.count", at::ones({1}, at::kLong)},
                                         {"head.bias", at::randn({7}, at::kDouble)}},
                                        {{"sshost.format", "1"}}});
  return read_bytes(folder / "sample");
}

TEST(Safetensors, RefusesAFileThatWasCutAnywhere) {
  const TempFolder folder;
  const std::string whole = sample_file(folder);
  for (size_t part = 0; part < 50; ++part) {
    write_bytes(folder / "cut", whole.substr(0, whole.size() * part / 50));
    EXPECT_NE(message_of<Error>([&] { read_tensor_file(folder / "cut"); }), "") << part << "/50 of the file";
  }
}

TEST(Safetensors, SurvivesFlippedBits) {
  const TempFolder folder;
  const std::string whole = sample_file(folder);
  std::mt19937 random(7);
  int refused = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    // Half of them in the header, where they matter.
    const size_t limit = trial % 2 == 0 ? whole.size() : 300;
    std::string damaged = whole;
    damaged[random() % limit] ^= static_cast<char>(1 << random() % 8);
    write_bytes(folder / "damaged", damaged);
    try {
      for (const auto& [name, tensor] : read_tensor_file(folder / "damaged").tensors) (void)tensor.sum().item<double>();
    } catch (const Error&) {
      ++refused;  // anything but an Error fails the test
    }
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace sshost::checkpoint
