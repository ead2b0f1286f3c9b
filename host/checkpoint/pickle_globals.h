#ifndef SSHOST_CHECKPOINT_PICKLE_GLOBALS_H
#define SSHOST_CHECKPOINT_PICKLE_GLOBALS_H

#include <string_view>

namespace sshost::checkpoint {

// Whether a pickle names something that no checkpoint has a use for but an attack has: a function that runs commands or
// code, loads modules, opens files or connections. Nothing is ever called here; it is refused so that its owner hears
// of it before another program loads the file.
bool is_hostile_global(std::string_view module, std::string_view name);

// Whether "module.name" is Python's getattr, by which pickles of protocols below 4 name what a class holds:
// getattr(HistoryBuffer, "mean").
bool is_getattr(std::string_view global);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_PICKLE_GLOBALS_H
