#include "datasets/mat_file.h"

#include <zlib.h>

#include <cstdint>
#include <cstring>

namespace sshost::data {

namespace {

// The format's numbers for types, and for the class of a matrix.
enum : uint32_t { kInt8 = 1, kUint8 = 2, kInt32 = 5, kUint32 = 6, kMatrix = 14, kCompressed = 15, kUint8Class = 9 };

std::string number(uint32_t value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

// An element: its type, its length, and its bytes up to a multiple of 8.
std::string element(uint32_t type, std::string bytes) {
  const std::string head = number(type) + number(static_cast<uint32_t>(bytes.size()));
  bytes.resize((bytes.size() + 7) / 8 * 8, '\0');
  return head + bytes;
}

std::string header() {
  std::string text = "MATLAB 5.0 MAT-file";
  text.resize(124, ' ');
  return text + std::string("\x00\x01IM", 4);
}

std::string variable(char name, const cv::Mat& matrix) {
  std::string columns;
  for (int x = 0; x < matrix.cols; ++x) {
    for (int y = 0; y < matrix.rows; ++y) columns += static_cast<char>(matrix.at<uint8_t>(y, x));
  }
  const std::string size = number(static_cast<uint32_t>(matrix.rows)) + number(static_cast<uint32_t>(matrix.cols));
  return element(kMatrix, element(kUint32, number(kUint8Class) + number(0)) + element(kInt32, size) +
                              element(kInt8, std::string(1, name)) + element(kUint8, columns));
}

std::string compressed(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  packed.resize(size);
  return number(kCompressed) + number(static_cast<uint32_t>(size)) + packed;  // not padded
}

}  // namespace

std::string mat_file(char name, const cv::Mat& matrix) { return header() + variable(name, matrix); }

std::string compressed_mat_file(char name, const cv::Mat& matrix) {
  return header() + compressed(variable('z', matrix * 0)) + compressed(variable(name, matrix));
}

}  // namespace sshost::data
