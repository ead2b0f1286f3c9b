#ifndef SSHOST_APP_MEMORY_FILES_H
#define SSHOST_APP_MEMORY_FILES_H

#include <memory>
#include <string>
#include <vector>

#include "app/log.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/class_memory.h"
#include "checkpoint/tensor_file.h"

namespace sshost::app {

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
std::vector<MemoryFile> read_memory_files(const std::vector<std::string>& paths, const std::vector<std::string>& trust,
                                          const std::shared_ptr<Log>& log);

// The first file with the weighted means of all memories in place of its own; as many weights as files.
checkpoint::TensorFile merge_memories(const std::vector<MemoryFile>& files, const std::vector<double>& weights);

}  // namespace sshost::app

#endif  // SSHOST_APP_MEMORY_FILES_H
