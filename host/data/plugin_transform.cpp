#include "data/plugin_transform.h"

#include <utility>
#include <vector>

#include "base/error.h"
#include "base/printable.h"
#include "bridge/boundary.h"
#include "data/new_maps.h"
#include "data/size_text.h"
#include "data/stranger.h"
#include "plugin/at_work.h"
#include "plugin/kept_process.h"

namespace sshost::data {
namespace {

const std::string kImage = "image", kLabel = "label";

// The sample's numbers on their way to a plugin.
struct Drawn {
  Random& random;
  bool any = false;

  static uint64_t next(void* self) {
    auto* drawn = static_cast<Drawn*>(self);
    drawn->any = true;
    return drawn->random.next();
  }
};

std::vector<ss_class> classes_of(const DatasetInfo& info) {
  std::vector<ss_class> classes;
  for (const Class& each : info.classes) {
    classes.push_back({bridge::to_ss_string(each.name), each.color[0], each.color[1], each.color[2], 0,
                       static_cast<int32_t>(each.mirrored)});
  }
  return classes;
}

bool is_in(cv::Size size, const SizeRange& range) {
  return size.width >= range.least.width && size.height >= range.least.height && size.width <= range.most.width &&
         size.height <= range.most.height;
}

}  // namespace

PluginTransform::PluginTransform(const plugin::Component& component, ss_options options, const DatasetInfo& info,
                                 const TransformPlace& place)
    : table_(*component.table<ss_transform_table>()),
      who_(to_string(component)),
      info_(info),
      evaluates_(place.evaluates) {
  const std::vector<ss_class> classes = classes_of(info);
  ss_transform_spec spec{};
  spec.size = sizeof(spec);
  spec.class_count = static_cast<uint32_t>(classes.size());
  spec.classes = classes.data();
  spec.ignore_index = info.ignore_index;
  spec.label_kind = info.labels_are_sets ? SS_LABEL_SET : SS_LABEL_NUMBER;
  spec.evaluates = place.evaluates ? 1 : 0;
  spec.image_channels = place.image_channels;
  const plugin::AtWork at_work(who_);
  const plugin::KeptProcess kept;
  bridge::check(bridge::call_plugin(who_, [&] { return table_.create(options, &spec, &self_); }), who_);
}

PluginTransform::~PluginTransform() {
  const plugin::AtWork at_work(who_);
  table_.destroy(self_);
}

void PluginTransform::apply(Sample& sample, Random& random) const {
  const std::string who = who_ + ", sample \"" + printable_line(sample.id) + "\"";
  const plugin::AtWork at_work(who_);
  NewMaps maps(sample.id);
  maps.add(kImage, SS_MAP_VALUES, 0, sample.image);
  if (!sample.label.empty()) {
    maps.add(kLabel, SS_MAP_NUMBERS, static_cast<double>(info_.ignore_index), sample.label);
  }
  Drawn drawn{random};
  const ss_random numbers{&drawn, &Drawn::next};
  const ss_sample_sink sink = maps.sink();
  const ss_status status =
      bridge::call_plugin(who, [&] { return table_.apply(self_, maps.sample(), &numbers, &sink); });
  maps.require_guards(who);
  bridge::check(status, who);
  const Sample before = sample;
  if (!maps.made(0).empty()) sample.image = maps.made(0);
  if (!sample.label.empty() && !maps.made(1).empty()) sample.label = maps.made(1);
  require_sound(before, sample, who);
  if (evaluates_) require_kept(before, sample, drawn.any, who);
}

void PluginTransform::require_sound(const Sample& before, const Sample& after, const std::string& who) const {
  const cv::Size size = after.image.size();
  if (!after.label.empty() && after.label.size() != size) {
    throw Error(who + ": apply: expected an image and a label of one size, found " + size_text(size) + " and " +
                size_text(after.label.size()));
  }
  if (!is_in(size, sizes({before.image.size(), before.image.size()}))) {
    throw Error(who + ": apply: made an image of " + size_text(size) + " out of one of " +
                size_text(before.image.size()) + ", which `sizes` does not tell");
  }
  if (after.label.data == before.label.data) return;
  if (const auto stranger = find_stranger(after.label, info_)) {
    throw Error(who + ": apply: in the label " + *stranger);
  }
}

void PluginTransform::require_kept(const Sample& before, const Sample& after, bool has_drawn,
                                   const std::string& who) const {
  const std::string where = who + ": apply: among data.evaluate.transforms ";
  if (has_drawn) throw Error(where + "it draws random numbers: each evaluation would have another score");
  if (after.image.size() != before.image.size() || after.label.data != before.label.data) {
    throw Error(where + "it moves pixels: scores are compared with the label as it is stored");
  }
}

SizeRange PluginTransform::sizes(const SizeRange& of) const {
  ss_size_range range{{of.least.height, of.least.width}, {of.most.height, of.most.width}};
  const plugin::AtWork at_work(who_);
  bridge::check(bridge::call_plugin(who_, [&] { return table_.sizes(self_, &range); }), who_);
  const auto size = [](const int64_t(&sides)[2]) {
    return cv::Size(static_cast<int>(sides[1]), static_cast<int>(sides[0]));
  };
  return {size(range.least), size(range.most)};
}

}  // namespace sshost::data
