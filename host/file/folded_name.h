#ifndef SSHOST_FILE_FOLDED_NAME_H
#define SSHOST_FILE_FOLDED_NAME_H

#include <filesystem>
#include <string>
#include <string_view>

namespace sshost::file {

// What two names have in common that are one file where names are folded (ext4 and f2fs with casefold, exFAT, NTFS,
// APFS, and what is shared from there): upper and lower case ("A.png", "a.png") and Unicode's forms of one character
// (e with an accent, as one code point or two) are the same. A name that is not UTF-8 is itself.
std::string folded_name(std::string_view name);

// Whether the file system folds names in this folder, or in the nearest one above it that is there. Found out by a file
// that is made and removed; false where none can be made.
bool folds_names(const std::filesystem::path& folder);

}  // namespace sshost::file

#endif  // SSHOST_FILE_FOLDED_NAME_H
