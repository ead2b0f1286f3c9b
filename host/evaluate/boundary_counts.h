#ifndef SSHOST_EVALUATE_BOUNDARY_COUNTS_H
#define SSHOST_EVALUATE_BOUNDARY_COUNTS_H

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sshost::evaluate {

// What the boundary IoU of each class takes, however many images there are (Cheng et al., "Boundary IoU: Improving
// Object-Centric Image Segmentation Evaluation", CVPR 2021): an IoU that sees only the pixels of a class which lie
// within a distance of its contour, those of the truth near the truth's and those of the prediction near the
// prediction's. The distance is a part of the image's diagonal, at least one pixel, counted along rows, columns and
// diagonals alike; the image's border is a contour, as in the paper's program.
//
// An ignored pixel does not count, neither in the truth nor in the prediction, and makes no contour: a class that meets
// ignored pixels goes on behind them.
// Threads: one at a time.
class BoundaryCounts {
 public:
  // `ratio` of the diagonal: 0.02 in the paper.
  BoundaryCounts(int64_t classes, double ratio);

  // Adds an image: integer tensors [h, w] on the CPU. A label outside [0, classes) is ignored; a prediction has to be
  // inside.
  void add(const at::Tensor& predicted, const at::Tensor& labels);

  // int64 [3, classes] on the CPU: pixels near both contours where both are right, near the truth's, near the
  // prediction's.
  const at::Tensor& counts() const { return counts_; }

 private:
  int64_t classes_;
  double ratio_;
  at::Tensor counts_;
};

}  // namespace sshost::evaluate

#endif  // SSHOST_EVALUATE_BOUNDARY_COUNTS_H
