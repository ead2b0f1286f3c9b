#ifndef SSHOST_RUN_CHECKPOINT_DEMANDS_H
#define SSHOST_RUN_CHECKPOINT_DEMANDS_H

#include "config/pipeline.h"
#include "config/problems.h"

namespace sshost::run {

// Reports what the pipeline of a checkpoint, which may be a stranger's, asks of this machine beyond what any model needs:
// threads, pixels of a transformed image, views of an image. A number that stands in an override is the user's own word.
// How large the model may be is run::Session::most_model_bytes.
void check_demands(const config::Pipeline& pipeline, config::Problems& problems);

}  // namespace sshost::run

#endif  // SSHOST_RUN_CHECKPOINT_DEMANDS_H
