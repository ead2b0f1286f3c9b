#ifndef SSHOST_IMAGE_PNG_ROWS_H
#define SSHOST_IMAGE_PNG_ROWS_H

#include <filesystem>
#include <memory>

#include "image/row_reader.h"

namespace sshost::image {

// By libpng; see open_rows.
std::unique_ptr<RowReader> open_png_rows(const std::filesystem::path& path);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_PNG_ROWS_H
