#include "plugin/elf_file.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

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

}  // namespace

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

}  // namespace sshost::plugin
