#ifndef SSHOST_TESTS_PARITY_MODEL_CLASSES_H
#define SSHOST_TESTS_PARITY_MODEL_CLASSES_H

#include <vector>

#include "data/sample.h"
#include "engine/session.h"
#include "parity/fixture.h"

namespace sshost::parity {

// The classes of a fixture's model, without the data set's files: as many as its logits or its memory have, with the names
// and mirror images of the pipeline's data set where that has as many; else each is its own mirror image. Throws Error
// where neither says how many there are.
std::vector<data::Class> model_classes(const engine::Session& session, const Fixture& fixture);

}  // namespace sshost::parity

#endif  // SSHOST_TESTS_PARITY_MODEL_CLASSES_H
