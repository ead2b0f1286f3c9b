#include "plugin/elf_symbols.h"

#include "plugin/elf_file.h"
#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

constexpr uint64_t kMostBytes = uint64_t{1} << 28;

std::string read_section(const LibraryFile& file, const Elf64_Shdr& section) {
  if (section.sh_size > kMostBytes) throw Refused("the file is corrupt: its symbols are too many");
  return file.read(section.sh_offset, section.sh_size, "the dynamic symbols");
}

bool is_exported(const Elf64_Sym& symbol) {
  const unsigned char binding = ELF64_ST_BIND(symbol.st_info), visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  const bool is_versions_name = symbol.st_shndx == SHN_ABS;
  return symbol.st_shndx != SHN_UNDEF && !is_versions_name && binding != STB_LOCAL && visibility == STV_DEFAULT;
}

void add_exported(const std::string& symbols, const std::string& names, std::vector<std::string>& out) {
  for (size_t at = 0; at + sizeof(Elf64_Sym) <= symbols.size(); at += sizeof(Elf64_Sym)) {
    Elf64_Sym symbol;
    symbols.copy(reinterpret_cast<char*>(&symbol), sizeof symbol, at);
    if (!is_exported(symbol)) continue;
    const size_t end = names.find('\0', symbol.st_name);
    if (symbol.st_name >= names.size() || end == std::string::npos)
      throw Refused("the file is corrupt: a symbol's name");
    out.push_back(names.substr(symbol.st_name, end - symbol.st_name));
  }
}

}  // namespace

std::vector<std::string> exported_symbols(const std::filesystem::path& path) {
  const LibraryFile file(path);
  const std::vector<Elf64_Shdr> sections = read_sections(file, read_header(file));
  std::vector<std::string> exported;
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_DYNSYM || section.sh_link >= sections.size()) continue;
    add_exported(read_section(file, section), read_section(file, sections[section.sh_link]), exported);
  }
  return exported;
}

}  // namespace sshost::plugin
