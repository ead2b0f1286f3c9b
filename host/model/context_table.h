#ifndef SSHOST_MODEL_CONTEXT_TABLE_H
#define SSHOST_MODEL_CONTEXT_TABLE_H

#include <sshost/abi/context.h>

namespace sshost::model {

// ss.context/1, over ExecutionContext. Lives as long as the process.
const ss_context_table* context_table();

}  // namespace sshost::model

#endif  // SSHOST_MODEL_CONTEXT_TABLE_H
