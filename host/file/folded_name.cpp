#include "file/folded_name.h"

#include <utf8proc.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <system_error>

#include "file/partial_file.h"

namespace sshost::file {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOneCodePoint = "\xc3\xa9", kTwoCodePoints = "e\xcc\x81";  // e with an acute accent

fs::path nearest_folder(fs::path folder) {
  std::error_code error;
  folder = fs::absolute(folder, error).lexically_normal();
  while (!error && !fs::is_directory(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

std::string in_upper_case(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
  return name;
}

}  // namespace

// Unicode's "NFDICF", by which Linux folds names.
std::string folded_name(std::string_view name) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  utf8proc_uint8_t* folded = nullptr;
  const utf8proc_ssize_t length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                                               static_cast<utf8proc_ssize_t>(name.size()), &folded, kOptions);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(folded, std::free);
  if (length < 0) return std::string(name);
  return {reinterpret_cast<const char*>(folded), static_cast<size_t>(length)};
}

bool folds_names(const fs::path& folder) {
  const fs::path inside = nearest_folder(folder);
  const std::string name = random_partial_name("").string();
  const fs::path made = inside / (name + std::string(kOneCodePoint));
  if (!std::ofstream(made)) return false;
  std::error_code ignored;
  const bool folds = fs::exists(inside / (in_upper_case(name) + std::string(kOneCodePoint)), ignored) ||
                     fs::exists(inside / (name + std::string(kTwoCodePoints)), ignored);
  fs::remove(made, ignored);
  return folds;
}

}  // namespace sshost::file
