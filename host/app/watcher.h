#ifndef SSHOST_APP_WATCHER_H
#define SSHOST_APP_WATCHER_H

#include <string_view>

#include "report/progress.h"

namespace sshost::app {

enum class Level {
  kDebug,
  kInfo,
  kProgress,  // how far a job is: who draws on_step and on_image needs it not
  kWarning,
  kError
};

// Whoever waits for a job: a console, or the callbacks of a library's user. The default ignores everything.
class Watcher {
 public:
  virtual ~Watcher() = default;

  // A line without a line break. Threads: any, several at once: plugins log from the loader's.
  virtual void on_line(Level /*level*/, std::string_view /*line*/) {}

  // What follows comes on the job's thread.
  virtual void on_step(const report::TrainingStatus& /*status*/) {}         // after each step
  virtual void on_evaluated(const report::EvaluationStatus& /*status*/) {}  // after each image
  virtual void on_predicted(const report::EvaluationStatus& /*status*/) {}  // after each image

  // What the job does next, where that takes a while: "building the model ...".
  virtual void on_task(std::string_view /*task*/) {}

  // Steps, images or tasks are over, or left for others.
  virtual void on_pause() {}

  // From now on there is something to save, and the job looks at its `stop`.
  virtual void on_begun() {}
};

}  // namespace sshost::app

#endif  // SSHOST_APP_WATCHER_H
