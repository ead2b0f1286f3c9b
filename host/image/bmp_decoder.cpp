#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.h"
#include "image/decoder.h"
#include "image/limits.h"

namespace sshost::image {
namespace {

[[noreturn]] void refuse(const std::string& reason) { throw Error("cannot be decoded: broken BMP: " + reason); }

enum Compression : uint32_t { kPlain = 0, kRunLength8 = 1, kRunLength4 = 2, kBitFields = 3 };

// Windows' bitmap: a file header of 14 bytes, one of 12 (OS/2) or 40 to 124 bytes, a palette or the colours' masks, and
// rows from the bottom up, or from the top down where the height is negative.
class BmpDecoder final : public Decoder {
 public:
  explicit BmpDecoder(const Source& source);
  cv::Mat rgb() override;
  cv::Mat label() override;

 private:
  uint32_t number(size_t bytes);
  void read_core_header();
  void read_info_header(uint32_t header_bytes);
  void read_palette(size_t entry_bytes);
  void check() const;

  cv::Mat read_rows();
  std::vector<uint8_t> row_buffer() const;
  cv::Mat indices();
  cv::Mat read_indices();
  cv::Mat read_runs();
  void read_absolute(uint8_t* out, int count);
  cv::Mat colors();
  int row_at(int64_t read) const { return static_cast<int>(is_upright_ ? read : height_ - 1 - read); }

