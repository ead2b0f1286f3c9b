#include "plugin/elf_note.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "plugin/refusal.h"
#include "plugin/support.h"
#include "temp_folder.h"

namespace sshost::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Changes the ELF header of a good plugin and gives the reason for the refusal.
std::string reason_with_header(const std::function<void(Elf64_Ehdr&)>& change) {
  const test::TempFolder folder;
  const auto file = folder.path() / "changed.so";
  std::string bytes = test::read_bytes(library("plain"));
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  change(header);
  std::memcpy(bytes.data(), &header, sizeof header);
  test::write_bytes(file, bytes);
  return message_of([&] { read_note(file); });
}

TEST(ElfNote, TellsTheVersionAndTheKinds) {
  const Note note = read_note(library("two_heads"));
  EXPECT_EQ(note.abi_major, uint32_t{SS_ABI_MAJOR});
  EXPECT_EQ(note.abi_minor, uint32_t{SS_ABI_MINOR});
  EXPECT_THAT(note.kinds, ElementsAre("ss.head/1", "ss.oracle/7"));
}

TEST(ElfNote, IsFoundThroughTheSegmentsWhereAllSectionsWereRemoved) {
  EXPECT_EQ(reason_with_header([](Elf64_Ehdr& header) { header.e_shoff = header.e_shnum = header.e_shstrndx = 0; }),
            "");
}

TEST(ElfNote, RefusesALibraryWithoutIt) {
  EXPECT_THROW(read_note(library("noteless")), NotAPlugin);
  EXPECT_THAT(message_of([] { read_note(library("noteless")); }), HasSubstr(".note.sshost, found none"));
}

TEST(ElfNote, RefusesAnotherArchitectureByName) {
  const std::string reason = reason_with_header([](Elf64_Ehdr& header) { header.e_machine = EM_RISCV; });
  EXPECT_THAT(reason, HasSubstr("another architecture"));
  EXPECT_THAT(reason, HasSubstr("found RISC-V"));
}

TEST(ElfNote, RefusesA32BitLibrary) {
  EXPECT_THAT(reason_with_header([](Elf64_Ehdr& header) { header.e_ident[EI_CLASS] = ELFCLASS32; }),
              HasSubstr("expected a 64-bit library"));
}

TEST(ElfNote, RefusesABigEndianLibrary) {
  EXPECT_THAT(reason_with_header([](Elf64_Ehdr& header) { header.e_ident[EI_DATA] = ELFDATA2MSB; }),
              HasSubstr("expected a little-endian library"));
}

TEST(ElfNote, RefusesAnObjectFile) {
  EXPECT_THAT(reason_with_header([](Elf64_Ehdr& header) { header.e_type = ET_REL; }),
              HasSubstr("expected a shared library (ELF type 3), found ELF type 1"));
}

TEST(ElfNote, RefusesTablesThatLieOutsideTheFile) {
  for (const uint64_t offset : {uint64_t{1} << 40, ~uint64_t{0}, ~uint64_t{0} - 63}) {
    EXPECT_THAT(reason_with_header([&](Elf64_Ehdr& header) { header.e_phoff = offset; }),
                HasSubstr("the table of segments"));
    EXPECT_THAT(reason_with_header([&](Elf64_Ehdr& header) { header.e_shoff = offset; }),
                HasSubstr("the table of sections"));
  }
}

TEST(ElfNote, RefusesAnEmptyFile) {
  const test::TempFolder folder;
  test::write_bytes(folder.path() / "empty.so", "");
  EXPECT_EQ(message_of([&] { read_note(folder.path() / "empty.so"); }), "the file is empty");
}

TEST(ElfNote, RefusesTextAndFolders) {
  const test::TempFolder folder;
  test::write_bytes(folder.path() / "script.so",
                    "INPUT(libc.so.6) and more text, longer than the header of a library would be");
  EXPECT_THAT(message_of([&] { read_note(folder.path() / "script.so"); }), HasSubstr("found another format"));
  EXPECT_THAT(message_of([&] { read_note(folder.path()); }), HasSubstr("not a regular file"));
  EXPECT_THAT(message_of([&] { read_note(folder.path() / "absent.so"); }), HasSubstr("cannot be opened"));
}

TEST(ElfNote, NamesBothVersionsAndWhatToDo) {
  const std::string newer = message_of([] { check_version(read_note(library("newer_major"))); });
  EXPECT_THAT(newer, HasSubstr("expected 1.x, found 2.3"));
  EXPECT_THAT(newer, HasSubstr("use a newer sshost"));
  const std::string older = message_of([] { check_version(read_note(library("older_major"))); });
  EXPECT_THAT(older, HasSubstr("expected 1.x, found 0.3"));
  EXPECT_THAT(older, HasSubstr("build the plugin again"));
}

}  // namespace
}  // namespace sshost::plugin
