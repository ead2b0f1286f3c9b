#include "checkpoint/checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "checkpoint/tensor_index.h"

namespace sshost::checkpoint {
namespace {

using nlohmann::json;
using Metadata = std::map<std::string, std::string>;

constexpr int kDigits = 16;

std::string to_hex(uint64_t value) {
  std::array<char, kDigits + 1> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
  return text.data();
}

uint64_t from_hex(const std::string& text, const std::string& file) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() == kDigits && error == std::errc() && end == text.data() + text.size()) return value;
  throw Error(file + ": damaged: a checksum in its metadata is none");
}

uint64_t checksum_of(const Metadata& metadata) {
  std::string all;
  for (const auto& [key, text] : metadata) {
    if (key != kChecksumsKey) all.append(key).append(1, '\0').append(text).append(1, '\0');
  }
  return XXH3_64bits(all.data(), all.size());
}

// Entry by entry, so that a hostile text never becomes more than the tensors need.
Checksums parse(const std::string& text, size_t tensors, const std::string& file) {
  Checksums checksums;
  std::string name;
  const auto take = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > 1) throw Error(file + ": damaged: its checksums are no map of texts");
    if (event == json::parse_event_t::key) name = parsed.get_ref<const std::string&>();
    if (event != json::parse_event_t::value) return true;
    if (!parsed.is_string()) throw Error(file + ": damaged: a checksum in its metadata is none");
    checksums.insert_or_assign(name, from_hex(parsed.get_ref<const std::string&>(), file));
    if (checksums.size() > tensors + 1) throw Error(file + ": damaged: it has more checksums than tensors");
    return false;
  };
  try {
    const json rest = json::parse(text, take);
    if (!rest.is_object()) throw Error(file + ": damaged: its checksums are no map");
  } catch (const json::exception& error) {
    throw Error(file + ": damaged: its checksums are not JSON: " + error.what());
  }
  return checksums;
}

uint64_t known(const Checksums& checksums, const std::string& name, const std::string& file) {
  const auto found = checksums.find(name);
  if (found != checksums.end()) return found->second;
  throw Error(file + ": damaged: expected a checksum of " +
              (name.empty() ? "its metadata" : "each tensor, found none of \"" + name + "\""));
}

}  // namespace

uint64_t checksum_of(const void* data, uint64_t bytes, ElementType type, const std::vector<int64_t>& shape) {
  std::string what(safetensors_name(type));
  for (const int64_t size : shape) what += " " + std::to_string(size);
  return XXH3_64bits_withSeed(data, bytes, XXH3_64bits(what.data(), what.size()));
}

std::string format_checksums(const Metadata& metadata, const Checksums& tensors) {
  json object = {{"", to_hex(checksum_of(metadata))}};
  for (const auto& [name, value] : tensors) object[name] = to_hex(value);
  return object.dump();
}

void take_checksums(TensorIndex& index, const std::string& file) {
  const auto entry = index.metadata.find(std::string(kChecksumsKey));
  if (entry == index.metadata.end()) return;
  const Checksums checksums = parse(entry->second, index.tensors.size(), file);
  if (known(checksums, "", file) != checksum_of(index.metadata)) {
    throw Error(file +
                ": damaged: the checksum of its metadata differs. A program that changed it on purpose has to "
                "leave out \"" +
                std::string(kChecksumsKey) + "\"");
  }
  for (const StoredTensor& tensor : index.tensors) {
    index.storages[tensor.storage].checksum = {known(checksums, tensor.name, file), tensor.type, tensor.shape};
  }
}

}  // namespace sshost::checkpoint
