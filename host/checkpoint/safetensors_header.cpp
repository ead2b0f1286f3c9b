#include "checkpoint/safetensors_header.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/foreign_json.h"

namespace sshost::checkpoint {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors files are little endian");

constexpr uint64_t kLengthBytes = 8;
constexpr int kMaxJsonDepth = 3;  // the object, a tensor's object, a list
constexpr size_t kMaxAxes = 64;
constexpr size_t kMaxKeyBytes = 1 << 16;

const json& member(const json& tensor, const char* key, json::value_t kind, const std::string& where) {
  const auto found = tensor.find(key);
  if (found == tensor.end()) throw Error(where + ": it has no " + key);
  if (found->type() != kind) throw Error(where + ": its " + key + " is " + found->type_name());
  return *found;
}

std::vector<uint64_t> unsigned_list(const json& list, const char* key, const std::string& where) {
  std::vector<uint64_t> values;
  for (const json& item : list) {
    if (!item.is_number_unsigned()) throw Error(where + ": its " + key + " holds " + shown(item));
    values.push_back(item.get<uint64_t>());
  }
  return values;
}

TensorPlace parse_tensor(const std::string& name, const json& value, const std::string& where) {
  const auto& dtype = member(value, "dtype", json::value_t::string, where).get_ref<const std::string&>();
  const auto type = safetensors_type(dtype);
  if (!type) throw Error(where + ": unknown dtype " + dtype);
  const auto sizes = unsigned_list(member(value, "shape", json::value_t::array, where), "shape", where);
  const auto range = unsigned_list(member(value, "data_offsets", json::value_t::array, where), "data_offsets", where);
  if (range.size() != 2) throw Error(where + ": its data_offsets have " + std::to_string(range.size()) + " numbers");
  TensorPlace place{name, *type, {}, range[0], range[1]};
  for (const uint64_t size : sizes) {
    if (size > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      throw Error(where + ": its shape holds " + std::to_string(size));
    }
    place.shape.push_back(static_cast<int64_t>(size));
  }
  return place;
}

void check_place(const TensorPlace& place, uint64_t data_bytes, const std::string& where) {
  if (place.begin > place.end || place.end > data_bytes) {
    throw Error(where + ": its data is at bytes " + std::to_string(place.begin) + " to " + std::to_string(place.end) +
                ", but the file has " + std::to_string(data_bytes) + " bytes of data (is it truncated?)");
  }
  const uint64_t needed = element_count(place.shape, where) * bytes_of(place.type);
  if (needed != place.end - place.begin) {
    throw Error(where + ": its shape needs " + std::to_string(needed) + " bytes, its range has " +
                std::to_string(place.end - place.begin));
  }
}

// Takes each entry from the parser as soon as it is complete, so that the parsed text is never there as a whole. The
// parser itself would keep the last of two equal names and nest without a limit.
class HeaderBuilder {
 public:
  HeaderBuilder(uint64_t data_bytes, const std::string& file) : data_bytes_(data_bytes), file_(file) {}

  SafetensorsHeader take() { return std::move(header_); }

  // Whether the parser keeps the value.
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    using Event = json::parse_event_t;
    if (depth > kMaxJsonDepth) throw Error(file_ + ": the header nests deeper than safetensors does");
    if (depth == 0 && event == Event::array_start) not_an_object();
    if (event == Event::object_start || event == Event::array_start) items_ = 0;
    if (event == Event::key) return add_key(depth, parsed);
    if (event == Event::value && depth == 3 && ++items_ > kMaxAxes) throw Error(where() + ": a list in it is too long");
    if (depth == 1 && (event == Event::value || event == Event::array_start)) {
      throw Error(where() + ": its entry is not a JSON object");
    }
    if (depth != 1 || event != Event::object_end) return true;
    add_entry(parsed);
    return false;
  }

  [[noreturn]] void not_an_object() const {
    throw Error(file_ + ": not a safetensors file, its header is not a JSON object");
  }

 private:
  std::string where() const { return file_ + ": tensor \"" + name_ + "\""; }

