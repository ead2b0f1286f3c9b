#include "cli/memory_file.h"

#include <ATen/core/Tensor.h>

#include <filesystem>

#include "base/error.h"
#include "run/model.h"
#include "run/run_folder.h"

namespace sshost::cli {
namespace {

std::vector<std::string> names_in(Session& session, const MemoryFile& file, const std::vector<std::string>& trust) {
  const checkpoint::CheckpointInfo& info = file.info;
  const auto classes = static_cast<int64_t>(info.dataset.classes.size());
  PipelineArguments arguments;
  arguments.checkpoint = file.path;
  arguments.trust = trust;
  const run::Session opened = session.open_pipeline(arguments);
  app::say_changed_libraries(opened, info, session.log());
  const auto model = run::build_model(opened, classes);
  std::vector<std::string> names = checkpoint::class_memory_names(model->store, classes);
  checkpoint::require_shapes(file.file, names, model->store, file.path);
  if (!names.empty()) return names;
  throw UsageError(file.path +
                   ": the model has no class memory, a buffer of `model.memory` with a row for each of its " +
                   std::to_string(classes) + " classes");
}

}  // namespace

std::vector<MemoryFile> read_memory_files(Session& session, const std::vector<std::string>& paths,
                                          const std::vector<std::string>& trust) {
  std::vector<MemoryFile> files;
  std::vector<std::string> names;
  for (const std::string& given : paths) {
    const std::string path = run::checkpoint_file(given);
    MemoryFile file{path, checkpoint::read_checkpoint_info(path), checkpoint::read_tensor_file(path), {}};
    if (files.empty()) names = names_in(session, file, trust);
    if (!files.empty() &&
        data::class_names(file.info.dataset.classes) != data::class_names(files[0].info.dataset.classes)) {
      throw UsageError(path + ": expected the classes of " + files[0].path + ", found others");
    }
    file.memories = checkpoint::class_memories(file.file, names, path);
    for (size_t i = 0; i < file.memories.size() && !files.empty(); ++i) {
      if (file.memories[i].vectors.sizes() == files[0].memories[i].vectors.sizes()) continue;
      throw UsageError(path + ": " + names[i] + " has another shape than in " + files[0].path);
    }
    files.push_back(std::move(file));
  }
  return files;
}

std::vector<std::string> vector_names(const MemoryFile& file, const checkpoint::ClassMemory& memory) {
  std::vector<std::string> names;
  for (const data::Class& entry : file.info.dataset.classes) {
    for (int64_t j = 0; j < memory.vectors.size(1); ++j) {
      names.push_back(memory.vectors.size(1) == 1 ? entry.name : entry.name + " #" + std::to_string(j + 1));
    }
  }
  return names;
}

std::string title_of(const MemoryFile& file) {
  return std::filesystem::path(file.path).filename().string() + ": step " + std::to_string(file.info.step) + ", " +
         std::to_string(file.info.dataset.classes.size()) + " classes";
}

std::string title_of(const checkpoint::ClassMemory& memory) {
  const int64_t vectors = memory.vectors.size(1);
  return memory.name + ": " + std::to_string(vectors) + (vectors == 1 ? " vector of " : " vectors of ") +
         std::to_string(memory.vectors.size(2)) + " numbers for each class";
}

void say(report::Console& console, const report::Table& table) {
  for (const std::string& line : to_lines(table)) console.line("  " + line);
}

}  // namespace sshost::cli
