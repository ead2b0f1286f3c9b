#ifndef SSHOST_CLI_MEMORY_TEXT_H
#define SSHOST_CLI_MEMORY_TEXT_H

#include <string>
#include <vector>

#include "app/memory_files.h"
#include "checkpoint/class_memory.h"
#include "report/console.h"
#include "report/table.h"

// Class memories of checkpoints, as a person reads of them.
namespace sshost::cli {

// The vectors of a memory by name: the classes', with "#2" behind it where a class has several. In the memory's order.
std::vector<std::string> vector_names(const app::MemoryFile& file, const checkpoint::ClassMemory& memory);

// "step-000100.safetensors: step 100, 11 classes".
std::string title_of(const app::MemoryFile& file);

// "memory.memory: 1 vector of 512 numbers for each class".
std::string title_of(const checkpoint::ClassMemory& memory);

// The table, set in a little: it stands below the memory's title.
void say(report::Console& console, const report::Table& table);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_MEMORY_TEXT_H
