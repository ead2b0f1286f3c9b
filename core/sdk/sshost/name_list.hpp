// Lists of names, as data sets bring them: one a line.
#ifndef SSHOST_NAME_LIST_HPP
#define SSHOST_NAME_LIST_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"
#include "regular_file.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// A line of a list, without white space around it.
struct ListedName {
  std::string text;
  std::filesystem::path list;
  int line = 0;  // from 1

  std::string place() const { return list.string() + ":" + std::to_string(line); }

  // For messages: where a list is none, what stands in it is nobody's business.
  std::string shown() const {
    constexpr std::size_t kLongest = 200;
    const bool could_be_a_name = text.size() <= kLongest && text.find_first_of(":;=<>{}\"\\|*?") == std::string::npos;
    return could_be_a_name ? text : "what is no file's name";
  }
};

namespace detail {

// What is behind the byte order mark that some editors put before UTF-8.
inline std::string_view without_mark(std::string_view text, const std::filesystem::path& path) {
  if (text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff") {
    throw Error(path.string() + ": is stored as UTF-16; expected UTF-8: save the list as that", SS_IO);
  }
  return text.substr(0, 3) == "\xef\xbb\xbf" ? text.substr(3) : text;
}

inline std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace detail

// The lines of a list, whatever ends them; empty ones and those that begin with "# " are left out. Nothing where there
// is no such file. Throws where it is no regular file, or longer than 64 MB.
inline std::optional<std::vector<ListedName>> read_list(const std::filesystem::path& path) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 26;
  std::ifstream file = open_regular_file(path);
  if (!file.is_open()) return std::nullopt;
  const std::string bytes = read_all(file, kMostBytes, path);
  std::string_view text = detail::without_mark(bytes, path);
  std::vector<ListedName> names;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view name = detail::trimmed(text.substr(0, end));
    const bool is_pair = text.substr(end, 2) == "\r\n";
    text.remove_prefix(std::min(end + (is_pair ? 2 : 1), text.size()));
    if (!name.empty() && name.substr(0, 2) != "# ") names.push_back({std::string(name), path, line});
  }
  return names;
}

}  // namespace v1
}  // namespace ss

#endif
