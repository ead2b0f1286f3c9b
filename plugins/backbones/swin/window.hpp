// Windows: a map cut into squares, so that attention stays within each.
//
// Maps are [N, H, W, C] here; H and W are multiples of the window where it is cut.
#ifndef SSHOST_PLUGINS_SWIN_WINDOW_HPP
#define SSHOST_PLUGINS_SWIN_WINDOW_HPP

#include <sshost/tensor.hpp>

#include <cstdint>
#include <vector>

// The smallest multiples of `window` that hold `size`.
ss::Size whole_windows(ss::Size size, int64_t window);

// [N, H, W, C] with zeros at the right and at the bottom: [N, size.height, size.width, C].
ss::Tensor padded(const ss::Tensor& map, ss::Size size);

// [N, H, W, C] -> [N * windows, window^2, C], the windows and the pixels in each row by row.
ss::Tensor to_windows(const ss::Tensor& map, int64_t window);

// Back to [N, size.height, size.width, C].
ss::Tensor from_windows(const ss::Tensor& windows, ss::Size size, int64_t window);

// What keeps apart pixels that a cyclic shift by -`shift` has brought into one window, although they lie at opposite
// borders of the map: [windows, window^2, window^2], -100 between them and 0 elsewhere, as `like` has its elements.
// `size` is that of the padded map.
ss::Tensor shift_mask(ss::Size size, int64_t window, int64_t shift, const ss::Tensor& like);

// For each pair of pixels (i, j) of a window the row of the bias table, which has one for each of the (2 window - 1)^2
// offsets between two pixels: [window^2, window^2], row-major.
std::vector<int64_t> relative_position_index(int64_t window);

#endif
