#include "state/ranks.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace sshost::state {

void Backward::run(const at::Tensor& loss, bool /*is_last*/) { loss.backward(); }

bool Ranks::any(bool here) const {
  if (alone()) return here;
  const at::Tensor count = at::full({1}, here ? 1 : 0, at::kLong);
  sum({count});
  return count.item<int64_t>() > 0;
}

std::string Ranks::broadcast(const std::string& text) const {
  if (alone()) return text;
  const at::Tensor length = at::full({1}, static_cast<int64_t>(text.size()), at::kLong);
  broadcast(std::vector<at::Tensor>{length});
  const at::Tensor bytes = at::empty({length.item<int64_t>()}, at::kByte);
  if (bytes.numel() == 0) return {};
  if (is_first()) std::copy(text.begin(), text.end(), bytes.data_ptr<uint8_t>());
  broadcast(std::vector<at::Tensor>{bytes});
  return {bytes.data_ptr<uint8_t>(), bytes.data_ptr<uint8_t>() + bytes.numel()};
}

std::vector<std::string> Ranks::gather(const std::string& text) const {
  if (alone()) return {text};
  const at::Tensor lengths = gather(at::full({1}, static_cast<int64_t>(text.size()), at::kLong));
  const at::Tensor padded = at::zeros({lengths.max().item<int64_t>()}, at::kByte);
  std::copy(text.begin(), text.end(), padded.data_ptr<uint8_t>());
  const at::Tensor all = gather(padded);
  std::vector<std::string> texts;
  for (int64_t rank = 0; rank < count(); ++rank) {
    const uint8_t* bytes = all[rank].data_ptr<uint8_t>();
    texts.emplace_back(bytes, bytes + lengths[rank].item<int64_t>());
  }
  return texts;
}

at::Tensor Ranks::gather(const at::Tensor& tensor) const {
  std::vector<int64_t> sizes = tensor.sizes().vec();
  sizes.insert(sizes.begin(), count());
  const at::Tensor all = at::zeros(sizes, tensor.options());
  all[rank()].copy_(tensor);
  sum({all});
  return all;
}

}  // namespace sshost::state
