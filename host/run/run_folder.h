#ifndef SSHOST_RUN_RUN_FOLDER_H
#define SSHOST_RUN_RUN_FOLDER_H

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "file/folder_lock.h"

namespace sshost::run {

// The folder that a run leaves behind:
//   pipeline.yaml   resolved, with all defaults
//   log.txt         what was printed
//   metrics.jsonl   one JSON object a line
//   image_scores.csv   of the last evaluation: a line for each image, the worst first
//   events.out.tfevents.*   the same for TensorBoard, a file for each process
//   checkpoints/    step-000100.safetensors and step-000100.train.safetensors; last.safetensors, a link to the newest,
//                   and best.safetensors where the best are kept
//   predictions/    where asked for
//   report.html
//   .lock           says which process writes it, and keeps others from doing so (file::FolderLock)
// Functions throw Error with the path. Threads: one at a time.
class RunFolder {
 public:
  // A new folder, locked: `output`, which may exist but not hold a run (UsageError); where it is empty, "runs/<name>-001" under
  // the working directory, or the next number that is free.
  static RunFolder create(const std::filesystem::path& output, std::string_view name);

  // A folder that holds a run, locked, to go on in it. UsageError where it does not, or where another process writes it.
  static RunFolder open(const std::filesystem::path& path);

  // The newest run of that name under the working directory's "runs" that trains, the one with the highest number, to
  // go on in it. UsageError where there is none.
  static RunFolder newest(std::string_view name);

  // A folder that holds a run, to look at: nothing in it is touched, since the run may still go on. UsageError where it
  // does not.
  static RunFolder view(const std::filesystem::path& path);

  // The folder of a run that another process writes: nothing is made or checked.
  static RunFolder written_elsewhere(const std::filesystem::path& path) { return RunFolder(path); }

  // False for those that only look, and where the file system keeps no locks: another process may write there then.
  bool is_locked() const { return lock_ && lock_->is_held(); }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path pipeline() const { return path_ / "pipeline.yaml"; }
  std::filesystem::path log() const { return path_ / "log.txt"; }
  std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path image_scores() const { return path_ / "image_scores.csv"; }
  std::filesystem::path report() const { return path_ / "report.html"; }
  std::filesystem::path predictions() const { return path_ / "predictions"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path checkpoint(int64_t step) const;  // the model's file

  void write_pipeline(std::string_view yaml) const;

  // Appends one line, whole or not at all, at once visible to whoever follows the file.
  void append_metrics(const nlohmann::json& line) const;

  // All lines that are JSON objects, in order; what a killed run left incomplete is none.
  std::vector<nlohmann::json> read_metrics() const;

  // Whether an evaluation behind that step is among them.
  bool has_evaluation(int64_t step) const;

  // Drops the lines of steps after `step`, which a run resumed there writes anew.
  void forget_metrics_after(int64_t step) const;

  // Steps of complete checkpoints (model and training state), ascending.
  std::vector<int64_t> checkpoint_steps() const;
  std::optional<std::filesystem::path> newest_checkpoint() const;

  // Removes all checkpoints but the newest `keep`, those of the steps `also`, and the one that is marked as the best.
  void prune_checkpoints(int64_t keep, const std::vector<int64_t>& also = {}) const;

  // "checkpoints/best.safetensors", a link to the checkpoint of that step.
  void mark_best(int64_t step) const;
  std::filesystem::path best() const { return checkpoints() / "best.safetensors"; }

  // "checkpoints/last.safetensors", likewise. Not every file system has links: without one there is none.
  void mark_last(int64_t step) const;
  std::filesystem::path last() const { return checkpoints() / "last.safetensors"; }

 private:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  static void require_no_run(const std::filesystem::path& path);
  void lock();

  std::filesystem::path path_;
  std::shared_ptr<const file::FolderLock> lock_;  // of those that write; released with the last copy
};

// What `path` says of a checkpoint: itself, or where it is a run's folder the run's best checkpoint, or else its last.
// UsageError where the folder holds no run, or one without a checkpoint.
std::filesystem::path checkpoint_file(const std::filesystem::path& path);

// The same, but of a folder the newest checkpoint that a run can go on from.
std::filesystem::path checkpoint_to_go_on_from(const std::filesystem::path& path);

}  // namespace sshost::run

#endif  // SSHOST_RUN_RUN_FOLDER_H
