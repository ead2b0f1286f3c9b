#ifndef SSHOST_RUN_TRANSFORM_CHECK_H
#define SSHOST_RUN_TRANSFORM_CHECK_H

#include "run/session.h"

namespace sshost::run {

// Creates all transforms of the pipeline once, so that those of plugins say now what they cannot do. Throws Error.
void check_transforms(const Session& session, const data::DatasetInfo& info);

}  // namespace sshost::run

#endif  // SSHOST_RUN_TRANSFORM_CHECK_H