  bool add_key(int depth, const json& key) {
    if (++items_ > kMaxTensors && depth == 2) throw Error(where() + ": it has too many entries");
    if (key.get_ref<const std::string&>().size() > kMaxKeyBytes) throw Error(file_ + ": a name in it is too long");
    if (depth > 2) return true;
    if (depth == 2) {
      if (keys_.insert(key.get_ref<const std::string&>()).second) return true;
      throw Error(where() + ": \"" + key.get_ref<const std::string&>() + "\" occurs twice in its entry");
    }
    keys_.clear();
    name_ = key.get_ref<const std::string&>();
    if (!names_.insert(name_).second) throw Error(where() + " occurs twice");
    if (names_.size() > kMaxTensors) throw Error(file_ + ": it has more tensors than any model");
    return true;
  }

  void add_entry(const json& value) {
    if (name_ == "__metadata__") return add_metadata(value);
    header_.tensors.push_back(parse_tensor(name_, value, where()));
    check_place(header_.tensors.back(), data_bytes_, where());
  }

  void add_metadata(const json& value) {
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) throw Error(file_ + ": __metadata__ \"" + key + "\" is not a string");
      header_.metadata.emplace(key, text.get<std::string>());
    }
  }

  uint64_t data_bytes_;
  const std::string& file_;
  SafetensorsHeader header_;
  std::string name_;  // of the entry that is being read
  std::set<std::string> names_;
  std::set<std::string> keys_;  // of that entry
  size_t items_ = 0;            // of the innermost list or object
};

// Ranges in ascending order have to follow one another without overlap or gap, up to the last byte.
void check_coverage(const std::vector<TensorPlace>& places, uint64_t data_bytes, const std::string& file) {
  uint64_t reached = 0;
  for (const TensorPlace& place : places) {
    const std::string where = file + ": tensor \"" + place.name + "\"";
    if (place.begin < reached) throw Error(where + ": its data overlaps another tensor's");
    if (place.begin > reached) throw Error(where + ": bytes in front of its data belong to no tensor");
    reached = place.end;
  }
  if (reached != data_bytes) {
    throw Error(file + ": its last " + std::to_string(data_bytes - reached) + " bytes belong to no tensor");
  }
}

std::vector<int64_t> contiguous_strides(const std::vector<int64_t>& shape) {
  std::vector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= std::max<int64_t>(shape[i], 1);
  }
  return strides;
}

void add_tensor(TensorPlace& place, uint64_t data_start, TensorIndex& index) {
  StoredBytes bytes;
  bytes.key = place.name;
  bytes.position = data_start + place.begin;
  bytes.bytes = place.end - place.begin;
  bytes.element_bytes = bytes_of(place.type);
  bytes.boolean = place.type == ElementType::boolean;
  index.storages.push_back(std::move(bytes));
  std::vector<int64_t> strides = contiguous_strides(place.shape);
  index.tensors.push_back(
      {std::move(place.name), place.type, std::move(place.shape), std::move(strides), 0, index.storages.size() - 1});
}

std::string dump(const json& object) {
  try {
    return object.dump();
  } catch (const json::type_error& error) {
    throw Error("expected names and metadata of tensors as UTF-8 text, found other bytes: " +
                std::string(error.what()));
  }
}

// Told by the bytes at its beginning; empty where it is none of these.
std::string other_format(std::string_view head) {
  struct Format {
    size_t offset;
    std::string_view bytes;
    const char* what;
  };
  constexpr const char* kCompressed = "compressed; unpack it, or save the weights by torch.save or as safetensors";
  static constexpr Format kFormats[] = {
      {0, "\x1f\x8b", kCompressed},
      {0, "BZh", kCompressed},
      {0,
       "\xfd"
       "7zXZ",
       kCompressed},
      {0, "7z\xbc\xaf", kCompressed},
      {0, "\x28\xb5\x2f\xfd", kCompressed},
      {257, "ustar", "an archive of files (tar), not the weights; unpack it by `tar -xf`"},
      {0, "\x89HDF\r\n", "HDF5, as Keras writes it; load it in Python and save its arrays as safetensors"},
      {0, "\x93NUMPY", "one array of NumPy; expected named tensors, as safetensors or torch.save keep them"},
      {4, "TFL3", "a model of TensorFlow Lite; expected named tensors, as safetensors or torch.save keep them"}};
  for (const Format& format : kFormats) {
    if (head.size() > format.offset && head.substr(format.offset).starts_with(format.bytes)) return format.what;
  }
  // A message of protobuf whose first field is ONNX's ir_version, a small number, followed by one of its texts.
  const bool is_onnx =
      head.size() > 3 && head[0] == 8 && head[1] > 0 && head[1] < 32 && (head[2] == 0x12 || head[2] == 0x3a);
  return is_onnx ? "a model of ONNX, a graph; expected the weights that it was exported from" : "";
}

