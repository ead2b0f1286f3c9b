#ifndef SSHOST_INFER_SCORES_H
#define SSHOST_INFER_SCORES_H

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sshost::infer {

struct ImageSize {
  int64_t height;
  int64_t width;
};

// A model's scores of an image at the image's size: [classes, height, width] for whoever asks for them. Until then they
// have the model's resolution, so that a class map, which is what most want, needs no more memory than itself.
// Threads: one at a time.
class Scores {
 public:
  // None, where classes alone are known.
  Scores() = default;

  // Those that have the image's size: [1, classes, h, w].
  Scores(at::Tensor scores);  // NOLINT(google-explicit-constructor): they are what it stands for

  // [1, classes, h, w] of any size, to be resized bilinearly.
  Scores(at::Tensor map, ImageSize size);

  // [1, classes, height, width].
  const at::Tensor& tensor() const;

  // int64 [height, width]: the class of the largest score, the first of equal ones. Without tensor(), where the map is
  // float32 on the CPU.
  at::Tensor likeliest() const;

 private:
  bool has_size() const { return map_.size(2) == size_.height && map_.size(3) == size_.width; }

  at::Tensor map_;
  ImageSize size_{};
  mutable at::Tensor resized_;
};

}  // namespace sshost::infer

#endif  // SSHOST_INFER_SCORES_H
