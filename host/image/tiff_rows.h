#ifndef SSHOST_IMAGE_TIFF_ROWS_H
#define SSHOST_IMAGE_TIFF_ROWS_H

#include <filesystem>
#include <memory>

#include "image/row_reader.h"

namespace sshost::image {

// By libtiff; see open_rows.
std::unique_ptr<RowReader> open_tiff_rows(const std::filesystem::path& path);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_TIFF_ROWS_H
