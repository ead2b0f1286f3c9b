#ifndef SSHOST_CLI_CONSOLE_WATCHER_H
#define SSHOST_CLI_CONSOLE_WATCHER_H

#include <string_view>

#include "app/watcher.h"
#include "cli/arguments.h"
#include "report/console.h"
#include "report/progress.h"

namespace sshost::cli {

// A person at the console: lines and, on a terminal, how far a job is. From the moment on that there is something to
// save, signals ask it to stop.
class ConsoleWatcher final : public app::Watcher {
 public:
  // On standard output, or on standard error beside a JSON document. `rank`: of one of several processes that share a
  // console. Rank 0 talks for all; others give their warnings and errors, beginning with "rank 3: ".
  ConsoleWatcher(const Talk& talk, int64_t rank);

  report::Console& console() { return console_; }

  void on_line(app::Level level, std::string_view line) override;
  void on_step(const report::TrainingStatus& status) override { progress_.step(status); }
  void on_evaluated(const report::EvaluationStatus& status) override { progress_.image(status); }
  void on_predicted(const report::EvaluationStatus& status) override { progress_.image(status); }
  void on_task(std::string_view task) override { console_.status(task); }
  void on_pause() override { progress_.done(); }
  void on_begun() override;

 private:
  bool shows(app::Level level) const;

  report::Console console_;
  report::Progress progress_;
  app::Level lowest_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_CONSOLE_WATCHER_H
