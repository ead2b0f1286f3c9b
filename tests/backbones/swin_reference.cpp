#include "backbones/swin_reference.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace sshost::test {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

int64_t up_to(int64_t size, int64_t multiple) { return (size + multiple - 1) / multiple * multiple; }

// A token's place once the map is shifted: its window, its place in it, and the region that it may attend to.
struct Place {
  Place(int64_t position, int64_t size, int64_t window, int64_t shift) {
    const int64_t shifted = (position - shift + size) % size;
    in_window = shifted % window;
    which = shifted / window;
    region = shift > 0 && shifted >= size - shift ? 1 : 0;  // came from the other border
  }
  int64_t which, in_window, region;
};

}  // namespace

std::vector<at::Tensor> PlainSwin::forward(const at::Tensor& image) const {
  const int64_t patch = shape_.patch, height = image.size(2), width = image.size(3);
  const at::Tensor whole =
      at::constant_pad_nd(image, {0, up_to(width, patch) - width, 0, up_to(height, patch) - height});
  const at::Tensor patches =
      at::conv2d(whole, bench_.value("patch_embed.proj.weight"), bench_.value("patch_embed.proj.bias"), patch);
  std::vector<std::vector<at::Tensor>> maps(shape_.depths.size());
  for (int64_t i = 0; i < image.size(0); ++i) {
    std::vector<at::Tensor> of_image;
    stages(norm("patch_embed.norm.", patches[i].permute({1, 2, 0})), of_image);
    for (std::size_t stage = 0; stage < maps.size(); ++stage) maps[stage].push_back(of_image[stage].permute({2, 0, 1}));
  }
  std::vector<at::Tensor> result;
  for (const std::vector<at::Tensor>& of_stage : maps) result.push_back(at::stack(of_stage));
  return result;
}

at::Tensor PlainSwin::stages(at::Tensor map, std::vector<at::Tensor>& maps) const {
  for (std::size_t stage = 0; stage < shape_.depths.size(); ++stage) {
    const std::string name = "stages." + std::to_string(stage) + ".";
    for (int64_t i = 0; i < shape_.depths[stage]; ++i) {
      const int64_t shift = i % 2 == 1 ? shape_.window / 2 : 0;
      map = block(name + "blocks." + std::to_string(i) + ".", map, shape_.heads[stage], shift);
    }
    maps.push_back(norm("norm" + std::to_string(stage) + ".", map));
    if (stage + 1 < shape_.depths.size()) map = merge(name + "downsample.", map);
  }
  return map;
}

at::Tensor PlainSwin::block(const std::string& name, const at::Tensor& map, int64_t heads, int64_t shift) const {
  const at::Tensor x = map + attention(name + "attn.", norm(name + "norm1.", map), heads, shift);
  return x + linear(name + "mlp.fc2.", at::gelu(linear(name + "mlp.fc1.", norm(name + "norm2.", x))));
}

at::Tensor PlainSwin::attention(const std::string& name, const at::Tensor& map, int64_t heads, int64_t shift) const {
  const int64_t rows = up_to(map.size(0), shape_.window), columns = up_to(map.size(1), shape_.window);
  const int64_t channels = map.size(2), width = channels / heads;
  const at::Tensor padded = at::constant_pad_nd(map, {0, 0, 0, columns - map.size(1), 0, rows - map.size(0)});
  const at::Tensor qkv = linear(name + "qkv.", padded.reshape({rows * columns, channels}));
  const at::Tensor added = between_tokens(bench_.value(name + "relative_position_bias_table"), rows, columns, shift);
  std::vector<at::Tensor> parts;
  for (int64_t head = 0; head < heads; ++head) {
    const auto part = [&](int64_t block) { return qkv.narrow(1, block * channels + head * width, width); };
    const at::Tensor logits = part(0).matmul(part(1).t()) / std::sqrt(static_cast<double>(width)) + added[head];
    parts.push_back(logits.softmax(-1).matmul(part(2)));
  }
  const at::Tensor all = linear(name + "proj.", at::cat(parts, 1)).reshape({rows, columns, channels});
  return all.slice(0, 0, map.size(0)).slice(1, 0, map.size(1));
}

// [heads, tokens, tokens]: nothing reaches another window; in one window, the table's row for the offset, and -100
// between tokens that the shift has brought together from opposite borders.
at::Tensor PlainSwin::between_tokens(const at::Tensor& table, int64_t height, int64_t width, int64_t shift) const {
  const int64_t tokens = height * width, window = shape_.window;
  at::Tensor added = at::full({table.size(1), tokens, tokens}, kNever, table.options());
  for (int64_t a = 0; a < tokens; ++a) {
    const Place row_a(a / width, height, window, shift), column_a(a % width, width, window, shift);
    for (int64_t b = 0; b < tokens; ++b) {
      const Place row_b(b / width, height, window, shift), column_b(b % width, width, window, shift);
      if (row_a.which != row_b.which || column_a.which != column_b.which) continue;
      const int64_t down = row_a.in_window - row_b.in_window + window - 1;
      const int64_t right = column_a.in_window - column_b.in_window + window - 1;
      const bool apart = row_a.region != row_b.region || column_a.region != column_b.region;
      added.select(1, a).select(1, b).copy_(table[down * (2 * window - 1) + right] - (apart ? 100 : 0));
    }
  }
  return added;
}

// A channel's 2 x 2 neighbours side by side, as at::im2col lists them.
at::Tensor PlainSwin::merge(const std::string& name, const at::Tensor& map) const {
  const int64_t rows = (map.size(0) + 1) / 2, columns = (map.size(1) + 1) / 2;
  const at::Tensor even = at::constant_pad_nd(map, {0, 0, 0, 2 * columns - map.size(1), 0, 2 * rows - map.size(0)});
  const at::Tensor gathered = at::im2col(even.permute({2, 0, 1}).unsqueeze(0), {2, 2}, {1, 1}, {0, 0}, {2, 2})[0];
  const at::Tensor merged = norm(name + "norm.", gathered.t()).matmul(bench_.value(name + "reduction.weight").t());
  return merged.reshape({rows, columns, -1});
}

at::Tensor PlainSwin::linear(const std::string& name, const at::Tensor& x) const {
  return x.matmul(bench_.value(name + "weight").t()) + bench_.value(name + "bias");
}

at::Tensor PlainSwin::norm(const std::string& name, const at::Tensor& x) const {
  const at::Tensor centred = x - x.mean(-1, true);
  const at::Tensor scaled = centred / (centred.square().mean(-1, true) + 1e-5).sqrt();
  return scaled * bench_.value(name + "weight") + bench_.value(name + "bias");
}

}  // namespace sshost::test