  Cursor cursor_;
  uint32_t pixels_at_ = 0;
  uint32_t bits_ = 0;
  uint32_t compression_ = kPlain;
  uint32_t used_colors_ = 0;
  std::array<uint32_t, 3> masks_ = {0xFF0000, 0xFF00, 0xFF};  // red, green, blue
  bool is_upright_ = false;
  std::array<std::array<uint8_t, 3>, 256> palette_{};  // RGB
};

BmpDecoder::BmpDecoder(const Source& source) : cursor_(source, kMostHeaderBytes) {
  cursor_.skip(10);
  pixels_at_ = number(4);
  const uint32_t header_bytes = number(4);
  if (header_bytes == 12) {
    read_core_header();
  } else if (header_bytes >= 40 && header_bytes <= 124) {
    read_info_header(header_bytes);
  } else {
    refuse("its header has " + std::to_string(header_bytes) + " bytes");
  }
  if (bits_ == 16 && compression_ == kPlain) masks_ = {0x7C00, 0x3E0, 0x1F};
  check();
}

uint32_t BmpDecoder::number(size_t bytes) {
  std::array<uint8_t, 4> read{};
  if (!cursor_.read(read.data(), bytes)) refuse(cursor_.reason());
  return read[0] | uint32_t{read[1]} << 8U | uint32_t{read[2]} << 16U | uint32_t{read[3]} << 24U;
}

void BmpDecoder::read_core_header() {
  width_ = number(2);
  height_ = number(2);
  cursor_.skip(2);  // planes
  bits_ = number(2);
  if (bits_ <= 8) read_palette(3);
}

void BmpDecoder::read_info_header(uint32_t header_bytes) {
  width_ = static_cast<int32_t>(number(4));
  const auto height = static_cast<int32_t>(number(4));
  is_upright_ = height < 0;
  height_ = std::abs(int64_t{height});
  cursor_.skip(2);  // planes
  bits_ = number(2);
  compression_ = number(4);
  cursor_.skip(12);  // bytes of the pixels, and their size on paper
  used_colors_ = number(4);
  cursor_.skip(4);
  uint32_t read = 40;
  if (compression_ == kBitFields) {
    for (uint32_t& mask : masks_) mask = number(4);
    read += 12;
  }
  if (header_bytes > read) cursor_.skip(header_bytes - read);
  if (bits_ <= 8) read_palette(4);
}

void BmpDecoder::read_palette(size_t entry_bytes) {
  const uint32_t possible = 1U << bits_;
  if (used_colors_ > palette_.size()) refuse("its palette has " + std::to_string(used_colors_) + " colours");
  const uint32_t count = used_colors_ == 0 ? possible : used_colors_;
  for (uint32_t i = 0; i < count; ++i) {
    std::array<uint8_t, 4> entry{};
    if (!cursor_.read(entry.data(), entry_bytes)) refuse(cursor_.reason());
    palette_[i] = {entry[2], entry[1], entry[0]};
  }
}

void BmpDecoder::check() const {
  const bool is_palette = bits_ == 1 || bits_ == 4 || bits_ == 8;
  const bool is_deep = bits_ == 16 || bits_ == 24 || bits_ == 32;
  const bool is_known = (compression_ == kPlain && (is_palette || is_deep)) ||
                        (compression_ == kBitFields && (bits_ == 16 || bits_ == 32)) ||
                        (compression_ == kRunLength8 && bits_ == 8) || (compression_ == kRunLength4 && bits_ == 4);
  if (!is_known) {
    throw Error("cannot be decoded: a BMP of " + std::to_string(bits_) + " bits in compression " +
                std::to_string(compression_) + ", which is not known here; convert it to PNG");
  }
  const bool has_masks = std::all_of(masks_.begin(), masks_.end(), [](uint32_t mask) { return mask != 0; });
  if (!has_masks) refuse("a colour has no bits");
}

// Of one row, which is a multiple of 4 bytes.
std::vector<uint8_t> BmpDecoder::row_buffer() const {
  return std::vector<uint8_t>((static_cast<uint64_t>(width_) * bits_ + 31) / 32 * 4);
}

cv::Mat BmpDecoder::indices() {
  cursor_.allow(most_bytes(width_, height_));
  cursor_.move_to(pixels_at_);
  return compression_ == kPlain ? read_indices() : read_runs();
}

void unpack(const uint8_t* packed, uint32_t bits, uint8_t* out, int count) {
  const uint32_t mask = (1U << bits) - 1;
  for (int x = 0; x < count; ++x) {
    const size_t bit = static_cast<size_t>(x) * bits;
    out[x] = static_cast<uint8_t>(packed[bit / 8] >> (8 - bits - bit % 8) & mask);
  }
}

cv::Mat BmpDecoder::read_indices() {
  cv::Mat out(static_cast<int>(height_), static_cast<int>(width_), CV_8UC1);
  std::vector<uint8_t> row = row_buffer();
  for (int64_t y = 0; y < height_; ++y) {
    if (!cursor_.read(row.data(), row.size())) refuse(cursor_.reason());
    unpack(row.data(), bits_, out.ptr(row_at(y)), out.cols);
  }
  return out;
}

// `count` indices as they are; an even number of bytes.
void BmpDecoder::read_absolute(uint8_t* out, int count) {
  std::array<uint8_t, 256> packed;
  const size_t bytes = (static_cast<size_t>(count) * bits_ + 15) / 16 * 2;
  if (!cursor_.read(packed.data(), bytes)) refuse(cursor_.reason());
  unpack(packed.data(), bits_, out, count);
}

// Pairs of bytes: a count and what is repeated, or 0 and what to do. What is left out has index 0.
cv::Mat BmpDecoder::read_runs() {
  enum : uint32_t { kEndOfRow = 0, kEnd = 1, kMove = 2 };
  cv::Mat out(static_cast<int>(height_), static_cast<int>(width_), CV_8UC1, cv::Scalar(0));
  int64_t x = 0, y = 0;
  while (y < height_ && (y + 1 < height_ || x < width_)) {
    const uint32_t count = number(1), value = number(1);
    if (count == 0 && value == kEnd) break;
    if (count == 0 && value == kEndOfRow) {
      x = 0;
      ++y;
      continue;
    }
    if (count == 0 && value == kMove) {
      x += number(1);
      y += number(1);
      if (x > width_) refuse("a run leaves its row");
      continue;
    }
    if (x == width_) {  // some programs end no row that is full
      x = 0;
      ++y;
    }
    const uint32_t length = count == 0 ? value : count;
    if (x + length > width_) refuse("a run leaves its row");
    uint8_t* to = out.ptr(row_at(y)) + x;
    x += length;
    if (count == 0) {
      read_absolute(to, static_cast<int>(length));
      continue;
    }
    const std::array<uint8_t, 2> values = {static_cast<uint8_t>(bits_ == 8 ? value : value >> 4U),
                                           static_cast<uint8_t>(bits_ == 8 ? value : value & 15U)};
    for (uint32_t i = 0; i < length; ++i) to[i] = values[i % 2];
  }
  return out;
}

// The bits of a mask as 8, with zeros behind them, as OpenCV does.
uint8_t masked(uint32_t pixel, uint32_t mask) {
  const int low = std::countr_zero(mask), width = std::bit_width(mask >> low);
  const uint32_t value = (pixel & mask) >> low;
  return static_cast<uint8_t>(width >= 8 ? value >> (width - 8) : value << (8 - width));
}

cv::Mat BmpDecoder::colors() {
  cursor_.allow(most_bytes(width_, height_));
  cursor_.move_to(pixels_at_);
  cv::Mat out(static_cast<int>(height_), static_cast<int>(width_), CV_8UC3);
  std::vector<uint8_t> row = row_buffer();
  const size_t step = bits_ / 8;
  for (int64_t y = 0; y < height_; ++y) {
    if (!cursor_.read(row.data(), row.size())) refuse(cursor_.reason());
    const uint8_t* from = row.data();
    uint8_t* to = out.ptr(row_at(y));
    for (int x = 0; x < out.cols; ++x, from += step, to += 3) {
      uint32_t pixel = 0;
      for (size_t i = 0; i < step; ++i) pixel |= uint32_t{from[i]} << 8 * i;
      for (size_t c = 0; c < 3; ++c) to[c] = masked(pixel, masks_[c]);
    }
  }
  return out;
}

cv::Mat BmpDecoder::rgb() {
  if (bits_ > 8) return colors();
  const cv::Mat stored = indices();
  cv::Mat out(stored.size(), CV_8UC3);
  for (int y = 0; y < stored.rows; ++y) {
    const uint8_t* from = stored.ptr(y);
    auto* to = out.ptr<cv::Vec3b>(y);
    for (int x = 0; x < stored.cols; ++x) {
      const auto& [red, green, blue] = palette_[from[x]];
      to[x] = {red, green, blue};
    }
  }
  return out;
}

// A grey palette is a palette too: its indices are the classes.
cv::Mat BmpDecoder::label() {
  if (bits_ > 8) refuse_colors_as_label(3);
  return indices();
}

}  // namespace

std::unique_ptr<Decoder> open_bmp(const Source& source) { return std::make_unique<BmpDecoder>(source); }

}  // namespace sshost::image
