#include "data/stored_palette.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <string_view>

namespace sshost::data {

namespace {

uint32_t big_endian(const std::array<char, 8>& bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

// Pieces of a PNG: their length, their name, what is in them, and four bytes of a checksum.
std::vector<uint32_t> stored_palette(const std::filesystem::path& path) {
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  constexpr uint32_t kLongest = 256 * 3;
  std::ifstream file(path, std::ios::binary);
  std::array<char, 8> head{};
  if (!file.read(head.data(), head.size()) || std::string_view(head.data(), head.size()) != kSignature) return {};
  while (file.read(head.data(), head.size())) {
    const uint32_t length = big_endian(head);
    const std::string_view name(head.data() + 4, 4);
    if (name == "IDAT" || (name == "PLTE" && length > kLongest)) return {};
    if (name != "PLTE") {
      file.seekg(static_cast<std::streamoff>(length) + 4, std::ios::cur);
      continue;
    }
    std::string bytes(length, '\0');
    if (!file.read(bytes.data(), static_cast<std::streamsize>(length))) return {};
    std::vector<uint32_t> colors;
    const auto byte = [&](size_t at) { return static_cast<uint32_t>(static_cast<unsigned char>(bytes[at])); };
    for (size_t i = 0; i + 2 < bytes.size(); i += 3) colors.push_back(byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2));
    return colors;
  }
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
