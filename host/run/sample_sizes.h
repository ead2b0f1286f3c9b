// What the sizes of a data set's images mean for its pipeline.
#ifndef SSHOST_RUN_SAMPLE_SIZES_H
#define SSHOST_RUN_SAMPLE_SIZES_H

#include <string>

#include "run/session.h"

namespace sshost::run {

// Fits the transforms of a pipeline that gives none to its data set's images, and says so in a line. Empty where it
// gives them, and where no image can be read: then the ones for large images stay.
std::string fit_transforms(Session& session);

// Throws ValueError where samples of one batch would differ in size behind the pipeline's transforms, as far as some
// samples of the split tell; `batch_size` is that of one process.
void require_one_size(const Session& session, const data::Dataset& train_split, int64_t batch_size);
void require_one_evaluated_size(const Session& session, const data::Dataset& evaluate_split);

}  // namespace sshost::run

#endif  // SSHOST_RUN_SAMPLE_SIZES_H
