#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/printable.h"
#include "checkpoint/tensor_index.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"

namespace sshost::cli {
namespace {

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

struct Totals {
  uint64_t elements = 0;
  uint64_t bytes = 0;
};

Totals totals_of(const checkpoint::TensorIndex& index, const checkpoint::ByteSource& source) {
  Totals totals;
  for (const auto& tensor : index.tensors) totals.elements += checkpoint::element_count(tensor.shape, source.name());
  for (const auto& storage : index.storages) totals.bytes += storage.bytes;
  return totals;
}

nlohmann::json to_json(const checkpoint::TensorIndex& index, const checkpoint::ByteSource& source, bool is_brief) {
  const Totals totals = totals_of(index, source);
  nlohmann::json document = {{"file", source.name()},        {"format", index.format},
                             {"part", index.part},           {"dropped_prefix", index.dropped_prefix},
                             {"elements", totals.elements},  {"bytes", totals.bytes},
                             {"count", index.tensors.size()}};
  document["beside"] = nlohmann::json::object();
  for (const auto& [key, what] : index.beside) document["beside"][key] = what;
  document["metadata"] = index.metadata;
  if (is_brief) return document;
  document["tensors"] = nlohmann::json::array();
  for (const auto& tensor : index.tensors) {
    document["tensors"].push_back({{"name", tensor.name}, {"type", name_of(tensor.type)}, {"shape", tensor.shape}});
  }
  return document;
}

std::string totals_text(const checkpoint::TensorIndex& index, const checkpoint::ByteSource& source) {
  const auto [elements, bytes] = totals_of(index, source);
  return std::to_string(index.tensors.size()) + " tensors, " + std::to_string(elements) + " elements in " +
         std::to_string(bytes) + " bytes";
}

void say_surroundings(const checkpoint::TensorIndex& index, report::Console& console) {
  if (!index.part.empty()) console.line("state dict under: " + printable_line(index.part));
  if (!index.dropped_prefix.empty())
    console.line("prefix dropped from all names: " + printable_line(index.dropped_prefix));
  for (const auto& [key, what] : index.beside)
    console.line("not read: " + printable_line(key) + " (" + printable_line(what) + ")");
  for (const auto& [key, text] : index.metadata) {
    console.line("metadata: " + printable_line(key) + ", " + std::to_string(text.size()) + " bytes");
  }
}

}  // namespace

int inspect_weights(const WeightsInspectArguments& arguments) {
  Session session(arguments.talk);
  report::Console& console = session.console();
  const checkpoint::FileSource source(arguments.file);
  const checkpoint::TensorIndex index = checkpoint::read_tensor_index(source, arguments.part);
  if (session.is_json()) {
    print_document(to_json(index, source, arguments.brief));
    return kDone;
  }
  console.line(source.name() + ": " + index.format + ", " + totals_text(index, source));
  say_surroundings(index, console);
  if (arguments.brief) return kDone;
  size_t width = 0;
  for (const auto& tensor : index.tensors) width = std::max(width, printable_line(tensor.name).size());
  for (const auto& tensor : index.tensors) {
    std::string type(name_of(tensor.type));
    type.resize(std::max<size_t>(type.size(), 9), ' ');
    const std::string name = printable_line(tensor.name);
    console.line(name + std::string(width - name.size() + 2, ' ') + type + "  " + shape_text(tensor.shape));
  }
  return kDone;
}

}  // namespace sshost::cli
