#include "config/value_error.h"

#include "config/problems.h"

namespace sshost::config {

UsageError with_place(const ValueError& error, const Pipeline& pipeline) {
  Problems problems;
  problems.error(deepest_at(pipeline.written, error.key()).place, error.key(), error.message());
  return UsageError(problems.lines().front());
}

}  // namespace sshost::config
