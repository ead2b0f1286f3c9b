#include "model/name_change.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/upsample_bicubic2d.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/error.h"

namespace sshost::model {
namespace {

constexpr uint64_t kMaxSize = uint64_t{1} << 31;  // of an axis; the product of two fits int64_t

std::string text(at::IntArrayRef shape) { return c10::str(shape); }

int64_t read_size(uint64_t value, const char* what) {
  if (value > kMaxSize) throw Error(std::string("an ss_name_change has ") + what + " " + std::to_string(value));
  return static_cast<int64_t>(value);
}

PermuteBlocks read_permute_blocks(const ss_name_change& change) {
  if (change.count == 0 || change.order == nullptr) throw Error("an ss_name_change permutes no blocks");
  PermuteBlocks blocks{change.axis, {change.order, change.order + change.count}, {}};
  std::vector<bool> seen(change.count, false);
  for (const int64_t block : blocks.order) {
    if (block >= change.count || seen[static_cast<size_t>(block)]) {
      throw Error("an ss_name_change has an order of " + std::to_string(change.count) +
                  " blocks that is no permutation: block " + std::to_string(block));
    }
    seen[static_cast<size_t>(block)] = true;
  }
  if (change.sizes == nullptr) return blocks;
  for (uint32_t i = 0; i < change.count; ++i) blocks.sizes.push_back(read_size(change.sizes[i], "a block of size"));
  return blocks;
}

ResizeGrid read_resize_grid(const ss_name_change& change) {
  if (change.rows == 0 || change.columns == 0) throw Error("an ss_name_change resizes an empty grid");
  if (change.mode != SS_GRID_BILINEAR && change.mode != SS_GRID_BICUBIC) {
    throw Error("an ss_name_change resizes in mode " + std::to_string(change.mode) + ", which this host does not know");
  }
  return {change.axis, read_size(change.prefix, "a prefix of"), read_size(change.rows, "rows"),
          read_size(change.columns, "columns"), change.mode == SS_GRID_BICUBIC};
}

void require_axis(int64_t axis, at::IntArrayRef shape) {
  if (axis < static_cast<int64_t>(shape.size())) return;
  throw Error("a name rule changes axis " + std::to_string(axis) + " of a tensor of shape " + text(shape));
}

// Our blocks' sizes along an axis of this length.
std::vector<int64_t> block_sizes(const PermuteBlocks& change, at::IntArrayRef shape) {
  require_axis(change.axis, shape);
  const int64_t length = shape[static_cast<size_t>(change.axis)];
  const auto count = static_cast<int64_t>(change.order.size());
  std::vector<int64_t> sizes = change.sizes;
  if (sizes.empty() && length % count == 0) sizes.assign(change.order.size(), length / count);
  if (std::accumulate(sizes.begin(), sizes.end(), int64_t{0}) != length || sizes.empty()) {
    throw Error("a name rule permutes " + std::to_string(count) + " blocks of axis " + std::to_string(change.axis) +
                ", whose sizes do not add up to that of " + text(shape));
  }
  return sizes;
}

at::Tensor apply(const PermuteBlocks& change, const at::Tensor& ours) {
  const std::vector<at::Tensor> blocks = ours.split_with_sizes(block_sizes(change, ours.sizes()), change.axis);
  std::vector<at::Tensor> theirs;
  for (const int64_t block : change.order) theirs.push_back(blocks[static_cast<size_t>(block)]);
  return at::cat(theirs, change.axis);
}

at::Tensor undo(const PermuteBlocks& change, const at::Tensor& theirs) {
  const std::vector<int64_t> sizes = block_sizes(change, theirs.sizes());
  std::vector<int64_t> their_sizes;
  for (const int64_t block : change.order) their_sizes.push_back(sizes[static_cast<size_t>(block)]);
  const std::vector<at::Tensor> blocks = theirs.split_with_sizes(their_sizes, change.axis);
  std::vector<at::Tensor> ours(blocks.size());
  for (size_t i = 0; i < blocks.size(); ++i) ours[static_cast<size_t>(change.order[i])] = blocks[i];
  return at::cat(ours, change.axis);
}

// How many elements each group has.
int64_t size_of_groups(const at::Tensor& value, int64_t axis, int64_t groups) {
  require_axis(axis, value.sizes());
  if (groups > 0 && value.size(axis) % groups == 0) return value.size(axis) / groups;
  throw Error("a name rule regroups axis " + std::to_string(axis) + " of " + text(value.sizes()) + " into " +
              std::to_string(groups) + " groups");
}

at::Tensor swap_groups(const at::Tensor& value, int64_t axis, int64_t groups) {
  return value.unflatten(axis, {groups, size_of_groups(value, axis, groups)})
      .transpose(axis, axis + 1)
      .flatten(axis, axis + 1);
}

at::Tensor apply(const Regroup& change, const at::Tensor& ours) {
  return swap_groups(ours, change.axis, change.groups);
}

at::Tensor undo(const Regroup& change, const at::Tensor& theirs) {
  return swap_groups(theirs, change.axis, size_of_groups(theirs, change.axis, change.groups));
}

at::Tensor apply(const ResizeGrid& change, const at::Tensor& ours) {
  require_axis(change.axis, ours.sizes());
  if (ours.size(change.axis) == change.prefix + change.rows * change.columns) return ours;
  throw Error("a name rule resizes a grid of " + std::to_string(change.rows) + " x " + std::to_string(change.columns) +
              " after " + std::to_string(change.prefix) + " values, which is not axis " + std::to_string(change.axis) +
              " of " + text(ours.sizes()));
}

// The side of the square behind the prefix; empty where it is none.
std::optional<int64_t> side_of(int64_t length, int64_t prefix) {
  const int64_t cells = length - prefix;
  if (cells < 1) return std::nullopt;
  const auto side = static_cast<int64_t>(std::lround(std::sqrt(static_cast<double>(cells))));
  if (side * side != cells) return std::nullopt;
  return side;
}

at::Tensor resize(const ResizeGrid& change, const at::Tensor& theirs, int64_t side) {
  const int64_t axis = change.axis;
  const at::Tensor cells = theirs.narrow(axis, change.prefix, side * side).movedim(axis, -1);
  const auto dtype = theirs.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const at::Tensor map = cells.reshape({1, -1, side, side}).to(dtype);
  const at::Tensor resized = change.bicubic ? at::upsample_bicubic2d(map, {change.rows, change.columns}, false)
                                            : at::upsample_bilinear2d(map, {change.rows, change.columns}, false);
  std::vector<int64_t> shape = cells.sizes().vec();
  shape.back() = change.rows * change.columns;
  const at::Tensor grid = resized.reshape(shape).movedim(-1, axis).to(theirs.scalar_type());
  return at::cat({theirs.narrow(axis, 0, change.prefix), grid}, axis);
}

at::Tensor undo(const ResizeGrid& change, const at::Tensor& theirs) {
  const int64_t length = change.prefix + change.rows * change.columns;
  if (theirs.dim() <= change.axis || theirs.size(change.axis) == length) return theirs;
  const std::optional<int64_t> side = side_of(theirs.size(change.axis), change.prefix);
  if (!side || !theirs.is_floating_point()) return theirs;
  return resize(change, theirs, *side);
}

bool resizes(const NameChange& change) { return std::holds_alternative<ResizeGrid>(change); }

}  // namespace

NameChange read_change(const ss_name_change* change) {
  if (change == nullptr || !SS_HAS(ss_name_change, change, mode)) {
    throw Error("an ss_name_change is NULL or its `size` is too small");
  }
  switch (change->kind) {
    case SS_NAME_CHANGE_PERMUTE_BLOCKS:
      return read_permute_blocks(*change);
    case SS_NAME_CHANGE_REGROUP:
      return Regroup{change->axis, read_size(change->groups, "groups")};
    case SS_NAME_CHANGE_RESIZE_GRID:
      return read_resize_grid(*change);
    default:
      throw Error("an ss_name_change is of kind " + std::to_string(change->kind) + ", which this host does not know");
  }
}

at::Tensor to_theirs(const std::vector<NameChange>& changes, const at::Tensor& ours) {
  at::Tensor value = ours;
  for (const NameChange& change : changes) {
    value = std::visit([&](const auto& known) { return apply(known, value); }, change);
  }
  return value;
}

std::optional<at::Tensor> to_ours(const std::vector<NameChange>& changes, const at::Tensor& theirs,
                                  at::IntArrayRef shape) {
  at::Tensor value = theirs;
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    if (!resizes(*change) && value.sizes() != shape) return std::nullopt;  // the others keep the shape
    value = std::visit([&](const auto& known) { return undo(known, value); }, *change);
  }
  if (value.sizes() != shape) return std::nullopt;
  return value;
}

}  // namespace sshost::model
