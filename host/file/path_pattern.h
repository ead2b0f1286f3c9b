#ifndef SSHOST_FILE_PATH_PATTERN_H
#define SSHOST_FILE_PATH_PATTERN_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sshost::file {

// "a/{b,c}/*" as "a/b/*" and "a/c/*". Throws StatusError where braces are not closed or hold no comma,
// and where they make more than 1000 patterns.
std::vector<std::string> expand_braces(const std::string& pattern);

// What the stars of `pattern` stand for in `text`, each behind a '/'; the first star takes as much as it can. Nothing
// where they do not match.
std::optional<std::string> match_stars(std::string_view pattern, std::string_view text);

// The same for the name of a file, whose ending is compared without regard to capital letters. A pattern that leaves
// the ending open stands for images alone, and its last star for the name without the ending.
std::optional<std::string> match_file_name(std::string_view pattern, const std::string& name);

}  // namespace sshost::file

#endif  // SSHOST_FILE_PATH_PATTERN_H
