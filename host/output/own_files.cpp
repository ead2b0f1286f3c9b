#include "output/own_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "output/prediction_rows.h"

namespace sshost::output {
namespace {

struct OutputFile {
  std::string path;  // normal
  size_t source;
  std::optional<bool> by_rows;  // written in that way only; nothing: in either
};

using Paths = std::vector<std::filesystem::path>;
using FileNumber = std::pair<dev_t, ino_t>;

// What tells a file under all its names: through links, and where names are folded. Nothing where there is no file.
std::optional<FileNumber> number_of(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileNumber(status.st_dev, status.st_ino);
}

class OwnFiles {
 public:
  using FoldsNames = std::function<bool(const std::filesystem::path&)>;

  OwnFiles(const PredictionOptions& options, const std::vector<PredictionSource>& sources,
           const FoldsNames& folds_names)
      : options_(options), sources_(sources), folds_names_(folds_names) {
    for (size_t i = 0; i < sources.size(); ++i) add(i);
  }

  void require_not_read(const Paths& read) const {
    std::set<FileNumber> kept;
    for (const std::filesystem::path& path : read) {
      if (const auto number = number_of(path)) kept.insert(*number);
    }
    for (const auto& [folded, files] : groups_) {
      for (const OutputFile& file : files) {
        const auto number = number_of(file.path);
        if (!number || !kept.contains(*number) || !is_written(file)) continue;
        throw UsageError("the prediction of " + sources_[file.source].input + " would overwrite " + file.path +
                         ", which is to be read; name another folder by --output");
      }
    }
  }

  void require_apart() {
    for (const auto& [folded, files] : groups_) {
      for (size_t later = 1; later < files.size(); ++later) {
        for (size_t i = 0; i < later; ++i) require_apart(files[i], files[later]);
      }
    }
  }

 private:
  void add(size_t source) {
    const Paths whole = files_of(options_, sources_[source].id);
    const Paths rows = sources_[source].is_by_rows ? PredictionRows::files_of(options_, sources_[source].id) : whole;
    const auto has = [](const Paths& paths, const std::filesystem::path& path) {
      return std::find(paths.begin(), paths.end(), path) != paths.end();
    };
    for (const auto& path : whole) {
      add({path.lexically_normal(), source, has(rows, path) ? std::nullopt : std::optional(false)});
    }
    for (const auto& path : rows) {
      if (!has(whole, path)) add({path.lexically_normal(), source, true});
    }
  }

  void add(OutputFile file) { groups_[file::folded_name(file.path)].push_back(std::move(file)); }

  void require_apart(const OutputFile& one, const OutputFile& other) {
    if (one.source == other.source || !is_written(one) || !is_written(other)) return;
    const bool is_same = one.path == other.path;
    if (!is_same && !folds_names()) return;
    throw UsageError("the predictions of " + sources_[one.source].input + " and " + sources_[other.source].input +
                     " would both be written to " + one.path +
                     (is_same ? "" : ", which on this file system is " + other.path + " too") +
                     "; predict them one by one, each with its own --output");
  }

  bool is_written(const OutputFile& file) const {
    if (!file.by_rows) return true;
    const auto& ask = sources_[file.source].is_by_rows;
    return (ask && ask()) == *file.by_rows;
  }

  bool folds_names() {
    if (!folds_) folds_ = folds_names_(options_.folder);
    return *folds_;
  }

  const PredictionOptions& options_;
  const std::vector<PredictionSource>& sources_;
  const FoldsNames& folds_names_;
  std::map<std::string, std::vector<OutputFile>> groups_;  // by their folded names
  std::optional<bool> folds_;                              // once it matters
};

}  // namespace

void require_own_files(const PredictionOptions& options, const std::vector<PredictionSource>& sources,
                       const std::vector<std::filesystem::path>& read,
                       const std::function<bool(const std::filesystem::path&)>& folds_names) {
  OwnFiles files(options, sources, folds_names);
  files.require_not_read(read);
  files.require_apart();
}

}  // namespace sshost::output
