#ifndef SSHOST_SCAFFOLD_TEMPLATES_H
#define SSHOST_SCAFFOLD_TEMPLATES_H

#include <map>
#include <string_view>

namespace sshost::scaffold {

// The files of templates/ by name, without ".in": "head.cpp", "head.yaml", "README.md". Where they say @name@, @Name@,
// @kind@, @language@, @source@ or @prefix@, a new plugin's own stands instead.
const std::map<std::string_view, std::string_view>& templates();

}  // namespace sshost::scaffold

#endif  // SSHOST_SCAFFOLD_TEMPLATES_H
