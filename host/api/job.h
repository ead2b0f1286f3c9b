#ifndef SSHOST_API_JOB_H
#define SSHOST_API_JOB_H

#include <memory>

#include "api/call_scope.h"
#include "api/callbacks.h"
#include "api/options.h"
#include "app/log.h"
#include "app/opened_pipeline.h"
#include "run/session.h"

namespace sshost::api {

// What holds while a call of the library does a job of its own, with a pipeline that it opens. When it is over, no line
// of a plugin reaches the caller any more, and the log's file is closed.
class Job {
 public:
  explicit Job(const sshost_options& options)
      : callbacks_(options.make_callbacks()),
        log_(std::make_shared<app::Log>(callbacks_)),
        scope_(options.threads, *callbacks_) {}
  ~Job() {
    callbacks_->close();
    log_->close_file();
  }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  run::Session open(const app::PipelineRequest& request) { return app::open_pipeline(request, log_); }
  plugin::Registry open_plugins(const run::PluginPlaces& places) {
    return run::open_plugins(places, app::log_function(log_));
  }
  app::Log& log() { return *log_; }
  Callbacks& callbacks() { return *callbacks_; }

 private:
  std::shared_ptr<Callbacks> callbacks_;
  std::shared_ptr<app::Log> log_;
  CallScope scope_;
};

}  // namespace sshost::api

#endif  // SSHOST_API_JOB_H
