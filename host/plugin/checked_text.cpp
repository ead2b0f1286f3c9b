#include "plugin/checked_text.h"

#include "plugin/refusal.h"
#include "plugin/text.h"

namespace sshost::plugin {
namespace {

// No help line is this long: a larger size is garbage, and reading it would end in a crash.
constexpr uint64_t kLongestText = uint64_t{1} << 16;

}  // namespace

std::string_view checked_text(const ss_string& text, const std::string& what) {
  if (text.size > kLongestText) {
    throw Refused(what + " has " + std::to_string(text.size) + " bytes; at most " + std::to_string(kLongestText) +
                  " are possible");
  }
  if (text.size > 0 && text.data == nullptr) throw Refused(what + " is a null pointer");
  if (!is_utf8(view(text))) throw Refused(what + " is not valid UTF-8");
  return view(text);
}

std::string_view checked_name(const ss_string& text, const std::string& what) {
  const std::string_view name = checked_text(text, what);
  if (name.empty()) throw Refused(what + " is empty");
  if (!is_name(name)) {
    throw Refused(what + " is \"" + std::string(name) +
                  "\"; a name has no spaces, slashes, colons, quotes or control characters");
  }
  return name;
}

}  // namespace sshost::plugin
