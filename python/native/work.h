#ifndef SSHOST_PYTHON_WORK_H
#define SSHOST_PYTHON_WORK_H

#include <functional>

#include "native.h"

namespace sshost::python {

// Runs a call of the library that takes long, and tells `progress`, a function of (phase, step, steps, loss,
// learning_rate, epoch, epochs, seconds) or None, how far it is. The GIL is held by the caller.
//
// On Python's main thread, which alone hears of signals, the work gets a thread of its own. Ctrl-C, and whatever else a
// signal's handler or `progress` raises, asks the work to stop, and is thrown when it has; `work` has then saved where
// it was.
Result work_with(nb::object progress, Cancel& cancel, const std::function<Result()>& work);

// For options: tells the function of the work that runs on the calling thread.
void tell_progress(const sshost_progress& progress);

}  // namespace sshost::python

#endif  // SSHOST_PYTHON_WORK_H
