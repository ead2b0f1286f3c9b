// Files that are damaged or written to do harm: each gives an Error, and none takes more memory than the file's size
// and 64 MiB.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <random>
#include <string>

#include "base/error.h"
#include "checkpoint/pth_bytes.h"
#include "checkpoint/tensor_index.h"
#include "temp_folder.h"

namespace {

std::atomic<size_t> allocated = 0;
std::atomic<size_t> peak = 0;

void* counted_allocate(size_t bytes) {
  void* memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  const size_t now = allocated += malloc_usable_size(memory);
  if (now > peak) peak = now;
  return memory;
}

void counted_free(void* memory) noexcept {
  if (memory != nullptr) allocated -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(size_t bytes) { return counted_allocate(bytes); }
void* operator new[](size_t bytes) { return counted_allocate(bytes); }
void operator delete(void* memory) noexcept { counted_free(memory); }
void operator delete[](void* memory) noexcept { counted_free(memory); }
void operator delete(void* memory, size_t) noexcept { counted_free(memory); }
void operator delete[](void* memory, size_t) noexcept { counted_free(memory); }

namespace sshost::test {
namespace {

using checkpoint::MemorySource;
using testing::AllOf;
using testing::HasSubstr;

constexpr size_t kAllowance = size_t{64} << 20;

// Reads everything, storages too. The Error's text, or nothing where there was none; more memory than allowed fails the
// test.
std::string read_all(const std::string& file) {
  const size_t before = allocated;
  peak = before;
  std::string error;
  try {
    const MemorySource source("file", file);
    const checkpoint::TensorIndex index = read_tensor_index(source);
    std::vector<std::string> storages;
    for (const auto& storage : index.storages) {
      storages.emplace_back(storage.bytes, '\0');
      load(source, storage, storages.back().data());
    }
  } catch (const Error& failure) {
    error = failure.what();
  }
  EXPECT_LE(peak - before, file.size() + kAllowance);
  return error;
}

std::string sample(const std::string& name) { return read_bytes(SSHOST_SOURCE_DIR "/tests/checkpoint/files/" + name); }

std::string safetensors(const std::string& header, const std::string& data = {}) {
  return little_endian(header.size(), 8) + header + data;
}

std::string sample_safetensors() {
  return safetensors(R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                     R"("b":{"dtype":"BOOL","shape":[4],"data_offsets":[24,28]},"__metadata__":{"format":"pt"}})",
                     std::string(28, '\1'));
}

std::string one_tensor(const TensorText& tensor) { return pickle_of(pickle_dict({{"w", pickle_tensor(tensor)}})); }

class Damaged : public testing::TestWithParam<const char*> {
 protected:
  static std::string bytes() {
    const std::string name = GetParam();
    return name == "safetensors" ? sample_safetensors() : sample(name);
  }
};

TEST_P(Damaged, IsRefusedWhereverItIsCut) {
  const std::string whole = bytes();
  ASSERT_EQ(read_all(whole), "");
  for (size_t part = 0; part < 50; ++part) {
    EXPECT_NE(read_all(whole.substr(0, whole.size() * part / 50)), "") << part << "/50 of the file";
  }
}

TEST_P(Damaged, SurvivesFlippedBits) {
  const std::string whole = bytes();
  std::mt19937 random(7);
  int refused = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    std::string damaged = whole;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
    refused += !read_all(damaged).empty();
  }
  EXPECT_GT(refused, 200);
}

TEST_P(Damaged, SurvivesBytesThatAreRepeatedOrReplaced) {
  const std::string whole = bytes();
  std::mt19937 random(8);
  for (int trial = 0; trial < 1000; ++trial) {
    std::string damaged = whole;
    const size_t from = random() % damaged.size();
    const size_t count = random() % std::min<size_t>(64, damaged.size() - from) + 1;
    if (trial % 2 == 0) {
      damaged.insert(random() % damaged.size(), damaged.substr(from, count));
    } else {
      for (size_t i = 0; i < count; ++i) damaged[from + i] = static_cast<char>(random());
    }
    read_all(damaged);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Damaged,
                         testing::Values("zip_types.pth", "zip_views.pth", "zip_mmcv.pth", "legacy_types.pth",
                                         "legacy_views.pth", "legacy_mmcv.pth", "safetensors"),
                         [](const auto& file) {
                           std::string name = file.param;
                           return name.substr(0, name.find('.'));
                         });

TEST(FlippedBits, InTheDataOfAnArchiveAreFoundByItsCheckSums) {
  const std::string whole = sample("zip_types.pth");
  const size_t data = whole.find("/data/0") + 7;
  int refused = 0;
  for (size_t at = data; at < data + 150; ++at) {
    std::string damaged = whole;
    damaged[at] ^= 4;
    refused += read_all(damaged).find("check sum") != std::string::npos;
  }
  EXPECT_EQ(refused, 48);  // six values of eight bytes; the rest is padding
}

struct Call {
  const char* module;
  const char* name;
};

class HostileCall : public testing::TestWithParam<Call> {};

TEST_P(HostileCall, IsRefusedByNameAndNotMade) {
  const auto [module, name] = GetParam();
  const std::string arguments = pickle_tuple({pickle_text("touch /tmp/sshost-was-here")});
  const std::string by_global = pickle_global(module, name) + arguments + "R";
  const std::string by_stack = pickle_text(module) + pickle_text(name) + "\x93" + arguments + "R";
  const std::string by_instance = "(" + pickle_text("touch /tmp/sshost-was-here") + "i" + module + "\n" + name + "\n";
  for (const std::string& value : {by_global, by_stack, by_instance}) {
    for (const std::string& pickle : {pickle_of(value), pickle_of(pickle_dict({{"meta", value}}))}) {
      for (const std::string& file : {zip_pth(pickle), legacy_pth(pickle)}) {
        EXPECT_THAT(read_all(file), AllOf(HasSubstr(std::string(module) + "." + name), HasSubstr("was not made")));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Calls, HostileCall,
                         testing::Values(Call{"os", "system"}, Call{"posix", "system"}, Call{"nt", "system"},
                                         Call{"subprocess", "Popen"}, Call{"builtins", "eval"},
                                         Call{"builtins", "exec"}, Call{"__builtin__", "__import__"},
                                         Call{"builtins", "getattr"}, Call{"runpy", "_run_code"},
                                         Call{"importlib", "import_module"}, Call{"torch", "os.system"},
                                         Call{"torch", "load"}, Call{"webbrowser", "open"}),
                         [](const auto& call) { return "n" + std::to_string(call.index); });

// However a call was hidden, a tensor that depends on it is refused.
TEST(HostilePickle, ATensorMadeByAnUnknownFunctionIsNoTensor) {
  const std::string call = pickle_global("some.library", "make") + pickle_tuple({}) + "R";
  EXPECT_THAT(read_all(zip_pth(pickle_of(pickle_dict({{"w", call}})))), HasSubstr("no state dict"));
  const std::string parameter = pickle_global("torch._utils", "_rebuild_parameter") + pickle_tuple({call}) + "R";
  EXPECT_THAT(read_all(zip_pth(pickle_of(pickle_dict({{"w", parameter}})))), HasSubstr("some.library.make"));
}

TEST(HostilePickle, ViewsPastTheEndOfTheirStorageAreRefused) {
  const auto error = [](const TensorText& tensor) { return read_all(zip_pth(one_tensor(tensor), {"12345678"})); };
  EXPECT_EQ(error({.shape = {2}, .strides = {1}, .elements = 2}), "");
  const int64_t huge = int64_t{1} << 60;
  for (const TensorText& tensor : {TensorText{.shape = {3}, .strides = {1}, .elements = 3},
                                   TensorText{.shape = {2}, .strides = {1}, .offset = 1, .elements = 2},
                                   TensorText{.shape = {2}, .strides = {2}, .elements = 2},
                                   TensorText{.shape = {1}, .strides = {1}, .offset = huge, .elements = 2},
                                   TensorText{.shape = {1}, .strides = {1}, .offset = INT64_MAX, .elements = 2},
                                   TensorText{.shape = {1}, .strides = {1}, .offset = -1, .elements = 2},
                                   TensorText{.shape = {2}, .strides = {-1}, .offset = 1, .elements = 2},
                                   TensorText{.shape = {2}, .strides = {huge}, .elements = 2},
                                   TensorText{.shape = {3, 3}, .strides = {INT64_MAX, INT64_MAX}, .elements = 2},
                                   TensorText{.shape = {huge}, .strides = {1}, .elements = huge},
                                   TensorText{.shape = {huge}, .strides = {0}, .elements = 2},
                                   TensorText{.shape = {huge, huge}, .strides = {0, 0}, .elements = 2},
                                   TensorText{.shape = {0, huge, huge}, .strides = {0, 0, 0}, .elements = 2},
                                   TensorText{.shape = {-2}, .strides = {1}, .elements = 2},
                                   TensorText{.shape = {2}, .strides = {}, .elements = 2},
                                   TensorText{.shape = {2}, .strides = {1}, .elements = -2},
                                   TensorText{.shape = {2}, .strides = {1}, .elements = 2, .key = "7"},
                                   TensorText{.shape = {2}, .strides = {1}, .elements = 2, .storage_class = "Odd"}}) {
    EXPECT_THAT(error(tensor), HasSubstr("\"w\"")) << testing::PrintToString(tensor.shape);
  }
}

TEST(HostilePickle, ALegacyStorageLargerThanTheFileIsRefused) {
  const auto error = [](uint64_t elements, uint64_t claimed) {
    const TensorText tensor{.shape = {2}, .strides = {1}, .elements = static_cast<int64_t>(elements)};
    return read_all(legacy_pth(one_tensor(tensor), {{"0", claimed, "12345678"}}));
  };
  EXPECT_EQ(error(2, 2), "");
  EXPECT_THAT(error(2, 3), HasSubstr("two sizes"));
  EXPECT_THAT(error(3, 3), HasSubstr("truncated"));
  EXPECT_THAT(error(uint64_t{1} << 60, uint64_t{1} << 60), HasSubstr("truncated"));
  EXPECT_THAT(error(INT64_MAX, INT64_MAX), HasSubstr("larger than any file"));
}

TEST(HostilePickle, NamesAndStoragesThatOccurTwiceAreRefused) {
  const std::string tensor = pickle_tensor({.shape = {2}, .strides = {1}, .elements = 2});
  const std::string twice = pickle_of(pickle_dict({{"w", tensor}, {"w", tensor}}));
  EXPECT_THAT(read_all(zip_pth(twice, {"12345678"})), HasSubstr("\"w\" occurs twice"));
  EXPECT_THAT(
      read_all(legacy_pth(pickle_of(pickle_dict({{"w", tensor}})), {{"0", 2, "12345678"}, {"0", 2, "12345678"}})),
      HasSubstr("occurs twice"));
}

TEST(HostilePickle, AViewOutsideOfItsStorageIsRefused) {
  const auto error = [](int64_t offset) {
    const std::string tensor =
        pickle_tensor({.shape = {1}, .strides = {1}, .offset = 1, .elements = 2, .view = {offset, 1}});
    return read_all(legacy_pth(pickle_of(pickle_dict({{"w", tensor}})), {{"0", 2, "12345678"}}));
  };
  EXPECT_THAT(error(INT64_MAX), HasSubstr("outside of the storage"));
  EXPECT_THAT(error(3), HasSubstr("outside of the storage"));
  EXPECT_THAT(error(-1), HasSubstr("outside of the storage"));
}

TEST(HostilePickle, BytesThatAreBooleansTooAreRefused) {
  const auto bytes = [](const char* storage_class) {
    return pickle_tensor({.shape = {3}, .strides = {1}, .elements = 3, .storage_class = storage_class});
  };
  const std::string both = pickle_of(pickle_dict({{"bytes", bytes("ByteStorage")}, {"flags", bytes("BoolStorage")}}));
  EXPECT_THAT(read_all(zip_pth(both, {std::string("\0\1\2", 3)})), HasSubstr("booleans in one tensor"));
}

TEST(HostilePickle, InstructionsWithoutWhatTheyNeedAreRefused) {
  for (const char* pickle : {"",
                             "R",
                             "t",
                             "u",
                             "s",
                             "a",
                             "e",
                             "b",
                             "h\x05",
                             "j\x05\0\0\0",
                             "(",
                             "0",
                             "\x85",
                             "Q",
                             "\x93",
                             "o",
                             "}N",
                             "N\x94(0",
                             "\x82\x01",
                             "\x97",
                             "\xff",
                             "L12x\n",
                             "I\n",
                             "gx\n",
                             "Sabc\n",
                             "K",
                             "X\xff\xff\xff\x7f",
                             "\x8d\xff\xff\xff\xff\xff\xff\xff\xff",
                             "\x8b\xff\xff\xff\xff"}) {
    EXPECT_NE(read_all(zip_pth("\x80\x02" + std::string(pickle) + ".")), "") << pickle;
  }
}

TEST(HostilePickle, NeitherDepthNorCyclesMatter) {
  std::string deep = "\x80\x02";
  deep += ")" + std::string(400'000, '\x85') + ".";
  EXPECT_NE(read_all(zip_pth(deep)), "");
  EXPECT_NE(read_all(zip_pth(pickle_of("}q\x01(" + pickle_text("state_dict") + "h\x01" + "u"))), "");
}

TEST(HostilePickle, CannotAskForMoreMemoryThanIsAllowed) {
  const size_t count = 8 << 20;
  std::string puts = "\x80\x02N";
  for (uint64_t i = 0; i < count / 5; ++i) puts += "r" + little_endian(i, 4);
  const std::string bombs[] = {std::string(count, ']'),
                               std::string(count, '}'),
                               std::string(count, '('),
                               std::string(count, ')'),
                               std::string(count, '\x88'),
                               "N" + std::string(count, '2'),
                               "N" + std::string(count, '\x94'),
                               "](" + std::string(count, 'N') + "e",
                               puts};
  for (const std::string& bomb : bombs) {
    EXPECT_NE(read_all(zip_pth("\x80\x02" + bomb)), "");
    EXPECT_NE(read_all(legacy_pth("\x80\x02" + bomb)), "");
  }
}

// Three letters that differ for each i.
std::string letters(uint64_t i) {
  return {static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26 % 26), static_cast<char>('a' + i / 676 % 26),
          static_cast<char>('a' + i / 17576 % 26)};
}

TEST(HostilePickle, CannotNameMoreTensorsThanAnyModelHas) {
  std::string items = "}" + pickle_tensor({.shape = {1}, .strides = {1}, .elements = 1}) + "q\x01" + "0(";
  for (uint64_t i = 0; i < 60'000; ++i) items += "U\x04" + letters(i) + "h\x01";
  EXPECT_THAT(read_all(zip_pth(pickle_of(items + "u"), {"1234"})), HasSubstr("more tensors than any model"));
}

TEST(HostileZip, EntriesThatLieElsewhereAreRefused) {
  const std::string pickle = one_tensor({.shape = {2}, .strides = {1}, .elements = 2});
  const auto error = [&](const ZipFile& storage) { return read_all(zip_of({{"a/data.pkl", pickle}, storage})); };
  EXPECT_EQ(error({"a/data/0", "12345678"}), "");
  EXPECT_THAT(error({"a/data/0", "12345678", 0, 1000}), HasSubstr("does not lie inside"));
  EXPECT_THAT(error({"a/data/0", "12345678", 0, 0xffffff00}), HasSubstr("does not lie inside"));
  EXPECT_THAT(error({"a/data/0", "12345678", 0, 0, 1'000'000}), HasSubstr("does not lie inside"));
  EXPECT_THAT(error({"a/data/0", "12345678", 0, 0, 3}), HasSubstr("no header"));
  EXPECT_THAT(error({"a/data/0", "12345678", 8}), HasSubstr("compressed"));
}

TEST(HostileZip, SharedBytesAndSharedNamesAreRefused) {
  const std::string pickle = one_tensor({.shape = {2}, .strides = {1}, .elements = 2});
  EXPECT_THAT(read_all(zip_of({{"a/data.pkl", pickle}, {"a/data/0", "12345678"}, {"a/data/0", "12345678"}})),
              HasSubstr("in it twice"));
  // The second entry's record is the first one's.
  const int64_t back = -static_cast<int64_t>(30 + 8 + 8);
  EXPECT_NE(read_all(zip_of({{"a/data.pkl", pickle}, {"a/data/0", "12345678"}, {"a/data/0", "12345678", 0, 0, back}})),
            "");
  // One entry's bytes reach over the next one.
  EXPECT_THAT(read_all(zip_of({{"a/data.pkl", pickle}, {"a/data/0", "12345678", 0, 20}, {"a/data/1", "12345678"}})),
              HasSubstr("overlap"));
}

TEST(HostileZip, CannotAskForMoreMemoryThanIsAllowed) {
  std::vector<ZipFile> many;
  for (uint64_t i = 0; i < 65'000; ++i) many.push_back({"a/data/" + letters(i), ""});
  EXPECT_NE(read_all(zip_of(many)), "");
  std::string end = "PK\x05\x06" + std::string(4, '\0') + std::string(12, '\xff') + std::string(2, '\0');
  EXPECT_NE(read_all(sample("zip_types.pth") + end), "");
}

TEST(HostileSafetensors, CannotAskForMoreMemoryThanIsAllowed) {
  std::string shape = R"({"a":{"dtype":"U8","data_offsets":[0,0],"shape":[0)";
  for (int i = 0; i < 3'500'000; ++i) shape += ",1";
  EXPECT_THAT(read_all(safetensors(shape + "]}}")), HasSubstr("too long"));
  std::string metadata = R"({"__metadata__":{"":"")";
  std::string tensors = "{";
  std::string entries = R"({"a":{"":0)";
  for (uint64_t i = 0; i < 120'000; ++i) {
    metadata += ",\"" + letters(i) + "\":\"\"";
    entries += ",\"" + letters(i) + "\":0";
    tensors += (i == 0 ? "\"" : ",\"") + letters(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  }
  EXPECT_NE(read_all(safetensors(metadata + "}}")), "");
  EXPECT_NE(read_all(safetensors(tensors + "}")), "");
  EXPECT_NE(read_all(safetensors(entries + "}}")), "");
  EXPECT_NE(read_all(safetensors(std::string((8 << 20) - 20, '['))), "");
  EXPECT_NE(read_all(safetensors("{\"" + std::string((8 << 20) - 20, 'a') + "\":0}")), "");
  EXPECT_NE(read_all(little_endian(uint64_t{1} << 60, 8) + "{}"), "");
}

TEST(MalformedSafetensors, KeysThatOccurTwiceAreRefusedAsTheReferenceDoes) {
  const std::string tensor = R"({"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  EXPECT_EQ(read_all(safetensors("{\"a\":" + tensor + "}", "x")), "");
  for (const std::string& header :
       {"{\"a\":" + tensor + ",\"a\":" + tensor + "}",
        std::string(R"({"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}})"),
        R"({"a":{"dtype":"F64","dtype":"U8","shape":[1],"data_offsets":[0,1]}})" + std::string(),
        "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"},\"a\":" + tensor + "}",
        "{\"__metadata__\":{},\"__metadata__\":{},\"a\":" + tensor + "}"}) {
    EXPECT_THAT(read_all(safetensors(header, "x")), HasSubstr("occurs twice")) << header;
  }
}

TEST(MalformedSafetensors, AHeaderBeginsWithItsBrace) {
  const std::string object = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
  for (const std::string begin : {"\xef\xbb\xbf", " ", "\n"}) {
    EXPECT_THAT(read_all(safetensors(begin + object, "x")), HasSubstr("not a JSON object"));
  }
  EXPECT_EQ(read_all(safetensors(object + "   ", "x")), "") << "blanks behind it fill up to a multiple of 8";
}

TEST(MalformedSafetensors, ChecksumsCannotAskForMoreMemoryThanIsAllowed) {
  std::string checksums = R"({\"\":\"0000000000000000\")";
  for (uint64_t i = 0; i < 200'000; ++i) checksums += R"(,\")" + letters(i) + R"(\":\"0000000000000000\")";
  const std::string file = safetensors(R"({"__metadata__":{"sshost.checksums":")" + checksums + "}\"}}");
  EXPECT_THAT(read_all(file), HasSubstr("more checksums than tensors"));
  for (const char* text : {"[", "[]", "5", "{\\\"\\\":{}}", "{\\\"\\\":5}", "{\\\"\\\":\\\"12\\\"}", "{}"}) {
    EXPECT_THAT(read_all(safetensors(R"({"__metadata__":{"sshost.checksums":")" + std::string(text) + "\"}}")),
                HasSubstr("damaged"))
        << text;
  }
}

}  // namespace
}  // namespace sshost::test
