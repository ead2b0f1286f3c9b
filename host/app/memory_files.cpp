#include "app/memory_files.h"

#include <ATen/core/Tensor.h>

#include <utility>

#include "app/opened_pipeline.h"
#include "base/error.h"
#include "run/model.h"
#include "run/run_folder.h"

namespace sshost::app {
namespace {

std::vector<std::string> names_in(const MemoryFile& file, const std::vector<std::string>& trust,
                                  const std::shared_ptr<Log>& log) {
  const checkpoint::CheckpointInfo& info = file.info;
  const auto classes = static_cast<int64_t>(info.dataset.classes.size());
  const run::Session opened = open_pipeline({.file = {}, .checkpoint = file.path, .trust = trust}, log);
  say_changed_libraries(opened, info, *log);
  const auto model = run::build_model(opened, classes);
  std::vector<std::string> names = checkpoint::class_memory_names(model->store, classes);
  checkpoint::require_shapes(file.file, names, model->store, file.path);
  checkpoint::require_fit(file.path, model->store);
  if (!names.empty()) return names;
  throw UsageError(file.path +
                   ": the model has no class memory, a buffer of `model.memory` with a row for each of its " +
                   std::to_string(classes) + " classes");
}

void require_alike(const MemoryFile& file, const MemoryFile& first) {
  if (data::class_names(file.info.dataset.classes) != data::class_names(first.info.dataset.classes)) {
    throw UsageError(file.path + ": expected the classes of " + first.path + ", found others");
  }
}

void require_same_shapes(const MemoryFile& file, const MemoryFile& first) {
  for (size_t i = 0; i < file.memories.size(); ++i) {
    if (file.memories[i].vectors.sizes() == first.memories[i].vectors.sizes()) continue;
    throw UsageError(file.path + ": " + file.memories[i].name + " has another shape than in " + first.path);
  }
}

void replace(checkpoint::TensorFile& file, const std::string& name, const at::Tensor& values) {
  for (auto& [key, tensor] : file.tensors) {
    if (key == name) tensor = values.view(tensor.sizes()).to(tensor.scalar_type());
  }
}

}  // namespace

std::vector<MemoryFile> read_memory_files(const std::vector<std::string>& paths, const std::vector<std::string>& trust,
                                          const std::shared_ptr<Log>& log) {
  std::vector<MemoryFile> files;
  std::vector<std::string> names;
  for (const std::string& given : paths) {
    const std::string path = run::checkpoint_file(given);
    const checkpoint::TensorIndex index = checkpoint::read_tensor_index(checkpoint::FileSource(path));
    MemoryFile file{path, checkpoint::read_checkpoint_info(path), checkpoint::outline_of(index), {}};
    if (files.empty()) names = names_in(file, trust, log);
    file.file = checkpoint::read_tensor_file(path);
    if (!files.empty()) require_alike(file, files[0]);
    file.memories = checkpoint::class_memories(file.file, names, path);
    if (!files.empty()) require_same_shapes(file, files[0]);
    files.push_back(std::move(file));
  }
  return files;
}

checkpoint::TensorFile merge_memories(const std::vector<MemoryFile>& files, const std::vector<double>& weights) {
  checkpoint::TensorFile merged = files[0].file;
  for (size_t m = 0; m < files[0].memories.size(); ++m) {
    std::vector<at::Tensor> memories;
    for (const MemoryFile& file : files) memories.push_back(file.memories[m].vectors);
    replace(merged, files[0].memories[m].name, checkpoint::weighted_mean(memories, weights));
  }
  return merged;
}

}  // namespace sshost::app
