#ifndef SSHOST_PLUGIN_SCHEMA_CHECK_H
#define SSHOST_PLUGIN_SCHEMA_CHECK_H

#include <string>

#include <sshost/abi/options.h>

namespace sshost::plugin {

// Checks the options of `owner` ("head psp"): sizes, pointers, text, kinds, bounds, unique names, nested groups, and
// that each default is a value that the option itself allows.
// Throws Refused with the option that is wrong and why.
void check_schema(const ss_schema* schema, const std::string& owner);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_SCHEMA_CHECK_H
