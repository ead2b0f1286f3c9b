#ifndef SSHOST_FILE_LINES_H
#define SSHOST_FILE_LINES_H

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string_view>

namespace sshost::file {

// Calls `take` with each line of a regular file, without its end and in order, however long the file is. A line of more
// than `longest` bytes is passed over. Throws UnreadableFile.
void read_lines(const std::filesystem::path& path, size_t longest, const std::function<void(std::string_view)>& take);

}  // namespace sshost::file

#endif  // SSHOST_FILE_LINES_H
