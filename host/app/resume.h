// Where a run begins or goes on: in which folder, from which checkpoint.
#ifndef SSHOST_APP_RESUME_H
#define SSHOST_APP_RESUME_H

#include <filesystem>
#include <string>
#include <string_view>

#include "config/pipeline.h"
#include "run/run_folder.h"
#include "run/session.h"

namespace sshost::app {

// Whether the pipeline's `run` has this step: "train", "evaluate", "predict".
bool does(const config::Pipeline& pipeline, std::string_view step);

// Whether the run goes on with a training.
bool resumes(const config::Pipeline& pipeline);

// The folder of the run, locked: a new one, or the one in which it goes on. UsageError where there is none to go on in,
// where the one that is named holds a run already, or where another process writes it.
run::RunFolder choose_folder(const run::Session& opened);

// The checkpoint that a training in this folder goes on from: the folder's newest, which goes before one that lies
// elsewhere, since that is what the run began with; else the pipeline's `checkpoint`. UsageError where there is
// neither, and where the folder holds later ones, which would count as newer: of two trainings in one folder.
std::filesystem::path checkpoint_to_resume(const config::Pipeline& pipeline, const run::RunFolder& folder);

// Takes out of the resolved pipeline that the run goes on from this checkpoint, where that is the folder's own: what it
// leaves is what an uninterrupted run does.
void forget_resume(config::Pipeline& pipeline, const run::RunFolder& folder, const std::filesystem::path& checkpoint);

// The keys of what a training computes that `pipeline` has otherwise than the checkpoint's, `before` (YAML), with both
// values; empty if there are none. How fast, how often and where to something is written is no part of it.
std::string changed_keys(const std::string& before, const config::Pipeline& pipeline);

}  // namespace sshost::app

#endif  // SSHOST_APP_RESUME_H
