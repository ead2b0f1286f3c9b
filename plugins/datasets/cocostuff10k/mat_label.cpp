#include "mat_label.h"

#include <sshost/error.hpp>
#include <sshost/regular_file.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "mat_stream.h"

namespace cocostuff10k {

namespace {

// MathWorks, "MAT-File Format": the header, the types of elements, and a class of matrices.
constexpr std::size_t kHeaderBytes = 128, kVersionAt = 124;
constexpr std::string_view kVersion5("\x00\x01IM", 4), kVersion73("\x00\x02IM", 4);  // with little ends first
enum Type : uint32_t { kInt8 = 1, kUint8 = 2, kInt32 = 5, kUint32 = 6, kMatrix = 14, kCompressed = 15 };
constexpr uint8_t kUint8Class = 9;
constexpr std::size_t kLongestName = 63;

struct Tag {
  uint32_t type = 0, size = 0;
  std::array<uint8_t, 4> small{};  // the data, where they are no more than four bytes
  bool is_small = false;
};

Tag read_tag(MatStream& stream) {
  std::array<uint32_t, 2> words{};
  stream.read(words.data(), sizeof words);
  Tag tag{words[0], words[1], {}, (words[0] >> 16) != 0};
  if (!tag.is_small) return tag;
  tag.type = words[0] & 0xffff;
  tag.size = words[0] >> 16;
  std::memcpy(tag.small.data(), &words[1], sizeof words[1]);
  if (tag.size > tag.small.size()) throw ss::Error("is damaged", SS_IO);
  return tag;
}

// Reads an element of this type of at most `most` bytes; returns nullopt if it is another.
std::optional<std::vector<uint8_t>> read_element(MatStream& stream, Type type, std::size_t most) {
  const Tag tag = read_tag(stream);
  if (tag.type != type || tag.size > most) return std::nullopt;
  std::vector<uint8_t> bytes(tag.size);
  if (tag.is_small) {
    std::copy_n(tag.small.begin(), tag.size, bytes.begin());
    return bytes;
  }
  stream.read(bytes.data(), bytes.size());
  std::array<uint8_t, 8> padding{};
  stream.read(padding.data(), (padding.size() - tag.size % padding.size()) % padding.size());
  return bytes;
}

// Reads on behind a matrix's tag; returns nullopt if that is another variable than S.
std::optional<MatLabel> read_matrix(MatStream& stream, int64_t most) {
  const auto flags = read_element(stream, kUint32, 8);
  const auto sizes = flags ? read_element(stream, kInt32, 256) : std::nullopt;
  const auto name = sizes ? read_element(stream, kInt8, kLongestName) : std::nullopt;
  if (!name || std::string_view(reinterpret_cast<const char*>(name->data()), name->size()) != "S") return std::nullopt;
  std::array<int32_t, 2> size{};
  if (flags->empty() || flags->front() != kUint8Class || sizes->size() != sizeof size) {
    throw ss::Error("S is expected to be a matrix of uint8", SS_IO);
  }
  std::memcpy(size.data(), sizes->data(), sizeof size);
  const int64_t height = size[0], width = size[1];
  if (height < 1 || width < 1 || height > most / width) {
    throw ss::Error(
        "S is expected to have the size of its image, found " + std::to_string(width) + " x " + std::to_string(height),
        SS_IO);
  }
  const auto count = static_cast<std::size_t>(height * width);
  auto columns = read_element(stream, kUint8, count);  // MATLAB keeps one column behind the other
  if (!columns || columns->size() != count) throw ss::Error("S is shorter than its dimensions say", SS_IO);
  MatLabel label{height, width, std::vector<uint8_t>(count)};
  for (int64_t x = 0; x < width; ++x) {
    for (int64_t y = 0; y < height; ++y) {
      label.numbers[static_cast<std::size_t>(y * width + x)] = (*columns)[static_cast<std::size_t>(x * height + y)];
    }
  }
  return label;
}

// A variable is a matrix, or a matrix that is compressed.
std::optional<MatLabel> read_variable(const Tag& tag, std::string_view bytes, int64_t most) {
  if (tag.type == kMatrix) return read_matrix(*open_plain(bytes), most);
  if (tag.type != kCompressed) return std::nullopt;
  const auto stream = open_compressed(bytes);
  return read_tag(*stream).type == kMatrix ? read_matrix(*stream, most) : std::nullopt;
}

MatLabel find_label(std::string_view bytes, int64_t most) {
  const std::string_view version = bytes.substr(std::min(kVersionAt, bytes.size()), kVersion5.size());
  if (version == kVersion73) throw ss::Error("is stored as version 7.3; save it with -v7 or -v6, or as PNG", SS_IO);
  if (version != kVersion5) throw ss::Error("is no MATLAB file of version 5", SS_IO);
  bytes.remove_prefix(kHeaderBytes);
  while (!bytes.empty()) {
    const Tag tag = read_tag(*open_plain(bytes));
    constexpr std::size_t kTagBytes = 8;
    const std::size_t end = tag.is_small ? kTagBytes : kTagBytes + std::size_t{tag.size};
    if (end > bytes.size()) throw ss::Error("is cut short, or damaged", SS_IO);
    if (auto label = read_variable(tag, bytes.substr(kTagBytes, end - kTagBytes), most)) return std::move(*label);
    bytes.remove_prefix(end);
  }
  throw ss::Error("has no variable S", SS_IO);
}

}  // namespace

MatLabel read_mat_label(const std::string& path, int64_t most) {
  constexpr uint64_t kBeside = uint64_t{1} << 24;  // names of regions, captions
  std::ifstream file = ss::open_regular_file(path);
  if (!file.is_open()) throw ss::Error("label " + path + ": cannot be opened", SS_IO);
  const std::string bytes = ss::read_all(file, kBeside + 2 * static_cast<uint64_t>(most), path);
  try {
    return find_label(bytes, most);
  } catch (const ss::Error& error) {
    throw ss::Error("label " + path + ": " + error.what(), error.status());
  }
}

}  // namespace cocostuff10k
