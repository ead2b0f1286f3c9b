// The 124 classes of VSPW.
#ifndef SSHOST_PLUGINS_VSPW_CLASSES_H
#define SSHOST_PLUGINS_VSPW_CLASSES_H

#include <sshost/dataset.hpp>

namespace vspw {

std::vector<ss::ClassInfo> classes();

}  // namespace vspw

#endif  // SSHOST_PLUGINS_VSPW_CLASSES_H
