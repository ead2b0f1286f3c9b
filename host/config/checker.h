#ifndef SSHOST_CONFIG_CHECKER_H
#define SSHOST_CONFIG_CHECKER_H

#include <sshost/abi/options.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"
#include "config/option_value.h"
#include "config/problems.h"

namespace sshost::config {

// Checks the map `node` (or null: nothing given) against `schema` (nullptr: no options) and returns the complete value,
// with defaults filled in and paths absolute. Every mistake goes to `problems`; the result is then still complete, so
// that the caller can go on and find the next one, but must not be used for work.
//
// Kinds are strict: only true and false are booleans, quoted text is never a number, and a plain number, true, false or
// null is never a string. An integer is taken for a double; 1e4 is taken for an integer.
// Keys in `host_keys` are not the schema's: they are skipped, and suggested for a misspelt key.
// A key marked as written for another type (Node::written_for) that `schema` does not have, or whose value does not
// fit, is dropped; one notice names all of them.
// `owner` is who the options belong to, such as "aspp", for the texts. A default that does not fit its own schema is an
// error that names `owner`.
ss_options_object check_options(const Node& node, const ss_schema* schema, std::string_view owner,
                                std::span<const std::string> host_keys, Problems& problems);

// What is wrong with the defaults of `schema` themselves, a line each.
std::vector<std::string> wrong_defaults(const ss_schema& schema, std::string_view owner);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_CHECKER_H
