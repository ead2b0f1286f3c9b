#include "config/value_error.h"

namespace sshost::config {

PipelineError with_place(const ValueError& error, const Pipeline& pipeline) {
  return PipelineError({deepest_at(pipeline.written, error.key()).place, error.key(), error.message()});
}

}  // namespace sshost::config
