#include "model/losses.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "error.h"

namespace sshost::model {
namespace {

using LossFunction = at::Tensor (*)(const at::Tensor& logits, const at::Tensor& labels);
struct NamedLoss {
  std::string_view name;
  LossFunction compute;
};
constexpr NamedLoss kLosses[] = {{"cross_entropy", cross_entropy}};
constexpr int64_t kIgnored = -100;

const NamedLoss* find_loss(std::string_view name) {
  const std::string_view wanted = name.empty() ? kLosses[0].name : name;
  const auto* found = std::find_if(std::begin(kLosses), std::end(kLosses),
                                   [wanted](const NamedLoss& loss) { return loss.name == wanted; });
  return found == std::end(kLosses) ? nullptr : found;
}

}  // namespace

at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& labels) {
  const int64_t height = labels.size(1);
  const int64_t width = labels.size(2);
  const bool same_size = logits.size(2) == height && logits.size(3) == width;
  const at::Tensor resized = same_size ? logits : at::upsample_bilinear2d(logits, {height, width}, false);
  const at::Tensor valid = labels.ge(0).logical_and_(labels.lt(logits.size(1)));
  const at::Tensor targets = labels.masked_fill(valid.logical_not(), kIgnored);
  const at::Tensor sum = at::cross_entropy_loss(resized, targets, {}, at::Reduction::Sum, kIgnored);
  return sum / valid.sum().clamp_min(1);
}

bool is_loss(std::string_view name) { return find_loss(name) != nullptr; }

std::vector<std::string_view> loss_names() {
  std::vector<std::string_view> names;
  for (const NamedLoss& loss : kLosses) names.push_back(loss.name);
  return names;
}

at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels) {
  const NamedLoss* loss = find_loss(name);
  if (loss == nullptr) throw Error("unknown loss \"" + std::string(name) + "\"");
  return loss->compute(logits, labels);
}

}  // namespace sshost::model
