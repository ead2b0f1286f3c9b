// The 150 classes of the scene parsing benchmark, each by the first of its names.
#ifndef SSHOST_PLUGINS_ADE20K_CLASSES_H
#define SSHOST_PLUGINS_ADE20K_CLASSES_H

#include <sshost/dataset.hpp>

namespace ade20k {

std::vector<ss::ClassInfo> classes();

}  // namespace ade20k

#endif  // SSHOST_PLUGINS_ADE20K_CLASSES_H
