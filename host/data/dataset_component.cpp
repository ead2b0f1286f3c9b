#include "data/dataset_component.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/error.h"
#include "bridge/boundary.h"
#include "config/phrase.h"
#include "config/value_error.h"
#include "data/label_set.h"
#include "plugin/at_work.h"
#include "plugin/kept_process.h"
#include "plugin/text.h"

namespace sshost::data {

namespace {

std::string to_string(ss_string text) { return std::string(bridge::view(text)); }

// More is a mistake: predictions hold a plane for each.
constexpr uint32_t kMostClasses = 1U << 16;

void check_mirrored(const std::vector<Class>& classes, const std::string& who) {
  const auto count = static_cast<int64_t>(classes.size());
  for (int64_t index = 0; index < count; ++index) {
    const int64_t other = classes[index].mirrored;
    if (other >= 0 && other < count && classes[other].mirrored == index) continue;
    throw Error(who + ": class " + std::to_string(index) + " (" + classes[index].name + ") mirrors class " +
                std::to_string(other) + ", which is no class or does not mirror it back");
  }
}

// Scores, palettes and checkpoints tell classes by their names.
void check_names(const std::vector<Class>& classes, const std::string& who) {
  std::map<std::string_view, size_t> known;
  for (size_t index = 0; index < classes.size(); ++index) {
    const std::string key = "data.dataset.classes." + std::to_string(index) + ".name";
    const std::string& name = classes[index].name;
    const std::string expected = who + ": expected a name for class " + std::to_string(index);
    if (name.find_first_not_of(" \t") == std::string::npos) throw config::ValueError(key, expected + ", found none");
    const auto [first, is_new] = known.emplace(name, index);
    if (is_new) continue;
    throw config::ValueError(key, expected + " of its own, found \"" + name + "\", which is class " +
                                      std::to_string(first->second) + " too");
  }
}

void check_ignored(const DatasetInfo& info, bool has_label_map, const std::string& who) {
  const auto classes = static_cast<int64_t>(info.classes.size());
  const int64_t ignored = info.ignore_index;
  const std::string found = who + ": the ignored label is " + std::to_string(ignored);
  if (ignored < INT32_MIN || ignored > INT32_MAX) {
    throw config::ValueError("data.dataset.ignore_index", found + "; expected a number of 32 bits");
  }
  if (ignored < 0 || ignored >= classes) return;
  const std::string way =
      has_label_map
          ? "; where the files use that number for what does not count, leave ignore_index at 255 and say by "
            "label_map which class the other numbers are, such as {1: 0, 2: 1}: a number that is not in it is "
            "ignored"
          : "";
  throw config::ValueError("data.dataset.ignore_index",
                           found + ", which is class \"" + info.classes[static_cast<size_t>(ignored)].name +
                               "\"; expected a number that is no class (0.." + std::to_string(classes - 1) + ")" + way);
}

void check_sets(const DatasetInfo& info, const std::string& who) {
  if (info.classes.size() > kMostClassesOfSets) {
    throw config::ValueError("data.dataset.classes", who + ": expected at most " + std::to_string(kMostClassesOfSets) +
                                                         " classes, of which a pixel may have several; found " +
                                                         std::to_string(info.classes.size()));
  }
  if (info.ignore_index < 0 && info.ignore_index >= INT32_MIN) return;
  throw Error(who + ": labels are sets of classes, and the ignored one is " + std::to_string(info.ignore_index) +
              "; expected a negative one of 32 bits");
}

bool has_option(const ss_component& component, std::string_view name) {
  if (component.options == nullptr) return false;
  const auto options = config::options_of(*component.options);
  return std::any_of(options.begin(), options.end(),
                     [&](const ss_option* option) { return config::view(option->name) == name; });
}

}  // namespace

DatasetComponent::DatasetComponent(const ss_component& component, const std::filesystem::path& library,
                                   ss_options options, const std::string& split, int64_t image_channels)
    : table_(*static_cast<const ss_dataset_table*>(component.table)),
      who_("dataset " + to_string(component.name) + " (" + library.string() + ")"),
      has_label_map_(has_option(component, "label_map")) {
  ss_dataset_spec spec{};
  spec.size = sizeof(spec);
  spec.split = bridge::to_ss_string(split);
  spec.image_channels = image_channels;
  const plugin::AtWork at_work(who_);
  const plugin::KeptProcess kept;
  bridge::check(bridge::call_plugin(who_, [&] { return table_.create(options, &spec, &self_); }),
                who_ + ", split " + split);
}

DatasetComponent::~DatasetComponent() {
  const plugin::AtWork at_work(who_);
  table_.destroy(self_);
}

DatasetInfo DatasetComponent::info() const {
  ss_dataset_info from{};
  from.size = sizeof(from);
  const plugin::AtWork at_work(who_);
  bridge::check(bridge::call_plugin(who_, [&] { return table_.info(self_, &from); }), who_);
  if (from.class_count < 1 || from.class_count > kMostClasses || from.classes == nullptr) {
    throw Error(who_ + ": " + std::to_string(from.class_count) + " classes, expected 1.." +
                std::to_string(kMostClasses));
  }
  DatasetInfo info;
  for (uint32_t index = 0; index < from.class_count; ++index) {
    const ss_class& each = from.classes[index];
    if (each.name.size > 0 && each.name.data == nullptr) {
      throw Error(who_ + ": the name of class " + std::to_string(index) + " is a null pointer");
    }
    if (!is_utf8(plugin::view(each.name))) {
      throw Error(who_ + ": the name of class " + std::to_string(index) + " is not UTF-8 text");
    }
    info.classes.push_back({to_string(each.name), {each.red, each.green, each.blue}, each.mirrored});
  }
  info.ignore_index = from.ignore_index;
  info.labels_are_sets = from.label_kind == SS_LABEL_SET;
  check_names(info.classes, who_);
  info.labels_are_sets ? check_sets(info, who_) : check_ignored(info, has_label_map_, who_);
  check_mirrored(info.classes, who_);
  return info;
}

}  // namespace sshost::data
