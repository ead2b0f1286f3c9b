#ifndef SSHOST_MODEL_NAME_CHANGE_H
#define SSHOST_MODEL_NAME_CHANGE_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/checkpoint_names.h>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace sshost::model {

// How a value of ours becomes the value that a published format stores; the terms are those of
// sshost/abi/checkpoint_names.h.
struct PermuteBlocks {
  int64_t axis;
  std::vector<int64_t> order;  // theirs begins with our block order[0]
  std::vector<int64_t> sizes;  // of our blocks; empty: all equal
};

struct Regroup {
  int64_t axis;
  int64_t groups;  // our axis is [groups, n], theirs [n, groups]
};

struct ResizeGrid {
  int64_t axis;
  int64_t prefix;         // values before the grid
  int64_t rows, columns;  // of our grid; theirs is a square
  bool bicubic;
};

using NameChange = std::variant<PermuteBlocks, Regroup, ResizeGrid>;

// From a plugin's description. Throws Error where it is not one: an unknown kind, an order that is no permutation.
NameChange read_change(const ss_name_change* change);

// Our value as the format stores it; a view or a new tensor. Throws Error where a change does not fit its shape, which
// is the plugin's fault.
at::Tensor to_theirs(const std::vector<NameChange>& changes, const at::Tensor& ours);

// Their value as ours of `shape`; empty where it has another shape that no change explains. Throws Error as above.
std::optional<at::Tensor> to_ours(const std::vector<NameChange>& changes, const at::Tensor& theirs,
                                  at::IntArrayRef shape);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_NAME_CHANGE_H
