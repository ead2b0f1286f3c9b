#ifndef SSHOST_RUN_TRANSFORM_DOUBTS_H
#define SSHOST_RUN_TRANSFORM_DOUBTS_H

#include <string>
#include <vector>

#include "config/pipeline.h"

namespace sshost::run {

// What the pipeline's transforms do to the images' values that can hardly be meant, a line each, for people: means and
// deviations of values from 0 to 1, two `normalize`, colours that are changed behind it, and where the pipeline trains,
// an evaluation that sees other values than the training. Transforms that the pipeline does not give raise none.
std::vector<std::string> transform_doubts(const config::Pipeline& pipeline);

}  // namespace sshost::run

#endif  // SSHOST_RUN_TRANSFORM_DOUBTS_H
