#include "run/split_check.h"

#include <algorithm>

#include "base/status_error.h"
#include "config/value_error.h"
#include "run/sample_sizes.h"

namespace sshost::run {
namespace {

// Nothing where its files are not there. What is wrong with the options is told.
std::unique_ptr<data::Dataset> open_if_there(const Session& session, const std::string& split) {
  try {
    return open_dataset(session, split);
  } catch (const UsageError&) {
    throw;
  } catch (const StatusError& error) {
    if (error.status() == SS_INVALID_ARGUMENT) throw;
  } catch (const Error&) {  // it has no samples
  }
  return nullptr;
}

}  // namespace

data::ClassList class_list(const data::Dataset& split) {
  return {"split " + split.split(), data::class_names(split.info().classes)};
}

void require_one_class_list(const data::Dataset& train_split, const data::Dataset& evaluate_split) {
  const auto found = data::difference(class_list(train_split), class_list(evaluate_split));
  if (found) throw UsageError(*found);
}

void require_a_batch(const Session& session, const data::Dataset& train_split) {
  const int64_t size = session.pipeline.train.batch_size;
  if (train_split.size() >= size) return;
  throw config::ValueError("train.batch_size", "expected at most " + std::to_string(train_split.size()) +
                                                   ", the samples of the split that is trained on; found " +
                                                   std::to_string(size));
}

void require_fitting_splits(const Session& session) {
  const config::Pipeline& pipeline = session.pipeline;
  const bool trains = std::find(pipeline.run.begin(), pipeline.run.end(), "train") != pipeline.run.end();
  const auto train = trains ? open_if_there(session, pipeline.data.train.split) : nullptr;
  if (train) {
    require_a_batch(session, *train);
    require_one_size(session, *train, pipeline.train.batch_size);
  }
  const auto evaluated = open_if_there(session, pipeline.data.evaluate.split);
  if (evaluated) require_one_evaluated_size(session, *evaluated);
  if (train && evaluated) require_one_class_list(*train, *evaluated);
}

}  // namespace sshost::run
