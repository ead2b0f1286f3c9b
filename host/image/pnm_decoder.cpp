#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "base/error.h"
#include "image/decoder.h"
#include "image/limits.h"

namespace sshost::image {
namespace {

[[noreturn]] void refuse(const std::string& reason) { throw Error("cannot be decoded: broken PNM: " + reason); }

// Netpbm's formats P1 to P6: bits (1 is black), grey or RGB, as text or as bytes.
class PnmDecoder final : public Decoder {
 public:
  explicit PnmDecoder(const Source& source);
  cv::Mat rgb() override;
  cv::Mat label() override;
  cv::Mat samples() override;

 private:
  uint8_t next();
  uint32_t number(bool one_digit = false);
  cv::Mat read();
  void read_row(std::vector<uint16_t>& row);
  void read_bytes(std::vector<uint16_t>& row);
  uint8_t shown(uint16_t value) const;

  Cursor cursor_;
  int kind_ = 0;  // 1 to 6
  uint32_t most_ = 1;
  size_t samples_ = 1;
  std::vector<uint8_t> bytes_;  // of a row
};

PnmDecoder::PnmDecoder(const Source& source) : cursor_(source, kMostHeaderBytes) {
  cursor_.skip(1);
  kind_ = next() - '0';
  samples_ = kind_ == 3 || kind_ == 6 ? 3 : 1;
  width_ = number();
  height_ = number();
  if (kind_ != 1 && kind_ != 4) most_ = number();
  if (most_ < 1 || most_ > 65535) refuse("its largest value is " + std::to_string(most_));
}

uint8_t PnmDecoder::next() {
  uint8_t byte = 0;
  if (!cursor_.read(&byte, 1)) refuse(cursor_.reason());
  return byte;
}

// Blanks, comments, digits, and the one character behind them. Bits may stand without anything between them.
uint32_t PnmDecoder::number(bool one_digit) {
  uint8_t at = next();
  while (std::isdigit(at) == 0) {
    if (at == '#') {
      while (at != '\n' && at != '\r') at = next();
    } else if (std::isspace(at) == 0) {
      refuse("expected a number");
    }
    at = next();
  }
  uint64_t value = 0;
  while (std::isdigit(at) != 0) {
    value = 10 * value + static_cast<uint64_t>(at - '0');
    if (value > INT32_MAX) refuse("a number is too large");
    if (one_digit) break;
    if (!cursor_.read(&at, 1)) break;  // the last number may be the file's end
  }
  return static_cast<uint32_t>(value);
}

void PnmDecoder::read_bytes(std::vector<uint16_t>& row) {
  const size_t value_bytes = most_ > 255 ? 2 : 1;
  bytes_.resize(kind_ == 4 ? (row.size() + 7) / 8 : row.size() * value_bytes);
  if (!cursor_.read(bytes_.data(), bytes_.size())) refuse(cursor_.reason());
  for (size_t i = 0; i < row.size(); ++i) {
    if (kind_ == 4) {
      row[i] = bytes_[i / 8] >> (7 - i % 8) & 1U;
    } else {
      row[i] = value_bytes == 1 ? bytes_[i] : static_cast<uint16_t>(bytes_[2 * i] << 8U | bytes_[2 * i + 1]);
    }
  }
}

void PnmDecoder::read_row(std::vector<uint16_t>& row) {
  if (kind_ >= 4) return read_bytes(row);
  for (uint16_t& value : row) value = static_cast<uint16_t>(std::min(number(kind_ == 1), most_));
}

// As it is stored, CV_16UC1 with all samples of a row side by side.
cv::Mat PnmDecoder::read() {
  cursor_.allow(most_bytes(width_, height_) + cursor_.taken());
  const size_t columns = static_cast<size_t>(width_) * samples_;
  cv::Mat out(static_cast<int>(height_), static_cast<int>(columns), CV_16UC1);
  std::vector<uint16_t> row(columns);
  for (int y = 0; y < out.rows; ++y) {
    read_row(row);
    std::copy(row.begin(), row.end(), out.ptr<uint16_t>(y));
  }
  return out;
}

// As 8 bits, as OpenCV gives it: text is scaled to the largest value, bytes are not.
uint8_t PnmDecoder::shown(uint16_t value) const {
  if (kind_ == 1 || kind_ == 4) return value == 0 ? 255 : 0;
  if (most_ > 255) return static_cast<uint8_t>(value >> 8U);
  return static_cast<uint8_t>(kind_ < 4 ? value * 255U / most_ : value);
}

cv::Mat PnmDecoder::rgb() {
  const cv::Mat stored = read();
  cv::Mat out(stored.rows, static_cast<int>(width_), CV_8UC3);
  const size_t repeated = 3 / samples_;
  for (int y = 0; y < out.rows; ++y) {
    const auto* from = stored.ptr<uint16_t>(y);
    uint8_t* to = out.ptr(y);
    for (size_t i = 0; i < static_cast<size_t>(stored.cols) * repeated; ++i) to[i] = shown(from[i / repeated]);
  }
  return out;
}

cv::Mat PnmDecoder::samples() {
  if (most_ <= 255 && samples_ == 3) return rgb();
  cv::Mat stored = read().reshape(static_cast<int>(samples_));
  if (most_ > 255) return stored;
  for (auto& value : cv::Mat_<uint16_t>(stored)) value = shown(value);
  stored.convertTo(stored, CV_8U);
  return stored;
}

cv::Mat PnmDecoder::label() {
  if (samples_ != 1) refuse_colors_as_label(static_cast<int>(samples_));
  cv::Mat stored = read();
  if (kind_ == 1 || kind_ == 4) stored = 1 - stored;  // black is 0, as in the other formats
  if (most_ <= 255) stored.convertTo(stored, CV_8UC1);
  return stored;
}

}  // namespace

std::unique_ptr<Decoder> open_pnm(const Source& source) { return std::make_unique<PnmDecoder>(source); }

}  // namespace sshost::image
