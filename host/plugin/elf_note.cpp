#include "plugin/elf_note.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <sstream>
#include <string_view>

#include <sshost/abi/plugin.h>

#include "plugin/library_file.h"
#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

// Notes are tens of bytes. A longer group of notes comes from a corrupt header, and is not worth its memory.
constexpr uint64_t kLongestNotes = uint64_t{1} << 20;

#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
#else
#error "add the ELF machine number of this architecture"
#endif

std::string machine_name(uint16_t machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "AArch64";
    case EM_386:
      return "x86 (32 bit)";
    case EM_ARM:
      return "ARM (32 bit)";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "PowerPC 64";
    case EM_S390:
      return "s390";
    default:
      return "machine number " + std::to_string(machine);
  }
}

void check_identity(const Elf64_Ehdr& header) {
  const unsigned char* ident = header.e_ident;
  if (std::memcmp(ident, ELFMAG, SELFMAG) != 0) throw Refused("expected an ELF shared library, found another format");
  if (ident[EI_CLASS] != ELFCLASS64) throw Refused("expected a 64-bit library, found a 32-bit or corrupt one");
  if (ident[EI_DATA] != ELFDATA2LSB)
    throw Refused("expected a little-endian library, found a big-endian or corrupt one");
  if (header.e_machine != kMachine) {
    throw Refused("built for another architecture: expected " + machine_name(kMachine) + ", found " +
                  machine_name(header.e_machine));
  }
  if (ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT) {
    throw Refused("expected ELF version 1, found another: the file is corrupt");
  }
  if (header.e_type != ET_DYN) {
    throw Refused("expected a shared library (ELF type 3), found ELF type " + std::to_string(header.e_type));
  }
}

Elf64_Ehdr read_header(const LibraryFile& file) {
  if (file.size() == 0) throw Refused("the file is empty");
  const std::string magic = file.read(0, std::min<uint64_t>(file.size(), SELFMAG), "the ELF magic number");
  if (magic != std::string_view(ELFMAG, SELFMAG)) throw Refused("expected an ELF shared library, found another format");
  const auto header = file.read_struct<Elf64_Ehdr>(0, "the ELF header");
  check_identity(header);
  return header;
}

std::vector<Elf64_Phdr> read_segments(const LibraryFile& file, const Elf64_Ehdr& header) {
  if (header.e_phnum == 0 || header.e_phnum == PN_XNUM || header.e_phentsize != sizeof(Elf64_Phdr)) {
    throw Refused("the file is corrupt: it has no usable table of segments");
  }
  file.require(header.e_phoff, uint64_t{header.e_phnum} * sizeof(Elf64_Phdr), "the table of segments");
  std::vector<Elf64_Phdr> segments;
  for (uint16_t i = 0; i < header.e_phnum; ++i) {
    const std::string what = "segment " + std::to_string(i);
    segments.push_back(file.read_struct<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr), what));
    const Elf64_Phdr& segment = segments.back();
    if (segment.p_type == PT_NULL) continue;
    file.require(segment.p_offset, segment.p_filesz, what);
    if (segment.p_type == PT_LOAD && segment.p_filesz > segment.p_memsz) {
      throw Refused("the file is corrupt: " + what + " is larger in the file than in memory");
    }
  }
  return segments;
}

// None where a tool has removed them all, which a loader does not mind.
std::vector<Elf64_Shdr> read_sections(const LibraryFile& file, const Elf64_Ehdr& header) {
  if (header.e_shoff == 0 || header.e_shnum == 0) return {};
  if (header.e_shentsize != sizeof(Elf64_Shdr))
    throw Refused("the file is corrupt: it has no usable table of sections");
  file.require(header.e_shoff, uint64_t{header.e_shnum} * sizeof(Elf64_Shdr), "the table of sections");
  std::vector<Elf64_Shdr> sections;
  for (uint16_t i = 0; i < header.e_shnum; ++i) {
    const std::string what = "section " + std::to_string(i);
    sections.push_back(file.read_struct<Elf64_Shdr>(header.e_shoff + i * sizeof(Elf64_Shdr), what));
    const Elf64_Shdr& section = sections.back();
    if (section.sh_type == SHT_NULL || section.sh_type == SHT_NOBITS) continue;
    file.require(section.sh_offset, section.sh_size, what);
  }
  return sections;
}

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
