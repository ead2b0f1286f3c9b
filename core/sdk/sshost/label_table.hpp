// What the numbers in label files stand for.
//
//   ss::LabelTable table = ss::LabelTable::counting_from(1, 150, 255);   // 1..150 are classes 0..149, 0 is ignored
//   table.write(ss::Image::label(path), sink);
#ifndef SSHOST_LABEL_TABLE_HPP
#define SSHOST_LABEL_TABLE_HPP

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "dataset.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// A class, or the ignored label, for each number that a file can hold; applied in one pass. A number that nobody has set
// stands for itself, so that the host can refuse it by its value.
class LabelTable {
 public:
  LabelTable() : table_(kNumbers) {
    for (std::size_t number = 0; number < kNumbers; ++number) table_[number] = static_cast<int32_t>(number);
  }

  // first, first + 1, ... are the classes 0, 1, ...; what lies before them, and 255, is ignored.
  static LabelTable counting_from(int32_t first, int32_t classes, int32_t ignored) {
    LabelTable table;
    for (int32_t number = 0; number < first; ++number) table.set(number, ignored);
    table.set(255, ignored);
    for (int32_t label = 0; label < classes; ++label) table.set(first + label, label);
    return table;
  }

  void set(int32_t number, int32_t label) {
    if (is_in_table(number)) {
      table_[static_cast<std::size_t>(number)] = label;
    } else {
      others_[number] = label;
    }
  }
  void set_all(int32_t label) {
    std::fill(table_.begin(), table_.end(), label);
    of_others_ = label;
    others_.clear();
  }

  // What `number` stands for.
  int32_t operator[](int32_t number) const {
    if (is_in_table(number)) return table_[static_cast<std::size_t>(number)];
    const auto found = others_.find(number);
    return found == others_.end() ? of_others_.value_or(number) : found->second;
  }

  // Gives the label of height x width that `stored` holds, row by row.
  void write(const Image& stored, Sink& sink) const {
    if (stored.dtype() == SS_UINT8) {
      write(static_cast<const uint8_t*>(stored.pixels()), stored.height(), stored.width(), sink);
    } else {
      write_wide(static_cast<const int32_t*>(stored.pixels()), stored.height(), stored.width(), sink);
    }
  }
  void write(const uint8_t* stored, int64_t height, int64_t width, Sink& sink) const {
    if (!fits_bytes()) return write_wide(stored, height, width, sink);
    std::array<uint8_t, kBytes> bytes{};
    std::transform(table_.begin(), table_.begin() + kBytes, bytes.begin(),
                   [](int32_t label) { return static_cast<uint8_t>(label); });
    std::transform(stored, stored + height * width, sink.label(height, width),
                   [&bytes](uint8_t number) { return bytes[number]; });
  }

 private:
  static constexpr std::size_t kNumbers = 1U << 16;  // those of 8 and 16 bits, which nearly all files hold
  static constexpr int kBytes = 256;

  static bool is_in_table(int32_t number) { return number >= 0 && static_cast<std::size_t>(number) < kNumbers; }
  bool fits_bytes() const {
    return std::all_of(table_.begin(), table_.begin() + kBytes,
                       [](int32_t label) { return label >= 0 && label < kBytes; });
  }
  template <class Number>
  void write_wide(const Number* stored, int64_t height, int64_t width, Sink& sink) const {
    std::transform(stored, stored + height * width, sink.wide_label(height, width),
                   [this](Number number) { return (*this)[number]; });
  }

  std::vector<int32_t> table_;
  std::map<int32_t, int32_t> others_;  // negative ones, and such of 32 bits
  std::optional<int32_t> of_others_;   // which nobody has set alone
};

}  // namespace v1
}  // namespace ss

#endif
