#include "data/transform_list.h"

#include <algorithm>
#include <memory>

#include "config/node.h"
#include "data/scale_check.h"
#include "data/transform_type.h"

namespace sshost::data {

void check_range(const ss_options_object& options, const std::string& key, const std::string& path,
                 config::Problems& problems) {
  const ss_options_object& range = options.at(key);
  if (range.is_null()) return;
  if (range.children.size() != 2) {
    problems.error(
        range.place, config::join_path(path, key),
        "expected [lowest, highest], found a list of " + std::to_string(range.children.size()) + " elements");
  } else if (range.children[0].real > range.children[1].real) {
    problems.error(range.place, config::join_path(path, key), "the lowest factor is above the highest");
  }
}

TransformList make_transforms(const std::vector<config::TransformConfig>& configs, const DatasetInfo& info,
                              const plugin::Registry& registry, const TransformPlace& place) {
  TransformList transforms;
  for (const config::TransformConfig& config : configs) {
    if (config.component) {
      const plugin::Component& component = registry.find(config.component->kind, config.component->type);
      transforms.push_back(std::make_unique<PluginTransform>(component, config.options.get(), info, place));
      continue;
    }
    const TransformType& type = config::find_type(transform_types(), "data", "transform", config.type);
    transforms.push_back(type.make(*config.options, info));
  }
  return transforms;
}

TransformList make_training_transforms(const config::Pipeline& pipeline, const DatasetInfo& info,
                                       const plugin::Registry& registry) {
  return make_transforms(pipeline.data.train.transforms, info, registry, {pipeline.data.channels, false});
}

TransformList make_evaluated_transforms(const config::Pipeline& pipeline, const DatasetInfo& info,
                                        const plugin::Registry& registry) {
  return make_transforms(pipeline.data.evaluate.transforms, info, registry, {pipeline.data.channels, true});
}

TransformList make_evaluation_transforms(const config::Pipeline& pipeline, const DatasetInfo& info,
                                         const plugin::Registry& registry) {
  TransformList transforms = make_evaluated_transforms(pipeline, info, registry);
  const std::vector<double>& scales = pipeline.evaluate.scales;
  transforms.push_back(std::make_unique<ScaleCheck>(*std::min_element(scales.begin(), scales.end())));
  return transforms;
}

}  // namespace sshost::data
