#ifndef SSHOST_DATA_TRUE_VALUES_H
#define SSHOST_DATA_TRUE_VALUES_H

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sshost::data {

// What labels hold where their files are lossy (JPEG) or drawn with soft edges: many values near few true ones.
struct TrueValues {
  std::vector<std::array<int32_t, 3>> values;  // sorted; numbers use the first place alone
  bool is_smeared = false;                     // there are others near them; else these are all
  bool is_clear = true;                        // most pixels are near one; else this may be a photograph
  int64_t tolerance = 0;                       // how far the others may lie away to count as the nearest of them
};

// Pixels of a value. Those whose neighbours have nearly the same value are solid: edges have none, however soft.
struct Tally {
  int64_t pixels = 0;
  int64_t solid = 0;
};

using NumberCounts = std::map<int32_t, Tally>;  // of each number
using ColorCounts = std::map<uint32_t, Tally>;  // of each colour, as 0xrrggbb

// `lossy`: a file is stored in a way that changes values.
TrueValues true_numbers(const NumberCounts& counts, bool lossy);

// A true colour that lies near one of `known` is that one.
TrueValues true_colors(const ColorCounts& counts, const std::vector<uint32_t>& known, bool lossy);

// "#rrggbb"
std::string color_text(uint32_t rgb);
std::vector<std::string> color_texts(const TrueValues& colors);

}  // namespace sshost::data

#endif  // SSHOST_DATA_TRUE_VALUES_H
