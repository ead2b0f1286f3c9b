#ifndef SSHOST_APP_DEVICE_H
#define SSHOST_APP_DEVICE_H

#include <c10/core/Device.h>

#include "config/pipeline.h"
#include "distributed/rank_environment.h"

namespace sshost::app {

// Throws UsageError where the pipeline's device is not there. "cuda" is the first one or, where several processes share
// the machine, distributed::own_gpu.
at::Device device_of(const config::Pipeline& pipeline, const distributed::RankEnvironment& environment = {});

}  // namespace sshost::app

#endif  // SSHOST_APP_DEVICE_H
