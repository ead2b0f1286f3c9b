#include "image/tiff_samples.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/error.h"
#include "image/decoding_stop.h"

namespace sshost::image {
namespace {

[[noreturn]] void refuse(const std::string& reason) { throw Error("cannot be decoded: broken TIFF: " + reason); }

int depth_of(int bits, int format) {
  const bool is_signed = format == SAMPLEFORMAT_INT, is_real = format == SAMPLEFORMAT_IEEEFP;
  const bool is_plain = format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID;
  if (is_plain && (bits == 1 || bits == 2 || bits == 4 || bits == 8)) return CV_8U;
  if (is_plain && bits == 16) return CV_16U;
  if (is_signed && bits == 8) return CV_8S;
  if (is_signed && bits == 16) return CV_16S;
  if ((is_plain || is_signed) && bits == 32) return CV_32S;
  if (is_real && bits == 32) return CV_32F;
  if (is_real && bits == 64) return CV_64F;
  throw Error(
      "cannot be decoded: expected a TIFF's samples to be whole numbers of 1, 2, 4, 8, 16 or 32 bits, or floating " +
      std::string("point of 32 or 64, found ") + std::to_string(bits) + " bits of sample format " +
      std::to_string(format));
}

}  // namespace

TiffSamples::TiffSamples(const TiffHandle& file, uint64_t most)
    : file_(file),
      width_(file.value<uint32_t>(TIFFTAG_IMAGEWIDTH)),
      height_(file.value<uint32_t>(TIFFTAG_IMAGELENGTH)),
      bits_(file.value<uint16_t>(TIFFTAG_BITSPERSAMPLE)),
      samples_(file.value<uint16_t>(TIFFTAG_SAMPLESPERPIXEL)),
      format_(file.value<uint16_t>(TIFFTAG_SAMPLEFORMAT)),
      depth_(depth_of(bits_, format_)),
      is_tiled_(TIFFIsTiled(file.get()) != 0),
      has_planes_(samples_ > 1 && file.value<uint16_t>(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE),
      block_width_(is_tiled_ ? file.value<uint32_t>(TIFFTAG_TILEWIDTH) : width_),
      block_height_(is_tiled_ ? file.value<uint32_t>(TIFFTAG_TILELENGTH)
                              : std::min(height_, file.value<uint32_t>(TIFFTAG_ROWSPERSTRIP))) {
  const auto bytes = is_tiled_ ? TIFFTileSize64(file.get()) : TIFFVStripSize64(file.get(), block_height_);
  row_bytes_ = is_tiled_ ? TIFFTileRowSize64(file.get()) : TIFFScanlineSize64(file.get());
  const uint64_t samples_in_row = uint64_t{block_width_} * static_cast<uint64_t>(has_planes_ ? 1 : samples_);
  if (block_width_ == 0 || block_height_ == 0 ||
      row_bytes_ != (samples_in_row * static_cast<uint64_t>(bits_) + 7) / 8) {
    refuse("its rows have an unexpected length");
  }
  if (bytes > most) refuse("its strips or tiles are too large");
  buffer_.resize(std::max<uint64_t>(bytes, row_bytes_ * block_height_));
}

void TiffSamples::read_block(const Block& block, uint64_t rows) {
  TIFF* tiff = file_.get();
  const auto bytes = static_cast<tmsize_t>(buffer_.size());
  const auto plane = static_cast<uint16_t>(block.plane);
  const tmsize_t count =
      is_tiled_
          ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, block.left, block.top, 0, plane), buffer_.data(), bytes)
          : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, block.top, plane), buffer_.data(), bytes);
  if (count < 0) file_.refuse();
  if (static_cast<uint64_t>(count) < rows * row_bytes_) refuse("the file ends too early");
}

// Of the block's row, whose first sample is the `first` one of the pixels.
void TiffSamples::copy_row(const uint8_t* from, cv::Mat& out, int y, uint32_t left, int first) const {
  const auto in_block = static_cast<size_t>(has_planes_ ? 1 : samples_), channels = static_cast<size_t>(out.channels());
  const size_t copied = std::min(in_block, channels - static_cast<size_t>(first));
  const uint32_t columns = std::min(block_width_, width_ - left);
  uint8_t* to = out.ptr(y) + (left * channels + static_cast<size_t>(first)) * out.elemSize1();
  for (uint32_t x = 0; x < columns; ++x, to += out.elemSize()) {
    const size_t at = x * in_block;
    if (bits_ >= 8) {
      std::memcpy(to, from + at * out.elemSize1(), copied * out.elemSize1());
      continue;
    }
    for (size_t i = 0; i < copied; ++i) {
      const size_t bit = (at + i) * static_cast<size_t>(bits_);
      const unsigned shift = 8U - static_cast<unsigned>(bits_) - static_cast<unsigned>(bit % 8);
      to[i] = static_cast<uint8_t>(from[bit / 8] >> shift & static_cast<unsigned>(most()));
    }
  }
}

void TiffSamples::read_plane(cv::Mat& out, int plane) {
  for (uint32_t top = 0; top < height_; top += std::min(block_height_, height_ - top)) {
    const uint32_t rows = std::min(block_height_, height_ - top);
    for (uint32_t left = 0; left < width_; left += std::min(block_width_, width_ - left)) {
      DecodingStop::check();
      read_block({left, top, plane}, rows);
      for (uint32_t y = 0; y < rows; ++y) {
        copy_row(buffer_.data() + y * row_bytes_, out, static_cast<int>(top + y), left, plane);
      }
    }
  }
}

cv::Mat TiffSamples::read(int count) {
  cv::Mat out(static_cast<int>(height_), static_cast<int>(width_), CV_MAKETYPE(depth_, count));
  for (int plane = 0; plane < (has_planes_ ? count : 1); ++plane) read_plane(out, plane);
  if (depth_ == CV_32S && format_ != SAMPLEFORMAT_INT && !cv::checkRange(out.reshape(1), true, nullptr, 0, INT32_MAX)) {
    throw Error("expected a TIFF's numbers of 32 bits to be below 2147483647, found a larger one");
  }
  return out;
}

}  // namespace sshost::image
