#include "draft/label_survey.h"

#include <algorithm>
#include <opencv2/core.hpp>

#include "base/error.h"
#include "data/alpha_channel.h"
#include "data/image_depth.h"
#include "data/label_file.h"
#include "data/stored_palette.h"
#include "data/value_counts.h"
#include "image/image_file.h"

namespace sshost::draft {

namespace {

namespace fs = std::filesystem;

constexpr int32_t kIgnored = 255;

cv::Size size_of(const fs::path& path) try {
  return image::read_image(path, image::Mode::kRgb).pixels.size();
} catch (const Error&) {
  return {};
}

void count(const cv::Mat& label, data::NumberCounts& numbers, data::ColorCounts& colors) {
  if (label.channels() == 3) return data::count_colors(label, colors);
  cv::Mat wide;
  label.convertTo(wide, CV_32S);
  data::count_numbers(wide, numbers);
}

std::string list_of(const std::vector<std::string>& words) {
  constexpr size_t kShown = 12;
  std::string text;
  for (size_t i = 0; i < std::min(words.size(), kShown); ++i) text.append(i == 0 ? "" : ", ").append(words[i]);
  return text + (words.size() > kShown ? ", ..." : "");
}

std::vector<std::string> texts_of(const data::TrueValues& numbers) {
  std::vector<std::string> texts;
  for (const auto& value : numbers.values) texts.push_back(std::to_string(value[0]));
  return texts;
}

// 0..K-1, of which some may not occur; 0 may be one of these where a list names it.
bool count_from_zero(const data::TrueValues& numbers, size_t named) {
  const auto last = static_cast<size_t>(numbers.values.back()[0]);
  const bool has_zero = numbers.values.front()[0] == 0 || named > last;
  return !numbers.is_smeared && has_zero && last < 2 * numbers.values.size() + 4;
}

// The largest number of 8 or 16 bits beside numbers that count 0, 1, 2 or 1, 2, 3, with gaps or without. Beside others,
// such as 0, 128 or 0, 85, 170, it is one of them.
std::optional<int32_t> ignored_number(data::NumberCounts counts, bool lossy) {
  constexpr int32_t kLargestOf16Bits = 65535;
  constexpr size_t kFew = 64, kSome = 3;  // what shades of grey do not lie so close to black
  if (lossy || counts.size() < 3) return std::nullopt;
  const int32_t largest = counts.rbegin()->first;
  if ((largest != kIgnored && largest != kLargestOf16Bits) || counts.contains(largest - 1)) return std::nullopt;
  counts.erase(largest);
  const auto last = static_cast<size_t>(counts.rbegin()->first);
  const bool counts_up = last < 2 * counts.size() + 4 || (last < kFew && counts.size() >= kSome);
  return counts_up ? std::optional(largest) : std::nullopt;
}

// What lies behind all else covers most of the pictures.
bool is_most_frequent(int32_t number, const data::NumberCounts& counts) {
  const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& one, const auto& other) {
    return one.second.pixels < other.second.pixels;
  });
  return most->first == number;
}

// No class has one: they stand for what was not looked at, as GIS programs write it.
void ignore_negative(data::NumberCounts& counts, LabelSurvey& survey) {
  while (!counts.empty() && counts.begin()->first < 0) {
    const int32_t number = counts.begin()->first;
    survey.label_map[number] = kIgnored;
    survey.assumptions.push_back(std::to_string(number) + " in the labels is what is ignored");
    counts.erase(counts.begin());
  }
}

void guess_numbers(data::NumberCounts counts, bool lossy, const ClassNames& names, LabelSurvey& survey) {
  ignore_negative(counts, survey);
  const std::optional<int32_t> ignored = ignored_number(counts, lossy);
  data::TrueValues numbers = data::true_numbers(counts, lossy);
  if (numbers.is_smeared) {
    survey.tolerance = numbers.tolerance;
    survey.assumptions.push_back("the labels are " + std::string(lossy ? "stored as JPEG" : "drawn with soft edges") +
                                 ": what is not " + list_of(texts_of(numbers)) + " counts as the nearest of them");
  } else if (ignored) {
    counts.erase(*ignored);
    if (*ignored != kIgnored) survey.label_map[*ignored] = kIgnored;
    numbers = data::true_numbers(counts, lossy);
    survey.assumptions.push_back(std::to_string(*ignored) + " in the labels is what is ignored");
  }
  if (numbers.values.empty()) return;
  const bool as_they_are = count_from_zero(numbers, names.classes.size());
  const bool first_is_most = is_most_frequent(numbers.values.front()[0], counts);
  const size_t last = static_cast<size_t>(numbers.values.back()[0]) + 1;
  const bool are_named = names.classes.size() >= last && as_they_are;
  const bool needs_map = !as_they_are || !survey.label_map.empty();
  const size_t classes = are_named ? names.classes.size() : as_they_are ? last : numbers.values.size();
  for (const std::string& name : names_for(names, classes, first_is_most, survey.assumptions)) {
    const size_t i = survey.classes.size();
    survey.classes.push_back({name, {}});
    if (needs_map)
      survey.label_map[as_they_are ? static_cast<int32_t>(i) : numbers.values[i][0]] = static_cast<int32_t>(i);
  }
  survey.assumptions.push_back("the labels hold the numbers " + list_of(texts_of(numbers)) +
                               (as_they_are ? ": the classes" : ": in order, the classes"));
}

