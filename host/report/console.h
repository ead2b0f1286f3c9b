#ifndef SSHOST_REPORT_CONSOLE_H
#define SSHOST_REPORT_CONSOLE_H

#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

namespace sshost::report {

// Where a run talks to a person: lines, and on a terminal one status line below them that is drawn over itself. What is
// said may come from anywhere: a terminal obeys none of it (printable).
// Threads: any; plugins log from the loader's.
class Console {
 public:
  // `stream` outlives the console. Whether it is a terminal decides on status lines. A `speaker` shares the stream with
  // other processes: its lines begin with "<speaker>: ", and it draws no status.
  explicit Console(std::FILE* stream, std::string speaker = "");
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  bool is_terminal() const { return terminal_; }

  // Columns that a status line may take; 80 where the terminal does not say.
  int width() const;

  // A line that stays, above the status line.
  void line(std::string_view text);

  // Replaces the status line; nothing where this is no terminal. No line breaks; cut to the terminal's width.
  void status(std::string_view text);

  // From now on there is none.
  void hide_status() { shows_status_ = false; }

  // Removes the status line.
  void clear_status();

 private:
  void erase();

  std::FILE* stream_;
  std::string prefix_;  // of each line
  bool terminal_;
  bool shows_status_ = true;
  std::mutex mutex_;
  std::string status_;
};

// The first `columns` characters of UTF-8 text, each counted as one column.
std::string_view first_columns(std::string_view text, int columns);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_CONSOLE_H
