#include "plugin/elf_comment.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "plugin/elf_file.h"
#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

constexpr uint64_t kMostBytes = 1 << 20;

// Texts that end with zeros, each once.
std::string joined(const std::string& texts) {
  std::istringstream in(texts);
  std::vector<std::string> seen;
  std::string all;
  for (std::string text; std::getline(in, text, '\0');) {
    if (text.empty() || std::find(seen.begin(), seen.end(), text) != seen.end()) continue;
    seen.push_back(text);
    all += (all.empty() ? "" : ", ") + text;
  }
  return all;
}

}  // namespace

std::string compilers_of(const std::filesystem::path& path) {
  const LibraryFile file(path);
  const Elf64_Ehdr header = read_header(file);
  const std::vector<Elf64_Shdr> sections = read_sections(file, header);
  if (sections.empty()) return {};
  if (header.e_shstrndx >= sections.size()) throw Refused("the file is corrupt: its sections have no names");
  const Elf64_Shdr& names = sections[header.e_shstrndx];
  if (names.sh_size > kMostBytes) throw Refused("the file is corrupt: the names of its sections are too long");
  const std::string text = file.read(names.sh_offset, names.sh_size, "the names of sections");
  for (const Elf64_Shdr& section : sections) {
    const bool is_comment =
        section.sh_name < text.size() && std::string_view(text.c_str() + section.sh_name) == ".comment";
    if (!is_comment || section.sh_size > kMostBytes) continue;
    return joined(file.read(section.sh_offset, section.sh_size, "the section .comment"));
  }
  return {};
}

}  // namespace sshost::plugin
