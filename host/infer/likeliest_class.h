// Bilinear resizing and arg max in one pass. Vectorised by Google Highway.
#ifndef SSHOST_INFER_LIKELIEST_CLASS_H
#define SSHOST_INFER_LIKELIEST_CLASS_H

#include <cstdint>

namespace sshost::infer {

// Scores by pixels: [height][width][classes], finite.
struct ScoreMap {
  const float* data;
  int64_t height, width, classes;
};

// Rows [first, last) of a map of height x width.
struct OutputRows {
  int64_t height, width, first, last;
};

// The class of the largest score at each pixel of the rows, the first of equal ones, where the map is resized bilinearly
// as PyTorch's interpolate does it with align_corners=False. `classes` is [last - first][width].
void find_likeliest_classes(const ScoreMap& map, const OutputRows& rows, int64_t* classes);

}  // namespace sshost::infer

#endif  // SSHOST_INFER_LIKELIEST_CLASS_H
