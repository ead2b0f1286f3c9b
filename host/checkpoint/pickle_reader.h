#ifndef SSHOST_CHECKPOINT_PICKLE_READER_H
#define SSHOST_CHECKPOINT_PICKLE_READER_H

#include "checkpoint/pickle_cursor.h"
#include "checkpoint/pickle_value.h"

namespace sshost::checkpoint {

// Reads one pickle (protocols 0 to 5) up to its end and puts what it describes on the heap. Executes nothing: no global
// is looked up, no call is made. Throws Error where the pickle is damaged, uses what no checkpoint does (extension
// codes, out-of-band buffers), or names a hostile global (pickle_globals.h).
PickleRef read_pickle(PickleCursor& cursor, PickleHeap& heap);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_PICKLE_READER_H
