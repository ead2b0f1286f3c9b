#include "plugin/elf_needs.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "plugin/elf_file.h"
#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

constexpr uint64_t kMostEntries = 1 << 16;
constexpr uint64_t kMostText = uint64_t{1} << 26;

// Where in the file lies what is loaded at an address; the linker goes by addresses alone.
uint64_t offset_of(uint64_t address, const std::vector<Elf64_Phdr>& segments) {
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
    if (address - segment.p_vaddr < segment.p_filesz) return segment.p_offset + (address - segment.p_vaddr);
  }
  throw Refused("the file is corrupt: its dynamic section leads out of it");
}

std::vector<Elf64_Dyn> read_dynamic(const LibraryFile& file, const std::vector<Elf64_Phdr>& segments) {
  const auto found = std::find_if(segments.begin(), segments.end(),
                                  [](const Elf64_Phdr& segment) { return segment.p_type == PT_DYNAMIC; });
  std::vector<Elf64_Dyn> entries;
  if (found == segments.end()) return entries;
  const uint64_t begin = offset_of(found->p_vaddr, segments);
  const uint64_t count = std::min(found->p_memsz / sizeof(Elf64_Dyn), kMostEntries);
  for (uint64_t i = 0; i < count; ++i) {
    entries.push_back(file.read_struct<Elf64_Dyn>(begin + i * sizeof(Elf64_Dyn), "the dynamic section"));
    if (entries.back().d_tag == DT_NULL) break;
  }
  return entries;
}

std::optional<uint64_t> value_of(const std::vector<Elf64_Dyn>& entries, Elf64_Sxword tag) {
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag == tag) return entry.d_un.d_val;
  }
  return std::nullopt;
}

// The names in the dynamic section are places in this text.
std::string read_text(const LibraryFile& file, const std::vector<Elf64_Phdr>& segments,
                      const std::vector<Elf64_Dyn>& entries) {
  const auto address = value_of(entries, DT_STRTAB), size = value_of(entries, DT_STRSZ);
  if (!address || !size || *size > kMostText) return {};
  return file.read(offset_of(*address, segments), *size, "the names in it");
}

std::string text_at(const std::string& text, uint64_t place) {
  const size_t end = place < text.size() ? text.find('\0', place) : std::string::npos;
  if (end == std::string::npos) throw Refused("the file is corrupt: a name in its dynamic section has no end");
  return text.substr(place, end - place);
}

// At each colon; an empty part counts.
std::vector<std::string> split_folders(std::string_view text) {
  std::vector<std::string> folders;
  for (size_t colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':')) {
    folders.emplace_back(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  folders.emplace_back(text);
  return folders;
}

bool names_a_library(Elf64_Sxword tag) { return tag == DT_NEEDED || tag == DT_AUXILIARY || tag == DT_FILTER; }

}  // namespace

ElfNeeds read_needs(const std::filesystem::path& path) {
  const LibraryFile file(path);
  const std::vector<Elf64_Phdr> segments = read_segments(file, read_header(file));
  const std::vector<Elf64_Dyn> entries = read_dynamic(file, segments);
  const std::string text = read_text(file, segments, entries);
  ElfNeeds needs;
  for (const Elf64_Dyn& entry : entries) {
    if (names_a_library(entry.d_tag)) needs.libraries.push_back(text_at(text, entry.d_un.d_val));
    if (entry.d_tag == DT_RUNPATH) needs.runpath = split_folders(text_at(text, entry.d_un.d_val));
    if (entry.d_tag == DT_RPATH) needs.rpath = split_folders(text_at(text, entry.d_un.d_val));
  }
  return needs;
}

}  // namespace sshost::plugin
