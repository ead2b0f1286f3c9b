#ifndef SSHOST_DATA_STORED_PALETTE_H
#define SSHOST_DATA_STORED_PALETTE_H

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "data/true_values.h"

namespace sshost::data {

// The colours of a label's numbers, as 0xrrggbb. Of a PNG its palette, empty where it has none; of a BMP or TIFF, as far
// as its numbers occur. Empty of other formats.
std::vector<uint32_t> stored_palette(const std::filesystem::path& path);

// Which colours the palettes of labels give their numbers.
class PaletteUse {
 public:
  // A label: its numbers, and its palette, which may be empty.
  void add(const NumberCounts& numbers, const std::vector<uint32_t>& palette, const std::string& path);

  // Whether one number has two colours.
  bool differ() const { return !numbers_of_two_colors().empty(); }

  // Whether besides one colour has two numbers: then the colours are what stands for classes.
  bool are_crosswise() const;

  // A line each: "0 is #000000 in a.png, #804080 in b.png".
  std::vector<std::string> differences() const;

  // Pixels of each colour.
  const ColorCounts& counts() const { return counts_; }

 private:
  std::vector<int32_t> numbers_of_two_colors() const;

  std::map<int32_t, std::map<uint32_t, std::string>> colors_;  // of each number, with the first label
  ColorCounts counts_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_STORED_PALETTE_H
