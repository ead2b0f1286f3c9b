#ifndef SSHOST_RUN_OWN_CONTENTS_H
#define SSHOST_RUN_OWN_CONTENTS_H

#include "run/run_folder.h"

namespace sshost::run {

// For who is about to write into the folder of a run, which a stranger may have sent. Throws UsageError, naming it and
// what to do, where a link there would lead what is written (or pruned) elsewhere, or where something else than a file
// or a folder has the name of one.
void require_own_contents(const RunFolder& folder);

}  // namespace sshost::run

#endif  // SSHOST_RUN_OWN_CONTENTS_H
