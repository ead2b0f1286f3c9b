#ifndef SSHOST_DATA_PLUGIN_TRANSFORM_H
#define SSHOST_DATA_PLUGIN_TRANSFORM_H

#include <sshost/abi/transform.h>

#include <string>

#include "data/dataset_info.h"
#include "data/transform.h"
#include "plugin/component.h"

namespace sshost::data {

// Where a list of transforms stands.
struct TransformPlace {
  int64_t image_channels = 3;
  bool evaluates = false;  // among data.evaluate.transforms
};

// A transform of a plugin. Checks what it makes. What fails is an Error that names it, its library and the sample.
class PluginTransform final : public Transform {
 public:
  // `options` have been checked against the component's schema and are not read after the constructor. Throws Error
  // with the plugin's message where `create` fails.
  PluginTransform(const plugin::Component& component, ss_options options, const DatasetInfo& info,
                  const TransformPlace& place);
  ~PluginTransform() override;
  PluginTransform(const PluginTransform&) = delete;
  PluginTransform& operator=(const PluginTransform&) = delete;

  void apply(Sample& sample, Random& random) const override;
  SizeRange sizes(const SizeRange& of) const override;

  const ss_transform_table& table() const { return table_; }
  void* self() const { return self_; }
  const std::string& who() const { return who_; }  // `transform elastic (…/elastic.so)`

 private:
  void require_kept(const Sample& before, const Sample& after, bool has_drawn, const std::string& who) const;
  void require_sound(const Sample& before, const Sample& after, const std::string& who) const;

  const ss_transform_table& table_;
  std::string who_;
  DatasetInfo info_;
  bool evaluates_;
  void* self_ = nullptr;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_PLUGIN_TRANSFORM_H
