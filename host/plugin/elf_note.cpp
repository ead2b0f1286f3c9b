#include "plugin/elf_note.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <sstream>
#include <string_view>

#include <sshost/abi/plugin.h>

#include "plugin/elf_file.h"
#include "plugin/library_file.h"
#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

// Notes are tens of bytes. A longer group of notes comes from a corrupt header, and is not worth its memory.
constexpr uint64_t kLongestNotes = uint64_t{1} << 20;

uint64_t aligned(uint64_t value, uint64_t alignment) { return (value + alignment - 1) / alignment * alignment; }

std::vector<std::string> split_kinds(std::string_view text) {
  std::istringstream words{std::string(text.substr(0, text.find('\0')))};
  std::vector<std::string> kinds;
  for (std::string word; words >> word;) {
    const bool printable = std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!printable) throw Refused("the note " SS_NOTE_SECTION " is corrupt: its list of kinds is not plain text");
    kinds.push_back(word);
  }
  return kinds;
}

// The description may be longer than this host knows: a newer contract adds to its end. One of another major version
// is read as far as its numbers.
Note read_description(std::string_view description) {
  if (description.size() < offsetof(ss_note_description, kinds)) {
    throw Refused("the note " SS_NOTE_SECTION " is corrupt: its description has " + std::to_string(description.size()) +
                  " bytes, expected " + std::to_string(sizeof(ss_note_description)));
  }
  ss_note_description raw{};
  std::memcpy(&raw, description.data(), std::min(description.size(), sizeof raw));
  Note note{raw.abi_major, raw.abi_minor, {}};
  if (note.abi_major == SS_ABI_MAJOR) note.kinds = split_kinds(std::string_view(raw.kinds, sizeof raw.kinds));
  return note;
}

// Looks through a group of notes: {owner size, description size, type, owner, description}, each part padded.
std::optional<Note> find_in_notes(std::string_view notes, uint64_t alignment) {
  while (notes.size() >= sizeof(Elf64_Nhdr)) {
    Elf64_Nhdr head;
    std::memcpy(&head, notes.data(), sizeof head);
    const uint64_t description_at = aligned(sizeof head + uint64_t{head.n_namesz}, alignment);
    const uint64_t end = description_at + head.n_descsz;
    if (description_at > notes.size() || end > notes.size()) return std::nullopt;
    std::string_view owner = notes.substr(sizeof head, head.n_namesz);
    owner = owner.substr(0, owner.find('\0'));
    if (owner == SS_NOTE_OWNER && head.n_type == SS_NOTE_TYPE) {
      return read_description(notes.substr(description_at, head.n_descsz));
    }
    notes.remove_prefix(std::min<uint64_t>(aligned(end, alignment), notes.size()));
  }
  return std::nullopt;
}

std::optional<Note> find_at(const LibraryFile& file, uint64_t offset, uint64_t length, uint64_t alignment) {
  if (length > kLongestNotes) return std::nullopt;
  return find_in_notes(file.read(offset, length, "the notes"), alignment == 8 ? 8 : 4);
}

}  // namespace

Note read_note(const std::filesystem::path& path) {
  const LibraryFile file(path);
  const Elf64_Ehdr header = read_header(file);
  const std::vector<Elf64_Phdr> segments = read_segments(file, header);
  const std::vector<Elf64_Shdr> sections = read_sections(file, header);
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_NOTE) continue;
    if (auto note = find_at(file, segment.p_offset, segment.p_filesz, segment.p_align)) return *note;
  }
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_NOTE) continue;
    if (auto note = find_at(file, section.sh_offset, section.sh_size, section.sh_addralign)) return *note;
  }
  throw NotAPlugin("not an sshost plugin: expected an ELF note " SS_NOTE_SECTION
                   ", found none (a plugin contains SS_PLUGIN_NOTE, which SSHOST_PLUGIN writes for you)");
}

void check_version(const Note& note) {
  if (note.abi_major == SS_ABI_MAJOR) return;
  const std::string found = std::to_string(note.abi_major) + "." + std::to_string(note.abi_minor);
  const bool newer = note.abi_major > SS_ABI_MAJOR;
  throw Refused("built for another version of the plugin contract: expected " + std::to_string(SS_ABI_MAJOR) +
                ".x, found " + found + "; " +
                (newer ? "use a newer sshost, or build the plugin with this one's headers"
                       : "build the plugin again with this sshost's headers"));
}

}  // namespace sshost::plugin
