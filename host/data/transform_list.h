#ifndef SSHOST_DATA_TRANSFORM_LIST_H
#define SSHOST_DATA_TRANSFORM_LIST_H

#include <vector>

#include "config/pipeline.h"
#include "data/plugin_transform.h"
#include "data/sample.h"
#include "data/transform.h"
#include "plugin/registry.h"

namespace sshost::data {

// The transforms that a pipeline lists, in its order, for a data set with these classes; those of plugins out of
// `registry`. Throws Error where one of these cannot be created.
TransformList make_transforms(const std::vector<config::TransformConfig>& configs, const DatasetInfo& info,
                              const plugin::Registry& registry, const TransformPlace& place = {});

// Those of what is trained with, and of what is evaluated or predicted.
TransformList make_training_transforms(const config::Pipeline& pipeline, const DatasetInfo& info,
                                       const plugin::Registry& registry);
TransformList make_evaluated_transforms(const config::Pipeline& pipeline, const DatasetInfo& info,
                                        const plugin::Registry& registry);

// The latter with the check that `evaluate.scales` leave something of each image.
TransformList make_evaluation_transforms(const config::Pipeline& pipeline, const DatasetInfo& info,
                                         const plugin::Registry& registry);

}  // namespace sshost::data

#endif  // SSHOST_DATA_TRANSFORM_LIST_H
