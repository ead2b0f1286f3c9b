#ifndef SSHOST_FILE_FIND_FILES_H
#define SSHOST_FILE_FIND_FILES_H

#include <sshost/abi/files.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sshost::file {

// Whether the ending is that of a format that is decoded here.
bool names_an_image(const std::filesystem::path& path);

// A file that a pattern found, or what was passed over beside it.
struct Seen {
  ss_file_kind kind;
  std::filesystem::path path;
  std::string name;  // of one that was found: what the stars stood for, joined with '/'
};

// By the rules of sshost/abi/files.h, sorted by path, each path once. Throws StatusError for braces without an end.
std::vector<Seen> find_files(const std::filesystem::path& root, const std::string& pattern);

// "links that lead nowhere".
std::string_view words_of(ss_file_kind kind);

// "12 hidden, 3 no images (such as photos/notes.txt)", of all that was not found; empty where that is nothing.
std::string left_out_text(const std::vector<Seen>& seen);

}  // namespace sshost::file

#endif  // SSHOST_FILE_FIND_FILES_H
