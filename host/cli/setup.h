#ifndef SSHOST_CLI_SETUP_H
#define SSHOST_CLI_SETUP_H

#include "config/pipeline.h"

namespace sshost::cli {

// Applies the pipeline's `threads` to operators, and leaves the cores to them: OpenCV's own threads are off after it.
void set_operator_threads(const config::Pipeline& pipeline);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_SETUP_H
