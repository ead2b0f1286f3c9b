// Which pixels a shape covers: those that labelme's own export paints (labelme.utils.shape_to_mask, that is Pillow's
// ImageDraw). labelme's points are pixels, from 0 to width - 1, and an outline belongs to its shape. At the tip of a
// very sharp corner Pillow may paint a pixel more.
#ifndef SSHOST_PLUGINS_LABELME_AREA_H
#define SSHOST_PLUGINS_LABELME_AREA_H

#include <cstdint>
#include <vector>

namespace labelme {

// Pixels of one row, both ends included, within the picture.
struct Span {
  int64_t row;
  int64_t first;
  int64_t last;
};

struct PictureSize {
  int64_t height;
  int64_t width;
};

// `points` are x and y in turn: the corners, of which there are three at least; two opposite corners; the middle and a
// point on the outline. Each throws where one lies nowhere near a picture.
std::vector<Span> polygon_area(const std::vector<double>& points, const PictureSize& size);
std::vector<Span> rectangle_area(const std::vector<double>& points, const PictureSize& size);
std::vector<Span> circle_area(const std::vector<double>& points, const PictureSize& size);

}  // namespace labelme

#endif  // SSHOST_PLUGINS_LABELME_AREA_H
