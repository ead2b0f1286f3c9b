#include "draft/class_names.h"

#include <algorithm>
#include <cstdio>
#include <regex>
#include <sstream>

#include "base/lower_case.h"
#include "base/utf8.h"
#include "file/regular_file.h"

namespace sshost::draft {

namespace {

namespace fs = std::filesystem;

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string> lines_of(std::string text) {
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    line = trimmed(line);
    const bool is_comment =
        line.starts_with("# ") || lower_case(line).starts_with("name,") || lower_case(line).starts_with("pixel value");
    if (!line.empty() && !is_comment) lines.push_back(line);
  }
  return lines;
}

std::optional<std::string> color_of(const std::string& red, const std::string& green, const std::string& blue) {
  const int parts[] = {std::stoi(red), std::stoi(green), std::stoi(blue)};
  if (std::any_of(std::begin(parts), std::end(parts), [](int part) { return part > 255; })) return std::nullopt;
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", parts[0] & 255, parts[1] & 255, parts[2] & 255);
  return text;
}

NamedClass parse(const std::string& line) {
  static const std::regex behind(R"(^(.*?)[\s:,;]+(\d{1,3})[\s,;]+(\d{1,3})[\s,;]+(\d{1,3})(:.*)?$)");
  static const std::regex before(R"(^(\d{1,3})[\s,;]+(\d{1,3})[\s,;]+(\d{1,3})[\s,;:]+(.+)$)");
  std::smatch found;
  if (std::regex_match(line, found, before)) return {trimmed(found[4]), color_of(found[1], found[2], found[3])};
  if (std::regex_match(line, found, behind)) return {trimmed(found[1]), color_of(found[2], found[3], found[4])};
  return {line, {}};
}

// "0 background", "1: road", "2, car" where all lines count like that.
void drop_numbers(std::vector<NamedClass>& classes) {
  static const std::regex numbered(R"(^(\d{1,5})\s*[\s:.,)]\s*(.+)$)");
  std::vector<std::string> names;
  std::optional<int> last;
  for (const NamedClass& each : classes) {
    std::smatch found;
    if (!std::regex_match(each.name, found, numbered)) return;
    const int number = std::stoi(found[1]);
    if (last ? number != *last + 1 : number > 1) return;
    last = number;
    names.push_back(found[2]);
  }
  for (size_t i = 0; i < names.size(); ++i) classes[i].name = names[i];
}

bool are_names(const std::vector<NamedClass>& classes) {
  constexpr size_t kLongest = 40;
  return !classes.empty() && std::all_of(classes.begin(), classes.end(), [](const NamedClass& each) {
    return !each.name.empty() && each.name.size() <= kLongest && each.name.find_first_of("/,;\t") == std::string::npos;
  });
}

std::vector<NamedClass> classes_in(const std::string& text) {
  constexpr size_t kLongest = 200;  // of a line: std::regex goes through it by recursion
  const std::vector<std::string> lines = lines_of(text);
  if (std::any_of(lines.begin(), lines.end(), [](const std::string& line) { return line.size() > kLongest; }))
    return {};
  std::vector<NamedClass> classes;
  for (const std::string& line : lines) classes.push_back(parse(line));
  drop_numbers(classes);
  std::erase_if(classes, [](const NamedClass& each) { return each.name == "__ignore__"; });
  for (NamedClass& each : classes) {
    if (each.name == "_background_") each.name = "background";
  }
  return are_names(classes) ? classes : std::vector<NamedClass>{};
}

bool is_background(const std::string& name) {
  const std::string lower = lower_case(name);
  return lower == "background" || lower == "bg" || lower == "void" || lower == "unlabelled" || lower == "unlabeled";
}

// As they are called, those that people mean first; Roboflow's lies in the folder of each split.
std::vector<std::string> lists_in(const fs::path& folder) {
  std::vector<std::string> names = {"labelmap.txt", "class_dict.csv", "label_colors.txt", "classes.txt", "labels.txt",
                                    "codes.txt",    "names.txt",      "class_names.txt",  "_classes.csv"};
  std::vector<std::string> below;
  std::error_code stop;
  for (fs::directory_iterator each(folder, stop), end; !stop && each != end; each.increment(stop)) {
    std::error_code unknown;
    if (!each->is_directory(unknown)) continue;
    below.push_back((each->path().filename() / "_classes.csv").string());
  }
  std::sort(below.begin(), below.end());
  names.insert(names.end(), below.begin(), below.end());
  return names;
}

}  // namespace

ClassNames find_class_names(const fs::path& folder) {
  constexpr uint64_t kMost = 1U << 20;
  ClassNames found;
  for (const std::string& name : lists_in(folder)) {
    std::error_code unknown;
    if (!fs::is_regular_file(folder / name, unknown) || fs::file_size(folder / name, unknown) > kMost) continue;
    const std::string text = file::read_file(folder / name, kMost);
    if (!is_utf8(text) || text.find('\0') != std::string::npos) {
      found.remarks.push_back(name + " is not stored as UTF-8: the names in it are not used");
      continue;
    }
    found.classes = classes_in(text);
    found.file = name;
    if (!found.classes.empty()) return found;
  }
  return found;
}

std::vector<std::string> names_for(const ClassNames& list, size_t classes, bool first_is_background,
                                   std::vector<std::string>& assumptions) {
  std::vector<std::string> names;
  for (const NamedClass& each : list.classes) names.push_back(each.name);
  const bool lacks_background = names.size() + 1 == classes && std::none_of(names.begin(), names.end(), is_background);
  const std::string what =
      list.file + " names " + std::to_string(names.size()) + " classes, the labels hold " + std::to_string(classes);
  if (!names.empty() && lacks_background) {
    names.insert(names.begin(), "background");
    assumptions.push_back(what + ": the first one is the background, which has no name there");
  } else if (!names.empty() && names.size() != classes) {
    assumptions.push_back(what + ": SEE WHICH IS WHICH; they are named in order");
  }
  names.resize(std::min(names.size(), classes));
  for (size_t i = names.size(); i < classes; ++i) {
    const bool is_object = classes == 2 && i == 1 && list.classes.empty();
    names.push_back(i == 0 && first_is_background ? "background" : is_object ? "object" : "class_" + std::to_string(i));
  }
  return names;
}

}  // namespace sshost::draft
