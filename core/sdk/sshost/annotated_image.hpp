// Files of annotations name the pictures that they were made on, which may lie elsewhere by now, and have another size.
#ifndef SSHOST_ANNOTATED_IMAGE_HPP
#define SSHOST_ANNOTATED_IMAGE_HPP

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>

#include "error.hpp"
#include "image.hpp"
#include "size.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// With slashes in the place of Windows' separators.
inline std::string plain_separators(std::string name) {
  std::replace(name.begin(), name.end(), '\\', '/');
  return name;
}

// The file that is meant by a name in annotations: below the folder; with Windows' separators; or, where the name
// begins with folders of the machine on which it was written, what of its end is there. Nothing where no such file is
// there.
inline std::optional<std::filesystem::path> annotated_image(const std::filesystem::path& folder,
                                                            const std::string& name) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(folder / name, ignored)) return folder / name;
  for (std::filesystem::path rest = std::filesystem::path(plain_separators(name)).relative_path(); !rest.empty();) {
    if (std::filesystem::is_regular_file(folder / rest, ignored)) return folder / rest;
    std::filesystem::path shorter;
    for (auto part = std::next(rest.begin()); part != rest.end(); ++part) shorter /= *part;
    rest = shorter;
  }
  return std::nullopt;
}

// Throws where `image`, which `name` stands for, has another size than the one that the annotations in `file` are for.
inline void require_annotated_size(const std::string& file, const std::string& name, int64_t height, int64_t width,
                                   const Image& image) {
  if (height == image.height() && width == image.width()) return;
  std::string text = file + ": the annotations are made on " + to_string(Size{height, width}) + ", " + name + " has " +
                     to_string(Size{image.height(), image.width()});
  if (height == image.width() && width == image.height()) {
    text +=
        " (a photograph is turned as its EXIF orientation says: annotate it as it is shown then, or store it without "
        "an orientation)";
  }
  throw Error(text, SS_IO);
}

}  // namespace v1
}  // namespace ss

#endif
