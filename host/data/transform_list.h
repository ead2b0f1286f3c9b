#ifndef SSHOST_DATA_TRANSFORM_LIST_H
#define SSHOST_DATA_TRANSFORM_LIST_H

#include <vector>

#include "config/pipeline.h"
#include "data/sample.h"
#include "data/transform.h"

namespace sshost::data {

// The transforms that a pipeline lists, in its order, for a data set with these classes.
TransformList make_transforms(const std::vector<config::TransformConfig>& configs, const DatasetInfo& info);

// Those of what is evaluated or predicted: `data.evaluate.transforms`, and the check that `evaluate.scales` leave
// something of each image.
TransformList make_evaluation_transforms(const config::Pipeline& pipeline, const DatasetInfo& info);

}  // namespace sshost::data

#endif  // SSHOST_DATA_TRANSFORM_LIST_H