// Files that downloads leave in the place of weights.
std::string mistaken_for_weights(const ByteSource& source) {
  std::string head(std::min<uint64_t>(source.size(), 512), '\0');
  source.read(0, head.data(), head.size());
  if (std::string other = other_format(head); !other.empty()) return other;
  const size_t begin = head.find_first_not_of(" \t\r\n");
  if (head.starts_with("version https://git-lfs")) {
    return "a pointer of Git LFS, not the weights; fetch them by `git lfs pull`";
  }
  if (begin != std::string::npos && head[begin] == '<') {
    return "a web page, not the weights; download the file itself";
  }
  if (begin != std::string::npos && head[begin] == '{') {
    return "JSON, not the weights; of a model in several files each has to be read by itself";
  }
  return "";
}

}  // namespace

SafetensorsHeader parse_header(std::string_view text, uint64_t data_bytes, const std::string& file) {
  HeaderBuilder builder(data_bytes, file);
  if (!text.starts_with('{')) builder.not_an_object();  // nor a byte order mark or blanks, which the parser passes over
  try {
    const json rest = json::parse(text.begin(), text.end(), [&](int depth, json::parse_event_t event, json& value) {
      return builder(depth, event, value);
    });
    if (!rest.is_object()) builder.not_an_object();
  } catch (const json::exception& error) {
    throw Error(file + ": not a safetensors file, its header is not JSON: " + error.what());
  }
  SafetensorsHeader header = builder.take();
  std::sort(header.tensors.begin(), header.tensors.end(), [](const TensorPlace& a, const TensorPlace& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  check_coverage(header.tensors, data_bytes, file);
  return header;
}

std::string format_header(const SafetensorsHeader& header) {
  auto object = json::object();
  if (!header.metadata.empty()) object["__metadata__"] = header.metadata;
  for (const TensorPlace& place : header.tensors) {
    object[place.name] = {
        {"dtype", safetensors_name(place.type)}, {"shape", place.shape}, {"data_offsets", {place.begin, place.end}}};
  }
  std::string text = dump(object);
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

TensorIndex read_safetensors_index(const ByteSource& source) {
  if (source.size() < kLengthBytes) {
    throw Error(source.name() + ": not a safetensors file, it has only " + std::to_string(source.size()) + " bytes");
  }
  uint64_t length = 0;
  source.read(0, &length, kLengthBytes);
  const uint64_t behind = source.size() - kLengthBytes;
  if (length > behind || length > kMaxHeaderBytes) {
    const std::string mistaken = mistaken_for_weights(source);
    if (!mistaken.empty()) throw Error(source.name() + ": is " + mistaken);
    throw Error(source.name() + ": neither a safetensors nor a .pth file, or truncated: its header would have " +
                std::to_string(length) + " bytes, of " + std::to_string(std::min(behind, kMaxHeaderBytes)) +
                " that are possible");
  }
  std::string text(length, '\0');
  source.read(kLengthBytes, text.data(), length);
  SafetensorsHeader header = parse_header(text, behind - length, source.name());
  TensorIndex index;
  index.format = "safetensors";
  index.metadata = std::move(header.metadata);
  for (TensorPlace& place : header.tensors) add_tensor(place, kLengthBytes + length, index);
  return index;
}

}  // namespace sshost::checkpoint
