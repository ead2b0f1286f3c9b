#include "checkpoint/state_dict.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/error.h"
#include "checkpoint/tensor_index.h"

namespace sshost::checkpoint {
namespace {

using Kind = PickleValue::Kind;

constexpr size_t kListed = 8;       // keys in one description
constexpr size_t kShownText = 60;   // characters of a text
constexpr size_t kMaxBeside = 200;  // entries besides the tensors that are described

// Where training programs put the model, the most usual first.
constexpr std::array<std::string_view, 7> kUsualParts = {"state_dict", "model",   "model_state_dict", "model_state",
                                                         "net",        "network", "model_ema"};

bool is_map(const PickleHeap& heap, PickleRef ref) {
  const PickleValue& value = heap.at(ref);
  if (value.kind == Kind::dict) return true;
  if (value.kind != Kind::object || is_tensor(heap, ref)) return false;
  return !value.items.empty() || heap.at(value.callable).text == "collections.OrderedDict";
}

bool holds_tensors(const PickleHeap& heap, PickleRef map) {
  if (!is_map(heap, map)) return false;
  const std::vector<PickleRef>& items = heap.at(map).items;
  for (size_t i = 1; i < items.size(); i += 2) {
    if (is_tensor(heap, items[i])) return true;
  }
  return false;
}

std::string shown(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, kShownText)) result += c >= ' ' && c <= '~' ? c : '?';
  return result + (text.size() > kShownText ? "..." : "");
}

std::string key_text(const PickleHeap& heap, PickleRef key) {
  const PickleValue& value = heap.at(key);
  return value.kind == Kind::integer ? std::to_string(value.integer) : shown(value.text);
}

std::string keys_of(const PickleHeap& heap, PickleRef map) {
  const std::vector<PickleRef>& items = heap.at(map).items;
  std::string text;
  for (size_t i = 0; i < items.size() && i < 2 * kListed; i += 2) {
    text += (i == 0 ? ": " : ", ") + key_text(heap, items[i]);
  }
  return text + (items.size() > 2 * kListed ? ", ..." : "");
}

std::string sequence(const char* what, size_t count) { return std::string(what) + " of " + std::to_string(count); }

// The keys of `top` whose values are state dicts.
std::vector<std::string> parts_of(const PickleHeap& heap, PickleRef top) {
  std::vector<std::string> parts;
  if (!is_map(heap, top)) return parts;
  const std::vector<PickleRef>& items = heap.at(top).items;
  for (size_t i = 0; i + 1 < items.size() && parts.size() < kMaxBeside; i += 2) {
    const bool is_named = heap.at(items[i]).kind == Kind::text;
    if (is_named && holds_tensors(heap, items[i + 1])) parts.push_back(heap.at(items[i]).text);
  }
  return parts;
}

std::string list_of(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + shown(part);
  return text;
}

// The part to read, and the map in it.
std::pair<std::string, PickleRef> choose(const PickleHeap& heap, PickleRef top, const std::string& part,
                                         const std::string& name) {
  if (!part.empty()) {
    const PickleRef chosen = heap.find(top, part);
    if (holds_tensors(heap, chosen)) return {part, chosen};
    throw Error(name + ": it holds no state dict under \"" + part + "\"; it is a " + describe_value(heap, top));
  }
  for (const std::string_view usual : kUsualParts) {
    const PickleRef chosen = heap.find(top, usual);
    if (holds_tensors(heap, chosen)) return {std::string(usual), chosen};
  }
  if (holds_tensors(heap, top)) return {"", top};
  const std::vector<std::string> parts = parts_of(heap, top);
  if (parts.size() == 1) return {parts.front(), heap.find(top, parts.front())};
  if (!parts.empty()) {
    throw Error(name + ": it holds several state dicts, none under a usual key: " + list_of(parts) +
                ". Name the one to read: `part: " + shown(parts.front()) + "` (--part " + shown(parts.front()) + ")");
  }
  throw Error(name + ": it holds no state dict, but " + describe_value(heap, top) + ". Save the model's state_dict()");
}

