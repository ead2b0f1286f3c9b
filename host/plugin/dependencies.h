#ifndef SSHOST_PLUGIN_DEPENDENCIES_H
#define SSHOST_PLUGIN_DEPENDENCIES_H

#include <filesystem>
#include <vector>

namespace sshost::plugin {

// The files, canonical, that the dynamic linker would load together with a library because the library says where they
// are: by $ORIGIN (beside it), another folder of its RUNPATH or RPATH, or a path; and with those in turn. They are its
// code as much as itself. Not among them is what the system's own folders hold, and what this process has loaded.
// Throws Refused, naming the folder, where somebody else could have a file of theirs loaded instead: others may write a
// file, or where it is looked for, or the working directory decides. As ld.so(8) has it, without glibc-hwcaps.
std::vector<std::filesystem::path> dependencies_of(const std::filesystem::path& library);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_DEPENDENCIES_H
