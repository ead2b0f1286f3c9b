#include "data/submission.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/printable.h"
#include "base/utf8.h"
#include "bridge/boundary.h"
#include "data/relative_name.h"
#include "plugin/at_work.h"

namespace sshost::data {
namespace {

constexpr uint64_t kLongestPath = 4095;  // that any file system takes
constexpr std::string_view kEnding = ".png";

// A copy of what a plugin has put, or nullopt if it has put nothing.
struct TextSlot {
  std::optional<std::string> text;
};

ss_status put_text(void* self, ss_string text) {
  return bridge::guarded([&] {
    std::optional<std::string>& slot = static_cast<TextSlot*>(self)->text;
    if (slot) throw Error("expected one text, found a second one");
    if (text.size > kLongestPath) {
      throw Error("expected at most " + std::to_string(kLongestPath) + " bytes, found " + std::to_string(text.size));
    }
    if (text.size > 0 && text.data == nullptr) throw Error("expected a text, found a null pointer");
    slot = bridge::view(text);
  });
}

bool has_control_characters(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

bool is_png_below(const std::string& path) {
  return is_utf8(path) && !has_control_characters(path) && is_relative_name(path) && path.ends_with(kEnding);
}

// What the plugin refuses is the user's to mend.
void require(ss_status status, const std::string& who) {
  if (status != SS_OK) throw UsageError(who + ": " + std::string(bridge::message()));
}

}  // namespace

std::string Submission::name() const { return std::string(bridge::view(layout_->name)); }
std::string Submission::text() const { return std::string(bridge::view(layout_->text)); }
std::string Submission::label() const { return "prediction format " + name() + ", " + who_; }

int64_t Submission::numbers() const {
  if (layout_->kind == SS_SUBMISSION_PNG8) return int64_t{1} << 8;
  if (layout_->kind == SS_SUBMISSION_PNG16) return int64_t{1} << 16;
  throw Error(label() + ": expected PNG files of 8 or 16 bits, found kind " + std::to_string(layout_->kind) +
              " of a file; use a newer sshost");
}

std::vector<int64_t> Submission::values(const std::vector<Class>& classes) const {
  std::vector<ss_string> names;
  for (const Class& each : classes) names.push_back(bridge::to_ss_string(each.name));
  std::vector<int32_t> values(classes.size(), -1);
  {
    const plugin::AtWork at_work(who_);
    require(layout_->values(layout_->self, names.data(), static_cast<uint32_t>(names.size()), values.data()), label());
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= 0 && values[i] < numbers()) continue;
    throw Error(label() + ": expected a number of 0.." + std::to_string(numbers() - 1) + " for class \"" +
                classes[i].name + "\", found " + std::to_string(values[i]));
  }
  return {values.begin(), values.end()};
}

std::string Submission::file_of(const std::string& id) const {
  TextSlot slot;
  const ss_text_sink sink{&slot, put_text};
  {
    const plugin::AtWork at_work(who_);
    require(layout_->file_name(layout_->self, bridge::to_ss_string(id), &sink), label());
  }
  if (slot.text && is_png_below(*slot.text)) return *slot.text;
  throw Error(label() + ": expected the name of a PNG file for \"" + id +
              "\", or a relative path to one without \"..\"; found " +
              (slot.text ? "\"" + printable(*slot.text) + "\"" : "none"));
}

std::vector<Submission> submissions_of(const plugin::Component& component) {
  const auto* table = static_cast<const ss_submission_table*>(component.capability(SS_DATASET_SUBMISSION_1));
  std::vector<Submission> found;
  for (uint32_t i = 0; table != nullptr && i < table->layout_count; ++i) {
    found.emplace_back(*table->layouts[i], to_string(component));
  }
  return found;
}

}  // namespace sshost::data
