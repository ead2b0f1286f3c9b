#ifndef SSHOST_PYTHON_PIXELS_H
#define SSHOST_PYTHON_PIXELS_H

#include <nanobind/ndarray.h>

#include <cstdint>
#include <vector>

#include "native.h"

namespace sshost::python {

// An image as NumPy, torch or whoever speaks DLPack holds it: uint8 on the CPU, grey [height, width], or with 1, 3 or 4
// channels [height, width, channels] or [channels, height, width].
using Pixels = nb::ndarray<nb::ro>;

// The image in the caller's memory where the library can read it as it lies, else a copy that this object owns.
class ImageView {
 public:
  // `channels_first`: which of the two a 3-dimensional one is. `is_bgr`: blue comes first. Throws nb::type_error and
  // nb::value_error, with what was expected and found.
  ImageView(const Pixels& pixels, bool channels_first, bool is_bgr);

  const Image& image() const { return image_; }
  bool is_copy() const { return !copy_.empty(); }

 private:
  std::vector<uint8_t> copy_;
  Image image_;
};

}  // namespace sshost::python

#endif  // SSHOST_PYTHON_PIXELS_H
