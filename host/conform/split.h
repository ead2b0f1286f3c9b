#ifndef SSHOST_CONFORM_SPLIT_H
#define SSHOST_CONFORM_SPLIT_H

#include <memory>

#include "conform/subject.h"
#include "data/dataset.h"

namespace sshost::conform {

// The training split of a data set. Throws Skipped where its files are not there.
std::unique_ptr<data::Dataset> open_split(const Subject& subject);

// How many of its samples are read.
int64_t tried_samples(const data::Dataset& dataset);

// The same numbers for a sample, as often as it is read.
data::Random random_of(int64_t index);

// Throws Broken where the samples differ.
void require_same_sample(const data::Sample& one, const data::Sample& other, const std::string& when);

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_SPLIT_H
