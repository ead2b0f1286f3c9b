#include "pixels.h"

#include <stdexcept>

namespace sshost::python {
namespace {

// Sizes and strides, in bytes, of an image by the meaning of its axes.
struct Axes {
  int64_t height, width, channels;
  int64_t row, column, channel;
};

void require_readable(const Pixels& pixels) {
  if (pixels.dtype() != nb::dtype<uint8_t>()) {
    throw nb::type_error(
        "expected an image of uint8 from 0 to 255, found another type; the model normalises by itself");
  }
  if (pixels.device_type() != nb::device::cpu::value) {
    throw nb::type_error("expected an image in the CPU's memory, found one on another device; pass image.cpu()");
  }
  if (pixels.ndim() != 2 && pixels.ndim() != 3) {
    const std::string found = std::to_string(pixels.ndim());
    throw nb::value_error(("expected an image of 2 or 3 axes, found " + found).c_str());
  }
}

Axes axes_of(const Pixels& pixels, bool channels_first) {
  const auto size = [&](size_t axis) { return static_cast<int64_t>(pixels.shape(axis)); };
  const auto stride = [&](size_t axis) { return pixels.stride(axis); };
  if (pixels.ndim() == 2) return {size(0), size(1), 1, stride(0), stride(1), 1};
  if (channels_first) return {size(1), size(2), size(0), stride(1), stride(2), stride(0)};
  return {size(0), size(1), size(2), stride(0), stride(1), stride(2)};
}

void require_sizes(const Axes& axes) {
  if (axes.height < 1 || axes.width < 1) {
    throw nb::value_error(("expected a height and a width of at least 1, found " + std::to_string(axes.height) + " x " +
                           std::to_string(axes.width))
                              .c_str());
  }
  if (axes.channels == 1 || axes.channels == 3 || axes.channels == 4) return;
  throw nb::value_error(("expected 1, 3 or 4 channels, found " + std::to_string(axes.channels)).c_str());
}

sshost_pixels pixels_of(int64_t channels, bool is_bgr) {
  if (channels == 1) return SSHOST_GRAY8;
  if (channels == 3) return is_bgr ? SSHOST_BGR8 : SSHOST_RGB8;
  return is_bgr ? SSHOST_BGRA8 : SSHOST_RGBA8;
}

bool lies_pixel_by_pixel(const Axes& axes) {
  return (axes.channels == 1 || axes.channel == 1) && (axes.width == 1 || axes.column == axes.channels) &&
         (axes.height == 1 || axes.row >= axes.width * axes.channels);
}

bool lies_plane_by_plane(const Axes& axes) {
  return axes.channels == 3 && (axes.width == 1 || axes.column == 1) && axes.height > 1 && axes.row >= axes.width &&
         axes.channel == axes.height * axes.row;
}

std::vector<uint8_t> copy_of(const uint8_t* data, const Axes& axes) {
  std::vector<uint8_t> copy;
  copy.reserve(static_cast<size_t>(axes.height * axes.width * axes.channels));
  for (int64_t y = 0; y < axes.height; ++y) {
    for (int64_t x = 0; x < axes.width; ++x) {
      const uint8_t* pixel = data + y * axes.row + x * axes.column;
      for (int64_t c = 0; c < axes.channels; ++c) copy.push_back(pixel[c * axes.channel]);
    }
  }
  return copy;
}

}  // namespace

ImageView::ImageView(const Pixels& pixels, bool channels_first, bool is_bgr) : image_(SSHOST_RGB8, nullptr, 0, 0) {
  require_readable(pixels);
  const Axes axes = axes_of(pixels, channels_first);
  require_sizes(axes);
  const auto* data = static_cast<const uint8_t*>(pixels.data());
  const sshost_pixels order = pixels_of(axes.channels, is_bgr);
  const int64_t row = axes.height == 1 ? 0 : axes.row;
  if (lies_pixel_by_pixel(axes)) {
    image_ = Image(order, data, axes.height, axes.width, row);
  } else if (!is_bgr && lies_plane_by_plane(axes)) {
    image_ = Image(SSHOST_RGB8_PLANES, data, axes.height, axes.width, row);
  } else {
    copy_ = copy_of(data, axes);
    image_ = Image(order, copy_.data(), axes.height, axes.width);
  }
}

}  // namespace sshost::python
