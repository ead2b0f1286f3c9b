// Files by a pattern such as "images/{split}/*.jpg".
#ifndef SSHOST_PLUGINS_FOLDER_PATTERN_H
#define SSHOST_PLUGINS_FOLDER_PATTERN_H

#include <filesystem>
#include <map>
#include <string>

namespace folder {

// `pattern` with each "{split}" replaced.
std::string with_split(std::string pattern, const std::string& split);

// The files under `root` that match, by what the stars stood for, joined with '/': "a/*/*_left.png" finds
// a/rome/rome_1_left.png as "rome/rome_1". A star matches any text without '/', also in the names of folders; names
// that begin with a dot are passed over.
std::map<std::string, std::filesystem::path> find_files(const std::filesystem::path& root, const std::string& pattern);

}  // namespace folder

#endif  // SSHOST_PLUGINS_FOLDER_PATTERN_H
