#include "data/stored_palette.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <set>
#include <string_view>

#include "base/error.h"
#include "file/regular_file.h"
#include "image/image_file.h"

namespace sshost::data {

namespace {

uint32_t byte_at(std::string_view bytes, size_t i) { return static_cast<unsigned char>(bytes[i]); }

uint32_t big_endian(std::string_view bytes) {
  return byte_at(bytes, 0) << 24 | byte_at(bytes, 1) << 16 | byte_at(bytes, 2) << 8 | byte_at(bytes, 3);
}

// Fewer than `count` where the file ends.
std::string bytes_at(const file::RegularFile& file, uint64_t offset, size_t count) {
  std::string bytes(count, '\0');
  bytes.resize(file.read(offset, bytes.data(), count));
  return bytes;
}

std::vector<uint32_t> colors_in(std::string_view bytes) {
  std::vector<uint32_t> colors;
  for (size_t i = 0; i + 2 < bytes.size(); i += 3) {
    colors.push_back(byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2));
  }
  return colors;
}

constexpr std::string_view kPng = "\x89PNG\r\n\x1a\n";

// Pieces of a PNG: their length, their name, what is in them, and four bytes of a checksum.
std::vector<uint32_t> palette_of_png(const file::RegularFile& file) {
  constexpr uint32_t kLongest = 256 * 3;
  constexpr uint64_t kHead = 8, kChecksum = 4;
  for (uint64_t offset = kPng.size();;) {
    const std::string head = bytes_at(file, offset, kHead);
    if (head.size() < kHead) return {};
    const uint32_t length = big_endian(head);
    const std::string_view name = std::string_view(head).substr(4);
    if (name == "IDAT" || (name == "PLTE" && length > kLongest)) return {};
    if (name == "PLTE") {
      const std::string bytes = bytes_at(file, offset + kHead, length);
      return bytes.size() == length ? colors_in(bytes) : std::vector<uint32_t>{};
    }
    offset += kHead + length + kChecksum;
  }
}

// Whatever a format calls a palette: the numbers that it stores beside the colours that it shows.
std::vector<uint32_t> colors_of_numbers(const std::filesystem::path& path) {
  cv::Mat numbers = image::read_image(path, image::Mode::kLabel).pixels;
  const cv::Mat colors = image::read_image(path, image::Mode::kColorLabel).pixels;
  if (numbers.size() != colors.size() || numbers.depth() == CV_32S) return {};  // such have no palette
  numbers.convertTo(numbers, CV_32S);
  std::vector<uint32_t> of_number;
  for (int y = 0; y < numbers.rows; ++y) {
    const auto* number = numbers.ptr<int32_t>(y);
    const auto* color = colors.ptr<cv::Vec3b>(y);
    for (int x = 0; x < numbers.cols; ++x) {
      const auto at = static_cast<size_t>(number[x]);
      if (at >= of_number.size()) of_number.resize(at + 1);
      of_number[at] = uint32_t{color[x][0]} << 16 | uint32_t{color[x][1]} << 8 | color[x][2];
    }
  }
  return of_number;
}

}  // namespace

std::vector<uint32_t> stored_palette(const std::filesystem::path& path) try {
  const file::RegularFile file(path);
  const std::string head = bytes_at(file, 0, kPng.size());
  if (head == kPng) return palette_of_png(file);
  const bool may_have_one = head.starts_with("BM") || head.starts_with("II") || head.starts_with("MM");
  return may_have_one ? colors_of_numbers(path) : std::vector<uint32_t>{};
} catch (const Error&) {
  return {};
}

void PaletteUse::add(const NumberCounts& numbers, const std::vector<uint32_t>& palette, const std::string& path) {
  for (const auto& [number, tally] : numbers) {
    if (number < 0 || static_cast<size_t>(number) >= palette.size()) continue;
    const uint32_t color = palette[static_cast<size_t>(number)];
    colors_[number].emplace(color, path);
    counts_[color].pixels += tally.pixels;
    counts_[color].solid += tally.solid;
  }
}

std::vector<int32_t> PaletteUse::numbers_of_two_colors() const {
  std::vector<int32_t> numbers;
  for (const auto& [number, colors] : colors_) {
    if (colors.size() > 1) numbers.push_back(number);
  }
  return numbers;
}

bool PaletteUse::are_crosswise() const {
  std::set<uint32_t> seen;
  const bool has_two_numbers = std::any_of(colors_.begin(), colors_.end(), [&](const auto& each) {
    return std::any_of(each.second.begin(), each.second.end(),
                       [&](const auto& color) { return !seen.insert(color.first).second; });
  });
  return has_two_numbers && differ();
}

std::vector<std::string> PaletteUse::differences() const {
  std::vector<std::string> lines;
  for (const int32_t number : numbers_of_two_colors()) {
    std::string line = std::to_string(number) + " is ";
    const auto& colors = colors_.at(number);
    for (auto color = colors.begin(); color != colors.end(); ++color) {
      line += (color == colors.begin() ? "" : ", ") + color_text(color->first) + " in " + color->second;
    }
    lines.push_back(line);
  }
  return lines;
}

}  // namespace sshost::data
