#include "cli/memory_text.h"

#include <ATen/core/Tensor.h>

#include <filesystem>

namespace sshost::cli {

std::vector<std::string> vector_names(const app::MemoryFile& file, const checkpoint::ClassMemory& memory) {
  std::vector<std::string> names;
  for (const data::Class& entry : file.info.dataset.classes) {
    for (int64_t j = 0; j < memory.vectors.size(1); ++j) {
      names.push_back(memory.vectors.size(1) == 1 ? entry.name : entry.name + " #" + std::to_string(j + 1));
    }
  }
  return names;
}

std::string title_of(const app::MemoryFile& file) {
  return std::filesystem::path(file.path).filename().string() + ": step " + std::to_string(file.info.step) + ", " +
         std::to_string(file.info.dataset.classes.size()) + " classes";
}

std::string title_of(const checkpoint::ClassMemory& memory) {
  const int64_t vectors = memory.vectors.size(1);
  return memory.name + ": " + std::to_string(vectors) + (vectors == 1 ? " vector of " : " vectors of ") +
         std::to_string(memory.vectors.size(2)) + " numbers for each class";
}

void say(report::Console& console, const report::Table& table) {
  for (const std::string& line : to_lines(table)) console.line("  " + line);
}

}  // namespace sshost::cli
