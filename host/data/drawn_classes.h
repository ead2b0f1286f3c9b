#ifndef SSHOST_DATA_DRAWN_CLASSES_H
#define SSHOST_DATA_DRAWN_CLASSES_H

#include <vector>

#include "data/dataset_info.h"

namespace sshost::data {

// The classes with the colours in which people are shown them. What labels are stored in may be no colour to look at:
// white on white paper, or nearly black, as a background is. Such a class gets another colour, which no class has; the
// others and the background keep their own.
std::vector<Class> drawn_classes(std::vector<Class> classes);

}  // namespace sshost::data

#endif  // SSHOST_DATA_DRAWN_CLASSES_H
