#include "draft/label_survey.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <sstream>

#include "base/error.h"
#include "data/label_file.h"
#include "data/value_counts.h"
#include "file/regular_file.h"
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

std::string class_name(size_t index, const std::vector<std::string>& names, bool first_is_background) {
  if (index < names.size()) return names[index];
  return index == 0 && first_is_background ? "background" : "class_" + std::to_string(index);
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

// 0..K-1, of which some may not occur.
bool count_from_zero(const data::TrueValues& numbers) {
  const auto last = static_cast<size_t>(numbers.values.back()[0]);
  return !numbers.is_smeared && last < 2 * numbers.values.size() + 4;
}

// What lies behind all else covers most of the pictures.
bool is_most_frequent(int32_t number, const data::NumberCounts& counts) {
  const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& one, const auto& other) {
    return one.second.pixels < other.second.pixels;
  });
  return most->first == number;
}

void guess_numbers(data::NumberCounts counts, bool lossy, const std::vector<std::string>& names, LabelSurvey& survey) {
  const bool ignores = counts.size() > 2 && counts.contains(kIgnored) && !counts.contains(254) && !lossy;
  data::TrueValues numbers = data::true_numbers(counts, lossy);
  if (numbers.is_smeared) {
    survey.tolerance = numbers.tolerance;
    survey.assumptions.push_back("the labels are " + std::string(lossy ? "stored as JPEG" : "drawn with soft edges") +
                                 ": what is not " + list_of(texts_of(numbers)) + " counts as the nearest of them");
  } else if (ignores) {
    counts.erase(kIgnored);
    numbers = data::true_numbers(counts, lossy);
    survey.assumptions.emplace_back("255 in the labels is what is ignored");
  }
  if (numbers.values.empty()) return;
  const bool as_they_are = count_from_zero(numbers);
  const bool first_is_most = is_most_frequent(numbers.values.front()[0], counts);
  const size_t classes =
      as_they_are ? std::max(static_cast<size_t>(numbers.values.back()[0]) + 1, names.size()) : numbers.values.size();
  for (size_t i = 0; i < classes; ++i) {
    survey.classes.push_back(
        {classes == 2 && i == 1 && names.empty() ? "object" : class_name(i, names, first_is_most), {}});
    if (!as_they_are) survey.label_map[numbers.values[i][0]] = static_cast<int32_t>(i);
  }
  survey.assumptions.push_back("the labels hold the numbers " + list_of(texts_of(numbers)) +
                               (as_they_are ? ": the classes" : ": in order, the classes"));
}

void guess_colors(const data::ColorCounts& counts, bool lossy, const std::vector<std::string>& names,
                  LabelSurvey& survey) {
  const data::TrueValues colors = data::true_colors(counts, {}, lossy);
  if (!colors.is_clear) return;
  survey.are_colors = true;
  if (colors.is_smeared) survey.tolerance = colors.tolerance;
  const std::vector<std::string> texts = data::color_texts(colors);
  const bool has_black = !texts.empty() && texts.front() == "#000000";
  for (size_t i = 0; i < texts.size(); ++i) {
    const bool is_object = texts.size() == 2 && has_black && i == 1 && names.empty();
    survey.classes.push_back({is_object ? "object" : class_name(i, names, has_black), texts[i]});
  }
  survey.assumptions.push_back("the labels are pictures in " + std::to_string(texts.size()) +
                               " colours, each of them a class: " + list_of(texts));
}

void compare_sizes(const cv::Size& image, const cv::Size& label, LabelSurvey& survey) {
  if (image == label) return;
  ++(data::have_one_shape(image, label) ? survey.scaled : survey.of_another_shape);
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

LabelSurvey survey_labels(const std::vector<std::pair<fs::path, fs::path>>& pairs,
                          const std::vector<std::string>& names) {
  LabelSurvey survey;
  data::NumberCounts numbers;
  data::ColorCounts colors;
  bool lossy = false;
  std::vector<int> sides;
  for (const auto& [image_path, label_path] : pairs) {
    const cv::Mat label = data::stored_label(label_path);
    const cv::Size image = size_of(image_path);
    if (label.empty() || image.empty()) continue;
    ++survey.read;
    lossy = lossy || data::is_lossy(label_path);
    count(label, numbers, colors);
    compare_sizes(image, label.size(), survey);
    sides.push_back(std::min(image.height, image.width));
  }
  if (sides.empty()) return survey;
  std::nth_element(sides.begin(), sides.begin() + static_cast<std::ptrdiff_t>(sides.size() / 2), sides.end());
  survey.side = sides[sides.size() / 2];
  if (colors.empty()) {
    guess_numbers(numbers, lossy, names, survey);
  } else {
    guess_colors(colors, lossy, names, survey);
  }
  return survey;
}

// Empty where there is none, or more than a list of names has.
std::string text_of(const fs::path& path) try {
  constexpr uint64_t kMost = 1U << 20;
  return file::read_file(path, kMost);
} catch (const file::UnreadableFile&) {
  return {};
}

std::vector<std::string> find_class_names(const fs::path& folder) {
  for (const char* name : {"classes.txt", "labels.txt", "codes.txt", "names.txt", "class_names.txt"}) {
    std::istringstream file(text_of(folder / name));
    std::vector<std::string> names;
    for (std::string line; std::getline(file, line);) {
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      if (!line.empty()) names.push_back(line);
    }
    const bool are_names = std::all_of(names.begin(), names.end(), [](const std::string& line) {
      return line.size() <= 40 && line.find_first_of("/,;\t") == std::string::npos;
    });
    if (!names.empty() && are_names) return names;
  }
  return {};
}

}  // namespace sshost::draft
