#ifndef SSHOST_DATA_SIZE_DIAGNOSIS_H
#define SSHOST_DATA_SIZE_DIAGNOSIS_H

#include <string>
#include <vector>

#include "config/pipeline.h"
#include "data/diagnosis.h"
#include "plugin/registry.h"

namespace sshost::data {

// Where samples of one batch would differ in size behind the transforms that the pipeline has for this split.
std::vector<Finding> diagnose_sizes(const Inspection& seen, const DatasetInfo& info, const config::Pipeline& pipeline,
                                    const std::string& split, const plugin::Registry& registry);

}  // namespace sshost::data

#endif  // SSHOST_DATA_SIZE_DIAGNOSIS_H
