#ifndef SSHOST_DISTRIBUTED_SHARED_CHECKPOINT_H
#define SSHOST_DISTRIBUTED_SHARED_CHECKPOINT_H

#include <filesystem>
#include <utility>

#include "state/ranks.h"

namespace sshost::distributed {

// A checkpoint that lies where rank 0 runs, on all ranks: others, which may be machines without that folder, get copies
// of the model's file and of the training state beside it. The copies are removed with this object.
class SharedCheckpoint {
 public:
  // `model_path` counts on rank 0 alone. Throws Error where a file cannot be read or written.
  SharedCheckpoint(const std::filesystem::path& model_path, const state::Ranks& ranks);
  ~SharedCheckpoint();
  SharedCheckpoint(const SharedCheckpoint&) = delete;
  SharedCheckpoint& operator=(const SharedCheckpoint&) = delete;

  // The model's file, here.
  const std::filesystem::path& model_path() const { return model_path_; }

 private:
  explicit SharedCheckpoint(std::filesystem::path copies) : copies_(std::move(copies)) {}

  std::filesystem::path model_path_;
  std::filesystem::path copies_;  // a folder; empty where there are none
};

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_SHARED_CHECKPOINT_H