// The names of classes in OpenMMLab's files: meta.CLASSES, or meta.dataset_meta.classes of version 3.
std::vector<std::string> classes_in(const PickleHeap& heap, PickleRef top) {
  const auto in = [&heap](PickleRef map, const char* key) {
    return is_map(heap, map) ? heap.find(map, key) : PickleHeap::kNone;
  };
  const PickleRef meta = in(top, "meta");
  PickleRef list = in(meta, "CLASSES");
  if (list == PickleHeap::kNone) list = in(in(meta, "dataset_meta"), "classes");
  const PickleValue& value = heap.at(list);
  if (value.kind != Kind::tuple && value.kind != Kind::list) return {};
  std::vector<std::string> names;
  for (const PickleRef item : value.items) {
    if (heap.at(item).kind != Kind::text) return {};
    names.push_back(heap.at(item).text);
  }
  return names;
}

void describe_rest(const PickleHeap& heap, PickleRef map, PickleRef without, StateDict& dict) {
  const std::vector<PickleRef>& items = heap.at(map).items;
  for (size_t i = 0; i + 1 < items.size() && dict.beside.size() < kMaxBeside; i += 2) {
    if (items[i + 1] == without || is_tensor(heap, items[i + 1])) continue;
    dict.beside.emplace_back(key_text(heap, items[i]), describe_value(heap, items[i + 1]));
  }
}

}  // namespace

bool is_tensor(const PickleHeap& heap, PickleRef ref) {
  const PickleValue& value = heap.at(ref);
  if (value.kind != Kind::object) return false;
  const std::string& callable = heap.at(value.callable).text;
  return callable.starts_with("torch._utils._rebuild_tensor") ||
         callable.starts_with("torch._utils._rebuild_parameter") || callable == "torch._tensor._rebuild_from_type_v2";
}

std::string describe_value(const PickleHeap& heap, PickleRef ref) {
  const PickleValue& value = heap.at(ref);
  switch (value.kind) {
    case Kind::none:
      return "None";
    case Kind::boolean:
      return value.integer != 0 ? "True" : "False";
    case Kind::integer:
      return std::to_string(value.integer);
    case Kind::number: {
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "%g", value.real);
      return text.data();
    }
    case Kind::text:
      return "\"" + shown(value.text) + "\"";
    case Kind::big:
    case Kind::bytes:
      return std::to_string(value.text.size()) + " bytes";
    case Kind::tuple:
      return sequence("tuple", value.items.size());
    case Kind::list:
      return sequence("list", value.items.size());
    case Kind::global:
      return shown(value.text);
    case Kind::persistent:
      return "a storage";
    case Kind::dict:
    case Kind::object:
      break;
  }
  if (is_tensor(heap, ref)) return "a tensor";
  if (is_map(heap, ref)) return sequence("map", value.items.size() / 2) + keys_of(heap, ref);
  return "an object of " + shown(heap.at(value.callable).text);
}

StateDict find_state_dict(const PickleHeap& heap, PickleRef top, const std::string& part, const std::string& name) {
  const auto [chosen_part, map] = choose(heap, top, part, name);
  StateDict dict;
  dict.part = chosen_part;
  if (map != top) {
    describe_rest(heap, top, map, dict);
    dict.other_parts = parts_of(heap, top);
    std::erase(dict.other_parts, chosen_part);
    dict.classes = classes_in(heap, top);
  }
  describe_rest(heap, map, PickleHeap::kNone, dict);
  size_t name_bytes = 0;
  const std::vector<PickleRef>& items = heap.at(map).items;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (!is_tensor(heap, items[i + 1])) continue;
    const PickleValue& key = heap.at(items[i]);
    if (key.kind != Kind::text) throw Error(name + ": a tensor's name is " + describe_value(heap, items[i]));
    name_bytes += key.text.size();
    if (dict.tensors.size() == kMaxTensors || name_bytes > kMaxNameBytes) {
      throw Error(name + ": it has more tensors than any model");
    }
    dict.tensors.emplace_back(key.text, items[i + 1]);
  }
  return dict;
}

}  // namespace sshost::checkpoint
