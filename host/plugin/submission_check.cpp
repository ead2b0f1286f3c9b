#include "plugin/submission_check.h"

#include <set>
#include <string_view>

#include "plugin/checked_text.h"
#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

constexpr uint32_t kMostLayouts = 256;     // more is garbage
constexpr std::size_t kLongestName = 100;  // of a layout, which a person types and a file system takes

std::string_view checked_layout_name(const ss_string& text, const std::string& what) {
  const std::string_view name = checked_name(text, what);
  if (name.size() > kLongestName) {
    throw Refused(what + " has " + std::to_string(name.size()) + " bytes; at most " + std::to_string(kLongestName) +
                  " are possible");
  }
  if (name.front() == '.' || name.find('\\') != std::string_view::npos) {
    throw Refused(what + " is \"" + std::string(name) + "\"; it names a folder: no dot in front, no backslash");
  }
  return name;
}

void check_functions(const ss_submission_layout& layout, const std::string& what) {
  for (const auto& [name, is_there] :
       {std::pair{"values", layout.values != nullptr}, std::pair{"file_name", layout.file_name != nullptr}}) {
    if (!is_there) throw Refused("the function `" + std::string(name) + "` of " + what + " is a null pointer");
  }
}

std::string_view check_layout(const ss_submission_layout* layout, const std::string& place, const std::string& owner) {
  if (layout == nullptr) throw Refused(place + " is a null pointer");
  if (!SS_HAS(ss_submission_layout, layout, file_name)) {
    throw Refused(place + " has no valid size: expected at least " + std::to_string(sizeof(ss_submission_layout)) +
                  " bytes, found " + std::to_string(layout->size));
  }
  const std::string_view name = checked_layout_name(layout->name, "the name of " + place);
  const std::string what = "submission layout \"" + std::string(name) + "\" of " + owner;
  checked_text(layout->text, "the help of " + what);
  check_functions(*layout, what);
  return name;
}

}  // namespace

void check_submissions(const ss_submission_table& table, const std::string& owner) {
  const std::string layouts = "submission layouts of " + owner;
  if (table.layout_count > kMostLayouts) {
    throw Refused("there are " + std::to_string(table.layout_count) + " " + layouts + "; at most " +
                  std::to_string(kMostLayouts) + " are possible");
  }
  if (table.layout_count > 0 && table.layouts == nullptr)
    throw Refused("the list of " + layouts + " is a null pointer");
  std::set<std::string_view> seen;
  for (uint32_t i = 0; i < table.layout_count; ++i) {
    const std::string place = "submission layout " + std::to_string(i) + " of " + owner;
    const std::string_view name = check_layout(table.layouts[i], place, owner);
    if (!seen.insert(name).second)
      throw Refused(owner + " offers the submission layout \"" + std::string(name) + "\" twice");
  }
}

}  // namespace sshost::plugin
