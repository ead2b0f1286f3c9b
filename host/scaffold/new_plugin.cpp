#include "scaffold/new_plugin.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "base/error.h"
#include "config/nearest.h"
#include "file/atomic_file.h"
#include "scaffold/templates.h"

namespace sshost::scaffold {
namespace {

namespace fs = std::filesystem;

void require_one_of(const std::string& what, const std::string& found, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), found) != known.end()) return;
  throw UsageError("expected " + what + ", one of " + config::join_names(known) + "; found \"" + found + "\"" +
                   config::suggestion(found, known));
}

// It becomes a file, an identifier of C and what stands behind `type:`.
void require_name(const std::string& name) {
  const auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  const bool is_name =
      !name.empty() && name[0] >= 'a' && name[0] <= 'z' && std::all_of(name.begin(), name.end(), is_part);
  if (!is_name) {
    throw UsageError("expected a name of small letters, digits and underscores, such as my_head; found \"" + name +
                     "\"");
  }
}

void require(const NewPlugin& plugin) {
  require_one_of("a kind", plugin.kind, {"backbone", "dataset", "head", "loss", "memory", "transform"});
  require_one_of("a language", plugin.language, {"c", "c++"});
  require_name(plugin.name);
  if (plugin.language == "c" && plugin.kind != "head") {
    throw UsageError("in C there is a head to begin with; a " + plugin.kind + " begins in C++: --language c++");
  }
  if (fs::exists(plugin.folder)) throw UsageError(plugin.folder.string() + " is there already; choose another name");
}

// "my_head" -> "MyHead"
std::string class_name(const std::string& name) {
  std::string text;
  bool begins = true;
  for (const char c : name) {
    if (c != '_') text += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    begins = c == '_';
  }
  return text;
}

std::string filled(std::string_view from, const std::map<std::string, std::string>& values) {
  std::string text(from);
  for (const auto& [key, value] : values) {
    const std::string mark = "@" + key + "@";
    for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

}  // namespace

std::vector<fs::path> write_plugin(const NewPlugin& plugin) {
  require(plugin);
  const std::string ending = plugin.language == "c" ? ".c" : ".cpp";
  const std::map<std::string, std::string> values = {{"name", plugin.name},
                                                     {"Name", class_name(plugin.name)},
                                                     {"kind", plugin.kind},
                                                     {"language", plugin.language == "c" ? "C" : "CXX"},
                                                     {"source", plugin.name + ending},
                                                     {"prefix", plugin.prefix.string()}};
  const std::vector<std::pair<std::string, std::string>> files = {{plugin.kind + ending, plugin.name + ending},
                                                                  {plugin.kind + ".yaml", "pipeline.yaml"},
                                                                  {"CMakeLists.txt", "CMakeLists.txt"},
                                                                  {"Makefile", "Makefile"},
                                                                  {"README.md", "README.md"},
                                                                  {"LICENSE", "LICENSE"}};
  fs::create_directories(plugin.folder);
  std::vector<fs::path> written;
  for (const auto& [from, to] : files) {
    written.push_back(plugin.folder / to);
    file::write_file(written.back(), filled(templates().at(from), values));
  }
  return written;
}

}  // namespace sshost::scaffold
