#ifndef SSHOST_FILE_APPEND_FILE_H
#define SSHOST_FILE_APPEND_FILE_H

#include <filesystem>
#include <string_view>

namespace sshost::file {

// Appends a line (without its end) to a file of lines, which is made where it is not there. The line is there whole or
// not at all: what a full disk cut short is taken back, and a last line without an end, which a killed process left, is
// removed first. A link or anything else than a regular file is refused (WritableFile). One process at a time. Throws
// Error with the path.
void append_line(const std::filesystem::path& path, std::string_view line);

}  // namespace sshost::file

#endif  // SSHOST_FILE_APPEND_FILE_H
