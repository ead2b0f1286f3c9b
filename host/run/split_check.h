// What a run needs of the splits that it trains with and evaluates.
#ifndef SSHOST_RUN_SPLIT_CHECK_H
#define SSHOST_RUN_SPLIT_CHECK_H

#include "data/class_lists.h"
#include "run/session.h"

namespace sshost::run {

// The classes of a split, for messages.
data::ClassList class_list(const data::Dataset& split);

// Throws UsageError, with both lists, where the splits number their classes in different ways.
void require_one_class_list(const data::Dataset& train_split, const data::Dataset& evaluate_split);

// Throws ValueError where the split has fewer samples than one batch.
void require_a_batch(const Session& session, const data::Dataset& train_split);

// All of it, and what sample_sizes.h needs, for those splits whose files are there.
void require_fitting_splits(const Session& session);

}  // namespace sshost::run

#endif  // SSHOST_RUN_SPLIT_CHECK_H
