#ifndef SSHOST_RUN_MODEL_CLASSES_H
#define SSHOST_RUN_MODEL_CLASSES_H

#include <cstdint>
#include <optional>

#include "data/sample.h"
#include "run/session.h"

namespace sshost::run {

// The classes of a model that needs no data: those of the pipeline's data set, which a data set of fixed classes knows
// without its files. With `count` there are so many of them: the data set's where it has as many, with their names,
// colours and mirror images, else numbered ones. Throws Error without a count where the data set needs its files.
data::DatasetInfo model_classes(const Session& session, std::optional<int64_t> count = {});

}  // namespace sshost::run

#endif  // SSHOST_RUN_MODEL_CLASSES_H
