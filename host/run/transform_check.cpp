#include "run/transform_check.h"

#include "data/transform_list.h"

namespace sshost::run {

void check_transforms(const Session& session, const data::DatasetInfo& info) {
  data::make_training_transforms(session.pipeline, info, *session.registry);
  data::make_evaluated_transforms(session.pipeline, info, *session.registry);
}

}  // namespace sshost::run
