#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/tensor_index.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace sshost::cli {
namespace {

struct Arguments {
  std::string file;
  std::string part;
  bool brief = false;
};

// A file's text as a terminal may show it.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, '?');
  return text;
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

std::string totals(const checkpoint::TensorIndex& index, const checkpoint::ByteSource& source) {
  uint64_t elements = 0;
  uint64_t bytes = 0;
  for (const auto& tensor : index.tensors) elements += checkpoint::element_count(tensor.shape, source.name());
  for (const auto& storage : index.storages) bytes += storage.bytes;
  return std::to_string(index.tensors.size()) + " tensors, " + std::to_string(elements) + " elements in " +
         std::to_string(bytes) + " bytes";
}

void say_surroundings(const checkpoint::TensorIndex& index, report::Console& console) {
  if (!index.part.empty()) console.line("state dict under: " + printable(index.part));
  if (!index.dropped_prefix.empty()) console.line("prefix dropped from all names: " + index.dropped_prefix);
  for (const auto& [key, what] : index.beside)
    console.line("not read: " + printable(key) + " (" + printable(what) + ")");
  for (const auto& [key, text] : index.metadata) {
    console.line("metadata: " + printable(key) + ", " + std::to_string(text.size()) + " bytes");
  }
}

int inspect(const Arguments& arguments) {
  Session session(false);
  report::Console& console = session.console();
  const checkpoint::FileSource source(arguments.file);
  const checkpoint::TensorIndex index = checkpoint::read_tensor_index(source, arguments.part);
  console.line(source.name() + ": " + index.format + ", " + totals(index, source));
  say_surroundings(index, console);
  if (arguments.brief) return kDone;
  size_t width = 0;
  for (const auto& tensor : index.tensors) width = std::max(width, tensor.name.size());
  for (const auto& tensor : index.tensors) {
    std::string type(name_of(tensor.type));
    type.resize(std::max<size_t>(type.size(), 9), ' ');
    console.line(printable(tensor.name) + std::string(width - tensor.name.size() + 2, ' ') + type + "  " +
                 shape_text(tensor.shape));
  }
  return kDone;
}

}  // namespace

void add_weights_inspect_command(Command weights) {
  const auto arguments = std::make_shared<Arguments>();
  Command command = weights.add_command("inspect", "Show what a file of weights holds, without reading its data");
  command.add_option("file", arguments->file, "A .safetensors or .pth file, told apart by content")
      .type_name("FILE")
      .required();
  command.add_option("--part", arguments->part, "Of several state dicts in a .pth file, the key of the one to show")
      .type_name("KEY");
  command.add_flag("--brief", arguments->brief, "Leave out the list of tensors");
  command.footer(
      "Nothing in the file is executed.\n"
      "Examples:\n"
      "  sshost weights inspect resnet50.pth\n"
      "  sshost weights inspect checkpoint.pth --part model_ema --brief");
  command.runs([arguments] { return inspect(*arguments); });
}

}  // namespace sshost::cli
