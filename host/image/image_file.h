// Image files as pixels.
#ifndef SSHOST_IMAGE_IMAGE_FILE_H
#define SSHOST_IMAGE_IMAGE_FILE_H

#include <filesystem>
#include <opencv2/core.hpp>
#include <string>

#include "image/source.h"

namespace sshost::image {

enum class Mode {
  kRgb,         // CV_8UC3 RGB, upright: turned as EXIF data, or a TIFF's orientation, say
  kLabel,       // CV_8UC1, CV_16UC1 or CV_32SC1, as stored (Decoder::label); a TIFF alone is turned
  kColorLabel,  // as kRgb, but turned only where it is a TIFF: a label whose colours stand for classes
  kSamples      // CV_8UC(n), CV_16UC(n) or CV_32FC(n), all channels as they are stored (Decoder::samples), upright
};

struct Image {
  cv::Mat pixels;
  std::string warning;  // what the decoder complained of though it went on (Decoder::warning); empty: nothing
};

// Decodes a JPEG, PNG, TIFF, WebP, BMP or PNM file, told by its first bytes, by its format's decoder alone. Error and
// warning begin with the path. Throws Error where the file cannot be read, is of another format, broken, larger than
// limits.h allows, or not of this mode; StatusError(SS_OUT_OF_MEMORY) where the memory is too small. Threads: any.
Image read_image(const std::filesystem::path& path, Mode mode);

// How a camera was held, as the file's EXIF data say (exif_orientation.h): what Mode::kRgb turns by. 1 for a TIFF, whose
// orientation says how rows are stored. Decodes the file. Throws as read_image.
int orientation_of(const std::filesystem::path& path);

// Image of any source; error and warning know no path.
Image decode_image(const Source& source, Mode mode);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_IMAGE_FILE_H
