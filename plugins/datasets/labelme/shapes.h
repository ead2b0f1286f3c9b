#ifndef SSHOST_PLUGINS_LABELME_SHAPES_H
#define SSHOST_PLUGINS_LABELME_SHAPES_H

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace labelme {

// An area that somebody drew. Rectangles and circles are polygons here.
struct Shape {
  std::string label;
  std::vector<double> polygon;  // x and y in turn
};

// What labelme wrote beside an image.
struct Drawing {
  std::string image_path;  // relative to the file
  int64_t height = 0;      // 0 where the file does not say
  int64_t width = 0;
  std::vector<Shape> shapes;  // in the order in which they were drawn
};

// Throws with the path, and with the number of a shape that cannot be read.
Drawing read_drawing(const std::filesystem::path& path);

}  // namespace labelme

#endif  // SSHOST_PLUGINS_LABELME_SHAPES_H
