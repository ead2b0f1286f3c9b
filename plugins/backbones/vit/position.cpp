#include "position.hpp"

#include <sshost/nn/tokens.hpp>
#include <sshost/ops/network.hpp>
#include <sshost/ops/shape.hpp>

namespace {

int64_t area(ss::Size grid) { return grid.height * grid.width; }

}  // namespace

PositionEmbedding::PositionEmbedding(const ss::Builder& build, ss::Size grid, int64_t channels)
    : grid_(grid), table_(build, "pos_embed", {1, 1 + area(grid), channels}) {}

ss::Tensor PositionEmbedding::operator()(ss::Context& ctx, ss::Size grid) const {
  const ss::Tensor table = table_(ctx);
  if (area(grid) == area(grid_)) return table;
  const ss::Tensor of_class = ss::narrow(table, 1, 0, 1);
  const ss::Tensor of_patches = ss::narrow(table, 1, 1, area(grid_));
  const ss::Tensor resized = ss::resize_bilinear(ss::nn::map_of(of_patches, grid_), grid);
  return ss::cat({of_class, ss::nn::tokens_of(resized)}, 1);
}
