#ifndef SSHOST_PLUGINS_LABELME_SHAPES_H
#define SSHOST_PLUGINS_LABELME_SHAPES_H

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "area.h"

namespace labelme {

// An area that somebody drew.
struct Shape {
  std::string label;
  std::vector<Span> area;
};

// What labelme wrote beside an image.
struct Drawing {
  std::string image_path;  // relative to the file
  int64_t height = 0;      // 0 where the file does not say
  int64_t width = 0;
  std::vector<Shape> shapes;  // in the order in which they were drawn
  int64_t without_area = 0;   // lines and points, which are none of them
  bool holds_image = false;   // the picture itself stands in the file
};

// Without its shapes. Throws with the path.
Drawing read_heading(const std::filesystem::path& path);

// In a picture of this size. Throws with the path, and with the number of a shape that cannot be read.
Drawing read_drawing(const std::filesystem::path& path, const PictureSize& size);

}  // namespace labelme

#endif  // SSHOST_PLUGINS_LABELME_SHAPES_H
