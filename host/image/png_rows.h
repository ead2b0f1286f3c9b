#ifndef SSHOST_IMAGE_PNG_ROWS_H
#define SSHOST_IMAGE_PNG_ROWS_H

#include <memory>

#include "image/row_reader.h"
#include "image/source.h"

namespace sshost::image {

// By libpng; see open_rows. Errors know no path.
std::unique_ptr<RowReader> open_png_rows(std::unique_ptr<Source> source);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_PNG_ROWS_H
