#ifndef SSHOST_IMAGE_EXIF_ORIENTATION_H
#define SSHOST_IMAGE_EXIF_ORIENTATION_H

#include <cstdint>
#include <opencv2/core.hpp>
#include <span>

namespace sshost::image {

// How a camera was held, as EXIF data say (a TIFF structure from its byte order on, as in PNG's chunk eXIf; "Exif" and
// two zeros may stand before it, as in JPEG): 1 where rows go from the top to the bottom and pixels from left to right,
// up to 8 for what is turned or mirrored (CIPA DC-008, tag 274). 1 also where the data do not say, or are broken.
int exif_orientation(std::span<const uint8_t> exif);

// Makes pixels of this orientation upright.
void turn(cv::Mat& pixels, int orientation);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_EXIF_ORIENTATION_H
