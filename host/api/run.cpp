#include <atomic>
#include <memory>
#include <string>

#include "api/cancel.h"
#include "api/error.h"
#include "api/job.h"
#include "api/named_pipeline.h"
#include "api/result.h"
#include "app/run_job.h"
#include "app/validation.h"

namespace sshost::api {
namespace {

std::unique_ptr<sshost_result> result_of(const app::RunResult& run) {
  auto result = std::make_unique<sshost_result>(sshost_result{text_of(to_json(run))});
  result->state = run.state;
  result->folder = run.folder.string();
  if (run.checkpoint) result->checkpoint = run.checkpoint->string();
  result->step = run.step;
  if (run.scores) result->scores = *run.scores;
  return result;
}

void run(const char* path, const sshost_options& options, const sshost_cancel* cancel, sshost_result** result) {
  require_not_cancelled(cancel);
  Job job(options);
  run::Session opened = job.open(request_to_run(path, options));
  const CallScope scope(options.threads > 0 ? 0 : opened.pipeline.threads, job.callbacks());
  app::RunJob work(job.log(), std::move(opened), {}, stop_of(cancel));
  const bool finished = work.run();
  const app::RunResult found = work.result();
  give(result, result_of(found));
  if (!finished) throw CallError(SSHOST_CANCELLED, found.state + ", cancelled by the caller: " + found.folder.string());
}

void validate(const char* path, const sshost_options& options, sshost_result** result) {
  Job job(options);
  const run::Session opened = job.open(request_to_run(path, options));
  const app::Validation found = app::validate(opened, path);
  app::say_libraries_beside(opened, job.log());
  give(result, std::make_unique<sshost_result>(sshost_result{text_of(to_json(found, &opened.pipeline.resolved))}));
}

}  // namespace
}  // namespace sshost::api

sshost_code sshost_run(const char* path, const sshost_options* options, const sshost_cancel* cancel,
                       sshost_result** result, sshost_error** error) {
  sshost::api::give_nothing(result);
  return sshost::api::guarded(error, [&] {
    if (path == nullptr) sshost::api::refuse("sshost_run: expected a path, found NULL");
    sshost::api::run(path, sshost::api::or_defaults(options), cancel, result);
  });
}

sshost_code sshost_validate(const char* path, const sshost_options* options, sshost_result** result,
                            sshost_error** error) {
  sshost::api::give_nothing(result);
  return sshost::api::guarded(error, [&] {
    if (path == nullptr) sshost::api::refuse("sshost_validate: expected a path, found NULL");
    sshost::api::validate(path, sshost::api::or_defaults(options), result);
  });
}
