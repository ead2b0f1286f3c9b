#ifndef SSHOST_CLI_STREAMS_H
#define SSHOST_CLI_STREAMS_H

#include <nlohmann/json_fwd.hpp>

namespace sshost::cli {

// Descriptors 0, 1 and 2 lead to /dev/null from now on where they are closed: else the next files that are opened would
// get them, and a checkpoint what is printed.
void open_standard_descriptors();

// Throws Error where something that was written to standard output has not got there: a full disk. That nobody reads
// the pipe behind it any more is not an error.
void require_written_output();

// Prints the document on standard output. Text that is not UTF-8 gets a replacement; what is not printable
// (base/printable.h) is escaped.
void print_document(const nlohmann::json& document);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_STREAMS_H
