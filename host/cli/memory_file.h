#ifndef SSHOST_CLI_MEMORY_FILE_H
#define SSHOST_CLI_MEMORY_FILE_H

#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "checkpoint/class_memory.h"
#include "checkpoint/tensor_file.h"
#include "cli/session.h"
#include "report/table.h"

namespace sshost::cli {

// A checkpoint whose model has a class memory.
struct MemoryFile {
  std::string path;
  checkpoint::CheckpointInfo info;
  checkpoint::TensorFile file;
  std::vector<checkpoint::ClassMemory> memories;  // at least one
};

// Reads checkpoints of models alike: which of their buffers are the class memory, the first one's model tells, which is
// built from its pipeline with the libraries in `trust`, too. Throws UsageError where it has none, or where the classes
// of another differ.
std::vector<MemoryFile> read_memory_files(Session& session, const std::vector<std::string>& paths,
                                          const std::vector<std::string>& trust);

// The vectors of a memory by name: the classes', with "#2" behind it where a class has several. In the memory's order.
std::vector<std::string> vector_names(const MemoryFile& file, const checkpoint::ClassMemory& memory);

// "step-000100.safetensors: step 100, 11 classes".
std::string title_of(const MemoryFile& file);

// "memory.memory: 1 vector of 512 numbers for each class".
std::string title_of(const checkpoint::ClassMemory& memory);

// The table, set in a little: it stands below the memory's title.
void say(report::Console& console, const report::Table& table);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_MEMORY_FILE_H
