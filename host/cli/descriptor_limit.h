#ifndef SSHOST_CLI_DESCRIPTOR_LIMIT_H
#define SSHOST_CLI_DESCRIPTOR_LIMIT_H

namespace sshost::cli {

// Lets this process open as many files and connections as the system allows it, in place of the usual 1,024: as many
// idle connections of strangers would keep other ranks out.
void raise_descriptor_limit();

}  // namespace sshost::cli

#endif  // SSHOST_CLI_DESCRIPTOR_LIMIT_H
