#ifndef SSHOST_RUN_MODEL_H
#define SSHOST_RUN_MODEL_H

#include <cstdint>
#include <memory>

#include "checkpoint/class_order.h"
#include "model/segmentor.h"
#include "run/session.h"
#include "state/state_store.h"

namespace sshost::run {

// A pipeline's model.
struct Model {
  explicit Model(at::ScalarType dtype) : store(dtype) {}
  state::StateStore store;
  std::unique_ptr<model::Segmentor> segmentor;
};

// With freshly initialised weights on the CPU, for a data set with these classes. The session outlives it. Throws
// UsageError, with its place in the pipeline, for what does not fit: a map that the backbone has not, weights for another
// number of classes.
std::unique_ptr<Model> build_model(const Session& session, const data::DatasetInfo& info,
                                   at::ScalarType dtype = at::kFloat);

// The same for so many classes without names, each of which has an output.
std::unique_ptr<Model> build_model(const Session& session, int64_t classes, at::ScalarType dtype = at::kFloat);

// Which axes of its tensors belong to the classes: found by building it without initial values, twice.
checkpoint::ClassAxes class_axes(const Session& session, int64_t classes);

// Throws what build_model throws, and what does not fit in `evaluate`, without the time and the memory that initial
// values take.
void check_model(const Session& session, const data::DatasetInfo& info);

}  // namespace sshost::run

#endif  // SSHOST_RUN_MODEL_H
