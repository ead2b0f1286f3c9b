#ifndef SSHOST_OUTPUT_RUN_LENGTHS_H
#define SSHOST_OUTPUT_RUN_LENGTHS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sshost::output {

// Masks as COCO has them (cocodataset.org, "RLE"): column by column, the lengths of the runs of 0 and of 1 in turn, the
// first one of 0.

// For each class of [h, w] integers, the run lengths of its mask. All classes in one pass.
std::map<int64_t, std::vector<int64_t>> class_run_lengths(const at::Tensor& classes);

// The compressed form, as pycocotools writes it into "counts": from the fourth on, a length is its difference to the
// one before the last; each is written in groups of 5 bits, the lowest first, with a bit that says whether another
// follows, as characters from '0' on.
std::string compressed(const std::vector<int64_t>& run_lengths);

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_RUN_LENGTHS_H
