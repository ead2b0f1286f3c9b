#ifndef SSHOST_REPORT_PROGRESS_H
#define SSHOST_REPORT_PROGRESS_H

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "report/console.h"

namespace sshost::report {

// What a step has of late, such as its seconds: a moving average that soon forgets the first steps.
class Recent {
 public:
  void add(double value);
  double mean() const { return weight_ > 0 ? sum_ / weight_ : 0; }  // 0 before the first step

 private:
  double sum_ = 0;
  double weight_ = 0;
};

struct TrainingStatus {
  int64_t step = 0;   // done
  int64_t steps = 0;  // of all
  int64_t epoch = 0;
  int64_t epochs = 0;
  int64_t images = 0;  // of the step
  double learning_rate = 0;
  double loss = 0;
  std::vector<std::pair<std::string, double>> losses;
  double seconds = 0;  // of the step
  double loading_seconds = 0;
};

struct EvaluationStatus {
  int64_t done = 0;  // images
  int64_t total = 0;
  double seconds = 0;  // since it began
};

// "1:04:09", "0:42"
std::string clock_time(double seconds);

// "━━━━━╸      " of `width` columns.
std::string bar(double fraction, int width);

// The status line of a terminal, and the plain line for a log.
std::string training_bar(const TrainingStatus& status, double pace);
std::string training_line(const TrainingStatus& status, double pace);
std::string evaluation_bar(const EvaluationStatus& status);
std::string evaluation_line(const EvaluationStatus& status);

// The plain lines of an evaluation, for a log. Threads: one at a time.
class EvaluationLines {
 public:
  // After every image. Gives the line where one is due: at each tenth of the way, where that takes some seconds.
  std::string add(const EvaluationStatus& status);

 private:
  int64_t last_tenth_ = 0;
  double last_line_ = 0;  // when, in seconds since the evaluation began
};

// Shows how far a run is: on a terminal a status line, redrawn a few times a second. Threads: one at a time.
class Progress {
 public:
  explicit Progress(Console& console) : console_(console) {}

  void step(const TrainingStatus& status);     // after every step
  void image(const EvaluationStatus& status);  // after every image
  void done() { console_.clear_status(); }

 private:
  bool is_time_to_draw();

  Console& console_;
  Recent pace_;
  Recent loss_;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace sshost::report

#endif  // SSHOST_REPORT_PROGRESS_H
