#ifndef SSHOST_STATE_CONTEXT_TABLE_H
#define SSHOST_STATE_CONTEXT_TABLE_H

#include <sshost/abi/context.h>

namespace sshost::state {

// ss.context/1, over ExecutionContext. Lives as long as the process.
const ss_context_table* context_table();

}  // namespace sshost::state

#endif  // SSHOST_STATE_CONTEXT_TABLE_H
