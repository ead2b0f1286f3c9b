#ifndef SSHOST_APP_NEW_PIPELINE_H
#define SSHOST_APP_NEW_PIPELINE_H

#include <cstdint>
#include <filesystem>
#include <memory>

#include "app/log.h"
#include "draft/draft.h"

namespace sshost::app {

// A first pipeline for a folder of pictures, in its file.
struct NewPipeline {
  std::filesystem::path file;
  draft::Draft draft;
};

// Looks at the folder and writes what it makes of it into `file`; empty: one that is called as the folder is, in the
// working directory. Throws UsageError where there is no such folder, no image with a label in it, or a file already.
NewPipeline write_new_pipeline(const std::filesystem::path& folder, const std::filesystem::path& file);

// Images of the splits.
struct SplitSizes {
  int64_t trained = 0;
  int64_t evaluated = 0;
};

// Opens the pipeline, puts what that tells (how images are divided, classes, the size of a batch) into it and its file,
// and reads a few samples of each split. Throws Error where they cannot be read as the pipeline says; a pipeline that is
// not valid is a mistake of the draft: UsageError, and the file is removed.
SplitSizes fit_new_pipeline(NewPipeline& made, const std::shared_ptr<Log>& log);

}  // namespace sshost::app

#endif  // SSHOST_APP_NEW_PIPELINE_H
