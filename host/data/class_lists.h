#ifndef SSHOST_DATA_CLASS_LISTS_H
#define SSHOST_DATA_CLASS_LISTS_H

#include <optional>
#include <string>
#include <vector>

#include "data/dataset_info.h"

namespace sshost::data {

// The classes of one split, for messages.
struct ClassList {
  std::string split;
  std::vector<std::string> names;  // in the order of their numbers
};

// Two splits of one data set number their classes alike, or what is learned from one is scored as something else on the
// other. Returns how they differ, with both lists and what to do, or nullopt if they are the same.
std::optional<std::string> difference(const ClassList& one, const ClassList& other);

// What stands in the first list, and behind it what the second one has besides.
std::vector<std::string> one_list(const ClassList& one, const ClassList& other);

}  // namespace sshost::data

#endif  // SSHOST_DATA_CLASS_LISTS_H
