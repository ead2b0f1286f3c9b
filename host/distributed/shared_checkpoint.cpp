#include "distributed/shared_checkpoint.h"

#include <stdlib.h>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "file/atomic_file.h"
#include "file/regular_file.h"

namespace sshost::distributed {
namespace {

namespace fs = std::filesystem;

fs::path make_folder() {
  std::string pattern = (fs::temp_directory_path() / "sshost-checkpoint-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw Error("cannot make a folder like " + pattern);
  return pattern;
}

}  // namespace

// By way of the other constructor, so that the folder goes away too where the copying fails.
SharedCheckpoint::SharedCheckpoint(const fs::path& model_path, const state::Ranks& ranks)
    : SharedCheckpoint(ranks.is_first() ? fs::path() : make_folder()) {
  model_path_ = ranks.is_first() ? model_path : copies_ / "checkpoint.safetensors";
  if (ranks.alone()) return;
  for (const fs::path& path : {model_path_, checkpoint::training_state_path(model_path_)}) {
    const std::string bytes = ranks.broadcast(ranks.is_first() ? file::read_file(path) : "");
    if (!ranks.is_first()) file::write_file(path, bytes);
  }
}

SharedCheckpoint::~SharedCheckpoint() {
  std::error_code ignored;
  if (!copies_.empty()) fs::remove_all(copies_, ignored);
}

}  // namespace sshost::distributed
