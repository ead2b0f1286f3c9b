#ifndef SSHOST_FILE_REAL_PATH_H
#define SSHOST_FILE_REAL_PATH_H

#include <filesystem>

namespace sshost::file {

// Returns `path` as an absolute one without links, "." and "..", so that two names of one file compare equal. What does
// not exist keeps its name. A path that the system cannot follow (too long a name, a loop of links, a folder that may
// not be read) is only written out: whoever opens it says what is wrong.
std::filesystem::path real_path(const std::filesystem::path& path);

}  // namespace sshost::file

#endif  // SSHOST_FILE_REAL_PATH_H
