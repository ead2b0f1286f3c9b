#include "memory/plain.h"

#include <ATen/ATen.h>

namespace sshost::test {

at::Tensor pixels_of(const at::Tensor& representation, const at::Tensor& labels, int64_t c) {
  const at::Tensor large = at::upsample_bilinear2d(representation, {labels.size(1), labels.size(2)}, false);
  const at::Tensor rows = large.permute({0, 2, 3, 1}).reshape({-1, representation.size(1)});
  return rows.index_select(0, (labels.reshape(-1) == c).nonzero().squeeze(1));
}

namespace {

// cos(f_p, m_j): [P, m].
at::Tensor similarities(const at::Tensor& pixels, const at::Tensor& vectors) {
  return at::cosine_similarity(pixels.unsqueeze(1), vectors.unsqueeze(0), 2, 1e-8);
}

at::Tensor target_of(const at::Tensor& pixels, const at::Tensor& similarity, bool cosine) {
  if (!cosine) return pixels.mean(0);
  const at::Tensor weight = 1 - similarity;
  return at::matmul(weight / weight.sum(), pixels);
}

// The vectors [m, C] of one class, in place.
void move_class(at::Tensor vectors, const at::Tensor& pixels, double momentum, bool cosine) {
  for (int64_t j = 0; j < vectors.size(0); ++j) {
    if (!vectors[j].eq(0).all().item<bool>()) continue;
    vectors[j].copy_(pixels.mean(0));
    return;
  }
  const at::Tensor similarity = similarities(pixels, vectors), nearest = similarity.argmax(1);
  for (int64_t j = 0; j < vectors.size(0); ++j) {
    const at::Tensor own = (nearest == j).nonzero().squeeze(1);
    at::Tensor moved = (1 - momentum) * vectors[j];
    if (own.size(0) > 0) {
      moved += momentum * target_of(pixels.index_select(0, own), similarity.select(1, j).index_select(0, own), cosine);
    }
    vectors[j].copy_(moved);
  }
}

}  // namespace

at::Tensor plain_mcibi(const at::Tensor& memory, const at::Tensor& representation, const at::Tensor& labels,
                       double momentum, bool cosine) {
  at::Tensor result = memory.clone();
  for (int64_t c = 0; c < memory.size(0); ++c) {
    const at::Tensor pixels = pixels_of(representation, labels, c);
    if (pixels.size(0) > 0) move_class(result[c], pixels, momentum, cosine);
  }
  return result;
}

at::Tensor plain_mcibiplusplus(const at::Tensor& memory, const at::Tensor& representation, const at::Tensor& labels,
                               double momentum) {
  at::Tensor result = memory.clone();
  for (int64_t c = 0; c < memory.size(0); ++c) {
    const at::Tensor pixels = pixels_of(representation, labels, c);
    if (pixels.size(0) == 0) continue;
    const at::Tensor mean = pixels.mean(0);
    const at::Tensor target = at::stack({mean.mean(), mean.std(/*unbiased=*/true)});
    result.select(0, c).copy_((1 - momentum) * memory.select(0, c) + momentum * target);
  }
  return result;
}

}  // namespace sshost::test
