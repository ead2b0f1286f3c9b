#ifndef SSHOST_IMAGE_TIFF_ROWS_H
#define SSHOST_IMAGE_TIFF_ROWS_H

#include <memory>

#include "image/row_reader.h"
#include "image/source.h"

namespace sshost::image {

// By libtiff; see open_rows. Errors know no path.
std::unique_ptr<RowReader> open_tiff_rows(std::unique_ptr<Source> source);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_TIFF_ROWS_H
