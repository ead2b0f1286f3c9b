#include "checkpoint/safetensors_header.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "checkpoint/safetensors_dtype.h"
#include "error.h"

namespace sshost::checkpoint {

using nlohmann::json;

std::optional<at::ScalarType> dtype_of(std::string_view name) {
  const auto* found = std::find_if(kSafetensorsDtypes.begin(), kSafetensorsDtypes.end(),
                                   [&](const DtypeName& entry) { return entry.name == name; });
  if (found == kSafetensorsDtypes.end()) return std::nullopt;
  return found->type;
}

std::optional<std::string_view> name_of(at::ScalarType type) {
  const auto* found = std::find_if(kSafetensorsDtypes.begin(), kSafetensorsDtypes.end(),
                                   [&](const DtypeName& entry) { return entry.type == type; });
  if (found == kSafetensorsDtypes.end()) return std::nullopt;
  return found->name;
}

uint64_t byte_count(at::ScalarType dtype, const std::vector<int64_t>& shape, const std::string& where) {
  uint64_t bytes = c10::elementSize(dtype);
  for (const int64_t size : shape) {
    const auto factor = static_cast<uint64_t>(std::max<int64_t>(size, 1));  // strides count an empty dimension as one
    if (bytes > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) / factor) {
      throw Error(where + ": its shape asks for more bytes than any file has");
    }
    bytes *= factor;
  }
  return std::find(shape.begin(), shape.end(), 0) == shape.end() ? bytes : 0;
}

namespace {

constexpr int kMaxJsonDepth = 3;  // the object, a tensor's object, a list
constexpr size_t kMaxDimensions = 64;

// The parser keeps the last of two equal names and nests without a limit: both are refused while it reads.
class HeaderGuard {
 public:
  explicit HeaderGuard(const std::filesystem::path& path) : path_(path) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kMaxJsonDepth) throw Error(path_.string() + ": the header nests deeper than safetensors does");
    if (event != json::parse_event_t::key || depth != 1) return true;
    const auto& name = parsed.get_ref<const std::string&>();
    if (!names_.insert(name).second) throw Error(path_.string() + ": tensor \"" + name + "\" occurs twice");
    return true;
  }

 private:
  const std::filesystem::path& path_;
  std::set<std::string> names_;
};

json parse_json(std::string_view text, const std::filesystem::path& path) {
  HeaderGuard guard(path);
  json parsed;
  try {
    parsed = json::parse(text.begin(), text.end(),
                         [&](int depth, json::parse_event_t event, json& value) { return guard(depth, event, value); });
  } catch (const json::exception& error) {
    throw Error(path.string() + ": not a safetensors file, its header is not JSON: " + error.what());
  }
  if (!parsed.is_object()) throw Error(path.string() + ": not a safetensors file, its header is not a JSON object");
  return parsed;
}

std::map<std::string, std::string> parse_metadata(const json& value, const std::filesystem::path& path) {
  if (!value.is_object()) throw Error(path.string() + ": __metadata__ is not a map of strings");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) throw Error(path.string() + ": __metadata__ \"" + key + "\" is not a string");
    metadata.emplace(key, text.get<std::string>());
  }
  return metadata;
}

const json& member(const json& tensor, const char* key, json::value_t kind, const std::string& where) {
  const auto found = tensor.find(key);
  if (found == tensor.end()) throw Error(where + ": it has no " + key);
  if (found->type() != kind) throw Error(where + ": its " + key + " is " + found->type_name());
  return *found;
}

std::vector<uint64_t> unsigned_list(const json& list, const char* key, const std::string& where) {
  std::vector<uint64_t> values;
  for (const json& item : list) {
    if (!item.is_number_unsigned()) throw Error(where + ": its " + key + " holds " + item.dump());
    values.push_back(item.get<uint64_t>());
  }
  return values;
}

TensorPlace parse_tensor(const std::string& name, const json& value, const std::filesystem::path& path) {
  const std::string where = path.string() + ": tensor \"" + name + "\"";
  if (!value.is_object()) throw Error(where + ": its entry is not a JSON object");
  const auto& dtype = member(value, "dtype", json::value_t::string, where).get_ref<const std::string&>();
  const auto type = dtype_of(dtype);
  if (!type) throw Error(where + ": unknown dtype " + dtype);
  const auto sizes = unsigned_list(member(value, "shape", json::value_t::array, where), "shape", where);
  const auto range = unsigned_list(member(value, "data_offsets", json::value_t::array, where), "data_offsets", where);
  if (sizes.size() > kMaxDimensions) throw Error(where + ": it has " + std::to_string(sizes.size()) + " dimensions");
  if (range.size() != 2)
    throw Error(where + ": its data_offsets hold " + std::to_string(range.size()) + " numbers, not 2");
  TensorPlace place{name, *type, {}, range[0], range[1]};
  for (const uint64_t size : sizes) {
    if (size > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      throw Error(where + ": its shape holds " + std::to_string(size));
    }
    place.shape.push_back(static_cast<int64_t>(size));
  }
  return place;
}

void check_place(const TensorPlace& place, uint64_t data_bytes, const std::filesystem::path& path) {
  const std::string where = path.string() + ": tensor \"" + place.name + "\"";
  if (place.begin > place.end || place.end > data_bytes) {
    throw Error(where + ": its data is at bytes " + std::to_string(place.begin) + " to " + std::to_string(place.end) +
                ", but the file has " + std::to_string(data_bytes) + " bytes of data (is it truncated?)");
  }
  const uint64_t needed = byte_count(place.dtype, place.shape, where);
  if (needed != place.end - place.begin) {
    throw Error(where + ": its shape needs " + std::to_string(needed) + " bytes, its range has " +
                std::to_string(place.end - place.begin));
  }
}

// Ranges in ascending order have to follow one another without overlap or gap, up to the last byte.
void check_coverage(const std::vector<TensorPlace>& places, uint64_t data_bytes, const std::filesystem::path& path) {
  uint64_t reached = 0;
  for (const TensorPlace& place : places) {
    const std::string where = path.string() + ": tensor \"" + place.name + "\"";
    if (place.begin < reached) throw Error(where + ": its data overlaps another tensor's");
    if (place.begin > reached) throw Error(where + ": bytes in front of its data belong to no tensor");
    reached = place.end;
  }
  if (reached != data_bytes) {
    throw Error(path.string() + ": its last " + std::to_string(data_bytes - reached) + " bytes belong to no tensor");
  }
}

}  // namespace

SafetensorsHeader parse_header(std::string_view text, uint64_t data_bytes, const std::filesystem::path& path) {
  const json parsed = parse_json(text, path);
  SafetensorsHeader header;
  for (const auto& [name, value] : parsed.items()) {
    if (name == "__metadata__") {
      header.metadata = parse_metadata(value, path);
      continue;
    }
    header.tensors.push_back(parse_tensor(name, value, path));
    check_place(header.tensors.back(), data_bytes, path);
  }
  std::sort(header.tensors.begin(), header.tensors.end(), [](const TensorPlace& a, const TensorPlace& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  check_coverage(header.tensors, data_bytes, path);
  return header;
}

std::string format_header(const SafetensorsHeader& header) {
  auto object = json::object();
  if (!header.metadata.empty()) object["__metadata__"] = header.metadata;
  for (const TensorPlace& place : header.tensors) {
    object[place.name] = {
        {"dtype", name_of(place.dtype).value()}, {"shape", place.shape}, {"data_offsets", {place.begin, place.end}}};
  }
  std::string text = object.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

}  // namespace sshost::checkpoint
