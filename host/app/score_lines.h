#ifndef SSHOST_APP_SCORE_LINES_H
#define SSHOST_APP_SCORE_LINES_H

#include <vector>

#include "app/log.h"
#include "config/pipeline.h"
#include "data/dataset_info.h"
#include "evaluate/evaluator.h"

namespace sshost::app {

// Says what an evaluation found of these outputs of the model: the means in a line, `with_classes` further means and
// the classes' IoU, too.
void say_scores(const evaluate::Evaluation& evaluation, const config::Pipeline& pipeline,
                const std::vector<data::Class>& outputs, bool with_classes, Log& log);

}  // namespace sshost::app

#endif  // SSHOST_APP_SCORE_LINES_H
