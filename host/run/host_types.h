#ifndef SSHOST_RUN_HOST_TYPES_H
#define SSHOST_RUN_HOST_TYPES_H

#include "config/host_type.h"

namespace sshost::run {

// The transforms, losses, optimisers and schedules of the rooms that implement them.
const config::HostTypes& host_types();

}  // namespace sshost::run

#endif  // SSHOST_RUN_HOST_TYPES_H