// Those of the list in its order, whether they occur or not, and behind them the colours that it does not name. Empty
// where the list names no colour that occurs.
std::vector<ClassGuess> classes_by_color(const ClassNames& names, const std::vector<std::string>& colors,
                                         std::vector<std::string>& assumptions) {
  std::vector<ClassGuess> classes;
  size_t known = 0;
  std::string strangers, absent;
  const auto add = [](std::string& list, const std::string& text) { list += (list.empty() ? "" : ", ") + text; };
  for (const NamedClass& each : names.classes) {
    if (!each.color) return {};
    known += static_cast<size_t>(std::count(colors.begin(), colors.end(), *each.color));
    if (std::count(colors.begin(), colors.end(), *each.color) == 0) add(absent, each.name);
    classes.push_back({each.name, each.color});
  }
  if (known == 0) return {};
  const auto is_named = [&](const std::string& name) {
    return std::any_of(classes.begin(), classes.end(), [&](const auto& each) { return each.name == name; });
  };
  for (const std::string& color : colors) {
    const bool is_known =
        std::any_of(classes.begin(), classes.end(), [&](const auto& each) { return each.color == color; });
    if (is_known) continue;
    const bool is_background = color == "#000000" && !is_named("background");
    classes.push_back({is_background ? "background" : "class_" + std::to_string(classes.size()), color});
    add(strangers, color + " (" + classes.back().name + ")");
  }
  if (!strangers.empty()) {
    assumptions.push_back(names.file + " does not name " + strangers +
                          (absent.empty() ? "" : ", and of its own classes there is no " + absent) +
                          ": SEE WHICH IS WHICH");
  }
  return classes;
}

void guess_colors(const data::ColorCounts& counts, bool lossy, const ClassNames& names, LabelSurvey& survey) {
  const data::TrueValues colors = data::true_colors(counts, {}, lossy);
  if (!colors.is_clear) return;
  survey.are_colors = true;
  if (colors.is_smeared) survey.tolerance = colors.tolerance;
  const std::vector<std::string> texts = data::color_texts(colors);
  survey.classes = classes_by_color(names, texts, survey.assumptions);
  const bool are_named = !survey.classes.empty();
  if (!are_named) {
    const bool has_black = !texts.empty() && texts.front() == "#000000";
    const std::vector<std::string> all = names_for(names, texts.size(), has_black, survey.assumptions);
    for (size_t i = 0; i < texts.size(); ++i) survey.classes.push_back({all[i], texts[i]});
  }
  survey.assumptions.push_back("the labels are pictures in " + std::to_string(texts.size()) +
                               " colours, each of them a class: " + list_of(texts) +
                               (are_named ? "; their names are those of " + names.file : ""));
}

// Some objects are drawn in the alpha channel of a picture of one colour.
bool is_in_alpha(const fs::path& path) {
  const auto alpha = data::alpha_channel(path);
  return alpha && alpha->varies;
}

void require_two_values(const LabelSurvey& survey, const fs::path& label) {
  if (survey.classes.size() != 1) return;
  const std::string number = survey.label_map.empty() ? "0" : std::to_string(survey.label_map.begin()->first);
  const std::string alone = survey.classes.front().color.value_or(number);
  throw UsageError("the labels hold one value alone, " + alone + ": there is nothing to tell apart" +
                   (is_in_alpha(label)
                        ? "; what is drawn in " + label.string() +
                              " is in its alpha channel, which is not read: store it as a picture of one "
                              "channel, such as 0 and 255"
                        : ""));
}

void compare_sizes(const cv::Size& image, const cv::Size& label, LabelSurvey& survey) {
  if (image == label) return;
  ++(data::have_one_shape(image, label) ? survey.scaled : survey.of_another_shape);
}

