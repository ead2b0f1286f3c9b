#include "label_reader.h"

#include <sshost/size.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace folder {

namespace {

using Numbers = std::map<int32_t, int32_t>;

Numbers parse_map(const Options& options) {
  Numbers classes;
  const auto count = static_cast<int64_t>(options.classes.size());
  for (const auto& [key, value] : options.label_map) {
    int32_t stored = 0;
    const char* end = key.data() + key.size();
    const auto [read, problem] = std::from_chars(key.data(), end, stored);
    if (read != end || problem != std::errc()) {
      throw ss::Error("label_map: \"" + key + "\" is no label; expected a whole number of at most 32 bits");
    }
    if ((value < 0 || value >= count) && value != options.ignore_index) {
      throw ss::Error("label_map: " + key + " maps to " + std::to_string(value) + ", which is neither a class (0.." +
                      std::to_string(count - 1) + ") nor ignore_index");
    }
    classes[stored] = static_cast<int32_t>(value);
  }
  return classes;
}

// The number of the map that is nearest, the lower one of two; its end where none is within the tolerance.
Numbers::const_iterator nearest(const Numbers& numbers, int32_t number, int64_t tolerance) {
  auto best = numbers.lower_bound(number);
  if (best != numbers.begin()) {
    const auto below = std::prev(best);
    if (best == numbers.end() || number - int64_t{below->first} <= int64_t{best->first} - number) best = below;
  }
  if (best == numbers.end() || std::abs(int64_t{best->first} - number) > tolerance) return numbers.end();
  return best;
}

// Numbers that a file of 16 bits cannot hold are true as they are, or ignored: nothing that is stored with losses has
// them.
ss::LabelTable make_table(const Options& options, const Numbers& numbers) {
  ss::LabelTable table;
  if (numbers.empty()) return table;
  const auto ignored = static_cast<int32_t>(options.ignore_index);
  table.set_all(ignored);
  for (int32_t number = 0; number <= kLargestLabel; ++number) {
    const auto found = nearest(numbers, number, options.label_tolerance.value_or(0));
    if (found != numbers.end()) table.set(number, found->second);
  }
  for (const auto& [number, label] : numbers) table.set(number, label);
  return table;
}

std::map<ss::Color, int32_t> make_colors(const Options& options) {
  std::map<ss::Color, int32_t> colors;
  if (!options.label_colors) return colors;
  for (const ss::ClassOptions& each : options.classes) {
    if (!each.color) throw ss::Error("label_colors: class \"" + each.name + "\" has no color");
    const bool is_new = colors.emplace(ss::parse_color(*each.color), static_cast<int32_t>(colors.size())).second;
    if (!is_new) throw ss::Error("label_colors: class \"" + each.name + "\" has another class's color");
  }
  return colors;
}

int64_t squared_distance(const ss::Color& one, const ss::Color& other) {
  int64_t sum = 0;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const int64_t difference = int64_t{one[channel]} - other[channel];
    sum += difference * difference;
  }
  return sum;
}

}  // namespace

LabelReader::LabelReader(const Options& options)
    : ignored_(static_cast<int32_t>(options.ignore_index)),
      tolerance_(options.label_tolerance.value_or(0)),
      reads_colors_(options.label_colors),
      named_(parse_map(options)),
      numbers_(make_table(options, named_)),
      colors_(make_colors(options)) {
  if (options.label_tolerance && !options.label_colors && options.label_map.empty()) {
    throw ss::Error("label_tolerance: nothing says which numbers are true; expected label_map or label_colors with it");
  }
}

Label LabelReader::read(const std::string& path) const {
  return reads_colors_ ? read_colors(path) : read_numbers(path);
}

Label LabelReader::read_numbers(const std::string& path) const {
  const ss::Image stored = ss::Image::label(path);
  Label label{stored.height(), stored.width(), std::vector<int32_t>(static_cast<std::size_t>(stored.elements()))};
  for (int64_t i = 0; i < stored.elements(); ++i) {
    int32_t& label_class = label.classes[static_cast<std::size_t>(i)];
    label_class = numbers_[stored[i]];
    if (label_class == ignored_ && !named_.empty() && !named_.contains(stored[i])) ++label.strangers[stored[i]];
  }
  return label;
}

Label LabelReader::read_colors(const std::string& path) const {
  const ss::Image picture = ss::Image::color_label(path);
  const int64_t pixels = picture.height() * picture.width();
  Label label{picture.height(), picture.width(), std::vector<int32_t>(static_cast<std::size_t>(pixels))};
  const auto* pixel = static_cast<const uint8_t*>(picture.pixels());
  struct Known {
    int32_t label;
    int64_t pixels = 0;
  };
  std::map<ss::Color, Known> known;  // a picture has few colors, each of them many times
  for (int32_t& each : label.classes) {
    const ss::Color color{pixel[0], pixel[1], pixel[2]};
    const auto [found, is_new] = known.try_emplace(color, Known{});
    if (is_new) found->second.label = class_of(color);
    ++found->second.pixels;
    each = found->second.label;
    pixel += 3;
  }
  constexpr int64_t kMostNoise = 200;  // of so many pixels one: edges between colors, where a tolerance is given
  for (const auto& [color, use] : known) {
    const bool is_noise = tolerance_ > 0 && use.pixels <= pixels / kMostNoise;
    if (use.label == ignored_ && !is_noise) label.strangers[color[0] << 16 | color[1] << 8 | color[2]] = use.pixels;
  }
  return label;
}

// Colors that are too far from every class's are ignored.
int32_t LabelReader::class_of(const ss::Color& color) const {
  const auto best = std::min_element(colors_.begin(), colors_.end(), [&](const auto& one, const auto& other) {
    return squared_distance(one.first, color) < squared_distance(other.first, color);
  });
  return squared_distance(best->first, color) <= tolerance_ * tolerance_ ? best->second : ignored_;
}

Label resized(const Label& label, int64_t height, int64_t width) {
  constexpr double kMostStretched = 1.05;  // sizes are rounded; what is turned or cut is further off
  const double stretch =
      std::log(static_cast<double>(label.height * width) / static_cast<double>(label.width * height));
  if (std::abs(stretch) > std::log(kMostStretched)) {
    throw ss::Error("label_size: the label of " + ss::to_string(ss::Size{label.height, label.width}) +
                    " is not its image of " + ss::to_string(ss::Size{height, width}) +
                    " in another size: one of them is turned or cut");
  }
  Label result{height, width, std::vector<int32_t>(static_cast<std::size_t>(height * width))};
  auto to = result.classes.begin();
  for (int64_t y = 0; y < height; ++y) {
    const int64_t row = (2 * y + 1) * label.height / (2 * height) * label.width;  // of the pixel at the same place
    for (int64_t x = 0; x < width; ++x) {
      *to++ = label.classes[static_cast<std::size_t>(row + (2 * x + 1) * label.width / (2 * width))];
    }
  }
  return result;
}

}  // namespace folder
