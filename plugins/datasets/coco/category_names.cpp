#include "category_names.h"

#include <sshost/error.hpp>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

namespace coco {

namespace {

using Names = std::vector<std::string>;

bool holds(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string listed(const Names& names) {
  constexpr std::size_t kMost = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) text.append(i == 0 ? "" : ", ").append(names[i]);
  return text + (names.size() > kMost ? " and " + std::to_string(names.size() - kMost) + " more" : "");
}

// Letters and digits alone, in lower case: "Traffic_Light" and "traffic light" are near.
std::string plain(const std::string& name) {
  std::string text;
  for (const char letter : name) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || byte > 127) text += static_cast<char>(std::tolower(byte));
  }
  return text;
}

// Letters to be inserted, left out or replaced.
std::size_t distance(const std::string& from, const std::string& to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t before = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = before + (from[i] != to[j]);
      before = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

bool are_near(const std::string& one, const std::string& other) {
  const std::string from = plain(one), to = plain(other);
  return distance(from, to) <= std::min(from.size(), to.size()) / 4;
}

}  // namespace

std::vector<std::string> names_of(const std::map<int64_t, std::string>& categories) {
  Names names;
  for (const auto& [id, name] : categories) {
    if (!holds(names, name)) names.push_back(name);
  }
  return names;
}

void require_categories(const Names& wanted, const Names& categories, const std::string& file) {
  Names unknown;
  for (const std::string& name : wanted) {
    if (!holds(categories, name)) unknown.push_back(name);
  }
  if (unknown.empty()) return;
  for (const std::string& name : unknown) {
    const auto near = std::find_if(categories.begin(), categories.end(), [&](const std::string& category) {
      return !holds(wanted, category) && are_near(name, category);
    });
    if (near == categories.end()) continue;
    throw ss::Error("classes: no category of " + file + " is called \"" + name + "\" (did you mean \"" + *near +
                    "\"?); it has " + listed(categories));
  }
  const std::string what = "classes: no category of " + file + " is called " + listed(unknown) + "; it has ";
  if (unknown.size() == wanted.size()) throw ss::Error(what + listed(categories));
  ss::log_warning(what + listed(categories));
}

}  // namespace coco