void add_palette(const cv::Mat& label, const fs::path& path, data::PaletteUse& palettes) {
  const std::vector<uint32_t> palette = data::stored_palette(path);
  if (palette.empty() || label.channels() != 1) return;
  data::NumberCounts numbers;
  data::ColorCounts none;
  count(label, numbers, none);
  palettes.add(numbers, palette, path.string());
}

// Of the first images.
void say_depth(const std::vector<std::pair<fs::path, fs::path>>& pairs, LabelSurvey& survey) {
  constexpr size_t kLookedAt = 4;
  int64_t largest = -1;
  for (size_t i = 0; i < std::min(pairs.size(), kLookedAt); ++i) {
    largest = std::max(largest, data::largest_of_16_bits(pairs[i].first).value_or(-1));
  }
  if (largest < 0 || largest >= data::kDark) return;
  survey.assumptions.push_back("the images store 16 bits, of which they use little (up to " + std::to_string(largest) +
                               "): as they are read they are nearly black; see docs/images.md");
}

// In turns: every so many, then those behind them and so on, so that what time is left for is spread evenly.
std::vector<size_t> in_turns(size_t count) {
  constexpr size_t kInFirstTurn = 300;
  const size_t step = std::max<size_t>(1, count / kInFirstTurn);
  std::vector<size_t> order;
  for (size_t first = 0; first < step; ++first) {
    for (size_t i = first; i < count; i += step) order.push_back(i);
  }
  return order;
}

}  // namespace

bool looks_like_labels(const fs::path& path) {
  const cv::Mat label = data::stored_label(path);
  if (label.empty()) return false;
  data::NumberCounts numbers;
  data::ColorCounts colors;
  count(label, numbers, colors);
  constexpr size_t kFew = 128;
  const bool lossy = data::is_lossy(path);
  if (!lossy && numbers.size() + colors.size() <= kFew) return true;
  const data::TrueValues found =
      numbers.empty() ? data::true_colors(colors, {}, lossy) : data::true_numbers(numbers, lossy);
  return found.is_smeared && found.is_clear && found.values.size() <= kFew;
}

LabelSurvey survey_labels(const std::vector<std::pair<fs::path, fs::path>>& pairs, const ClassNames& names) {
  constexpr int64_t kMostPixels = 600'000'000;  // some ten seconds
  constexpr int64_t kMostImages = 300;
  LabelSurvey survey;
  data::NumberCounts numbers;
  data::ColorCounts colors;
  data::PaletteUse palettes;
  bool lossy = false;
  std::vector<int> sides;
  int64_t pixels = 0;
  for (const size_t index : in_turns(pairs.size())) {
    const auto& [image_path, label_path] = pairs[index];
    if (pixels > kMostPixels && survey.read >= kMostImages) break;
    const cv::Mat label = data::stored_label(label_path);
    if (label.empty()) continue;
    ++survey.read;
    pixels += static_cast<int64_t>(label.total());
    lossy = lossy || data::is_lossy(label_path);
    count(label, numbers, colors);
    add_palette(label, label_path, palettes);
    if (static_cast<int64_t>(sides.size()) >= kMostImages) continue;
    const cv::Size image = size_of(image_path);
    if (image.empty()) continue;
    compare_sizes(image, label.size(), survey);
    sides.push_back(std::min(image.height, image.width));
  }
  if (sides.empty()) return survey;
  survey.compared = static_cast<int64_t>(sides.size());
  std::nth_element(sides.begin(), sides.begin() + static_cast<std::ptrdiff_t>(sides.size() / 2), sides.end());
  survey.side = sides[sides.size() / 2];
  survey.assumptions = names.remarks;
  say_depth(pairs, survey);
  if (colors.empty() && palettes.are_crosswise()) {
    survey.assumptions.emplace_back(
        "the palettes of the labels differ from file to file: their colours are the classes");
    guess_colors(palettes.counts(), lossy, names, survey);
  } else if (colors.empty()) {
    guess_numbers(numbers, lossy, names, survey);
  } else {
    guess_colors(colors, lossy, names, survey);
  }
  if (survey.read < static_cast<int64_t>(pairs.size())) {
    survey.assumptions.push_back("of " + std::to_string(pairs.size()) + " labels " + std::to_string(survey.read) +
                                 " were looked at: what the others hold besides is not known");
  }
  require_two_values(survey, pairs.front().second);
  return survey;
}

}  // namespace sshost::draft
