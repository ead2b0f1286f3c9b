// The background and the 59 classes that are frequent in Pascal Context.
#ifndef SSHOST_PLUGINS_PASCAL_CONTEXT_CLASSES_H
#define SSHOST_PLUGINS_PASCAL_CONTEXT_CLASSES_H

#include <sshost/dataset.hpp>

namespace pascal_context {

std::vector<ss::ClassInfo> classes();

}  // namespace pascal_context

#endif  // SSHOST_PLUGINS_PASCAL_CONTEXT_CLASSES_H
