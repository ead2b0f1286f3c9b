#include "data/dataset_component.h"

#include "base/error.h"
#include "bridge/boundary.h"
#include "plugin/at_work.h"
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

void check_ignored(const DatasetInfo& info, const std::string& who) {
  const auto classes = static_cast<int64_t>(info.classes.size());
  const bool in_range = info.ignore_index >= INT32_MIN && info.ignore_index <= INT32_MAX;
  if (in_range && (info.ignore_index < 0 || info.ignore_index >= classes)) return;
  throw Error(who + ": the ignored label is " + std::to_string(info.ignore_index) + ", which is class \"" +
              (in_range ? info.classes[info.ignore_index].name : "out of int32") +
              "\" or out of range; expected a number that is no class");
}

}  // namespace

DatasetComponent::DatasetComponent(const ss_component& component, const std::filesystem::path& library,
                                   ss_options options, const std::string& split)
    : table_(*static_cast<const ss_dataset_table*>(component.table)),
      who_("dataset " + to_string(component.name) + " (" + library.string() + ")") {
  ss_dataset_spec spec{};
  spec.size = sizeof(spec);
  spec.split = bridge::to_ss_string(split);
  const plugin::AtWork at_work(who_);
  bridge::check(table_.create(options, &spec, &self_), who_ + ", split " + split);
}

DatasetComponent::~DatasetComponent() {
  const plugin::AtWork at_work(who_);
  table_.destroy(self_);
}

DatasetInfo DatasetComponent::info() const {
  ss_dataset_info from{};
  from.size = sizeof(from);
  const plugin::AtWork at_work(who_);
  bridge::check(table_.info(self_, &from), who_);
  if (from.class_count < 1 || from.class_count > kMostClasses || from.classes == nullptr) {
    throw Error(who_ + ": " + std::to_string(from.class_count) + " classes, expected 1.." +
                std::to_string(kMostClasses));
  }
  DatasetInfo info;
  for (uint32_t index = 0; index < from.class_count; ++index) {
    const ss_class& each = from.classes[index];
    if (!plugin::is_utf8(plugin::view(each.name))) {
      throw Error(who_ + ": the name of class " + std::to_string(index) + " is not UTF-8 text");
    }
    info.classes.push_back({to_string(each.name), {each.red, each.green, each.blue}, each.mirrored});
  }
  info.ignore_index = from.ignore_index;
  check_ignored(info, who_);
  check_mirrored(info.classes, who_);
  return info;
}

}  // namespace sshost::data
