#ifndef SSHOST_PLUGIN_ELF_NOTE_H
#define SSHOST_PLUGIN_ELF_NOTE_H

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sshost::plugin {

// What a library says of itself in its ELF note, before any of its code runs.
struct Note {
  uint32_t abi_major = 0;
  uint32_t abi_minor = 0;
  std::vector<std::string> kinds;  // such as "ss.head/1"
};

// Reads the note `.note.sshost` of the shared library at `path`, and checks that the file is one that dlopen can be
// tried on: a whole ELF64 shared object for this machine. Nothing of the file is trusted: every offset is checked
// against the file's size before it is read, so that truncated and corrupt files end in a message.
// Throws NotAPlugin where there is no note, Refused for everything else. Threads: any.
Note read_note(const std::filesystem::path& path);

// Throws Refused where this host cannot use a plugin of the note's contract version.
void check_version(const Note& note);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_ELF_NOTE_H
