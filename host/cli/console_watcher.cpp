#include "cli/console_watcher.h"

#include <cstdio>
#include <string>

#include "cli/interrupt.h"

namespace sshost::cli {
namespace {

app::Level lowest_level(const Talk& talk, int64_t rank) {
  if (rank != 0 || talk.quiet) return app::Level::kWarning;
  return talk.verbose ? app::Level::kDebug : app::Level::kInfo;
}

}  // namespace

ConsoleWatcher::ConsoleWatcher(const Talk& talk, int64_t rank)
    : console_(talk.json ? stderr : stdout, rank == 0 ? "" : "rank " + std::to_string(rank)),
      progress_(console_),
      lowest_(lowest_level(talk, rank)) {
  if (talk.quiet) console_.hide_status();
}

// A terminal shows a bar instead of progress.
bool ConsoleWatcher::shows(app::Level level) const {
  const bool is_drawn = level == app::Level::kProgress && lowest_ == app::Level::kInfo && console_.is_terminal();
  return level >= lowest_ && !is_drawn;
}

void ConsoleWatcher::on_line(app::Level level, std::string_view line) {
  if (!shows(level)) return;
  if (level < app::Level::kWarning) return console_.line(line);
  console_.line((level == app::Level::kWarning ? "warning: " : "error: ") + std::string(line));
}

void ConsoleWatcher::on_begun() { stop_on_signals(); }

}  // namespace sshost::cli
