#include "checkpoint/class_memory.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/cdist.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <limits>

#include "base/error.h"

namespace sshost::checkpoint {
namespace {

constexpr std::string_view kPrefix = "memory.";
constexpr int64_t kShortVector = 8;

at::Tensor norms(const at::Tensor& vectors) { return vectors.square().sum(-1).sqrt(); }

// [classes, ..., width] -> [classes, vectors, width].
at::Tensor as_vectors(const at::Tensor& values) {
  return values.to(at::kCPU, at::kDouble).reshape({values.size(0), -1, values.size(-1)});
}

}  // namespace

std::vector<std::string> class_memory_names(const state::StateStore& store, int64_t classes) {
  std::vector<std::string> names;
  for (const state::StateEntry& entry : store) {
    if (!entry.name.starts_with(kPrefix) || entry.trainable || !entry.persistent) continue;
    if (!entry.value.is_floating_point() || entry.value.dim() < 2 || entry.value.size(0) != classes) continue;
    names.push_back(entry.name);
  }
  return names;
}

void require_shapes(const TensorFile& file, const std::vector<std::string>& names, const state::StateStore& model,
                    const std::string& path) {
  for (const std::string& name : names) {
    const at::IntArrayRef expected = model.find(name)->value.sizes();
    const at::Tensor* found = file.find(name);
    if (found == nullptr || found->sizes() == expected) continue;
    throw Error(path + ": expected \"" + name + "\" in the shape that it has in the model, " + c10::str(expected) +
                ", found " + c10::str(found->sizes()));
  }
}

std::vector<ClassMemory> class_memories(const checkpoint::TensorFile& file, const std::vector<std::string>& names,
                                        const std::string& path) {
  std::vector<ClassMemory> memories;
  for (const std::string& name : names) {
    const at::Tensor* values = file.find(name);
    if (values == nullptr) throw Error(path + ": expected the class memory \"" + name + "\", found none of that name");
    memories.push_back({name, as_vectors(*values)});
  }
  return memories;
}

Similarity similarity(const at::Tensor& vectors) {
  if (vectors.size(0) > kMostCompared) {
    throw Error("each vector of a class memory is compared with each: expected at most " +
                std::to_string(kMostCompared) + ", found " + std::to_string(vectors.size(0)));
  }
  if (vectors.size(1) < kShortVector) return {false, at::cdist(vectors, vectors)};
  const at::Tensor lengths = norms(vectors).unsqueeze(1);
  const at::Tensor directions = at::where(lengths > 0, vectors / lengths, at::zeros_like(vectors));
  return {true, at::mm(directions, directions.t())};
}

std::vector<int64_t> nearest(const Similarity& similarity, const at::Tensor& vectors, int64_t i, int64_t count) {
  const at::Tensor known = norms(vectors) > 0;
  const at::Tensor order = similarity.values[i].argsort(int64_t{0}, /*descending=*/similarity.is_cosine);
  std::vector<int64_t> found;
  for (int64_t rank = 0; rank < order.size(0) && static_cast<int64_t>(found.size()) < count; ++rank) {
    const auto other = order[rank].item<int64_t>();
    if (other != i && known[other].item<bool>()) found.push_back(other);
  }
  return found;
}

Drift drift(const at::Tensor& before, const at::Tensor& after) {
  const at::Tensor from = norms(before), to = norms(after);
  const at::Tensor unknown = at::full_like(from, std::numeric_limits<double>::quiet_NaN());
  const at::Tensor cosine = (before * after).sum(-1) / (from * to);
  return {at::where(from > 0, norms(after - before) / from, unknown),
          at::where(at::logical_and(from > 0, to > 0), cosine, unknown)};
}

at::Tensor weighted_mean(const std::vector<at::Tensor>& memories, const std::vector<double>& weights) {
  at::Tensor sum = at::zeros_like(memories.at(0));
  at::Tensor total = at::zeros_like(norms(sum)).unsqueeze(-1);
  for (size_t i = 0; i < memories.size(); ++i) {
    if (memories[i].sizes() != sum.sizes()) throw Error("class memories of different shapes cannot be merged");
    const at::Tensor weight = (norms(memories[i]) > 0).unsqueeze(-1).to(at::kDouble) * weights.at(i);
    sum += memories[i] * weight;
    total += weight;
  }
  return at::where(total > 0, sum / total, sum);
}

}  // namespace sshost::checkpoint
