#ifndef SSHOST_PLUGIN_ELF_FILE_H
#define SSHOST_PLUGIN_ELF_FILE_H

#include <elf.h>

#include <vector>

#include "plugin/library_file.h"

namespace sshost::plugin {

// The header of a whole ELF64 shared object for this machine. Throws Refused where the file is none.
Elf64_Ehdr read_header(const LibraryFile& file);

// Each within the file. Throws Refused where the table is none.
std::vector<Elf64_Phdr> read_segments(const LibraryFile& file, const Elf64_Ehdr& header);

// Each within the file. None where a tool has removed them all, which a loader does not mind.
std::vector<Elf64_Shdr> read_sections(const LibraryFile& file, const Elf64_Ehdr& header);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_ELF_FILE_H
