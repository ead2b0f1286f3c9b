#ifndef SSHOST_CONFIG_PROBLEMS_H
#define SSHOST_CONFIG_PROBLEMS_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/place.h"

namespace sshost::config {

// One mistake in a pipeline.
struct Problem {
  Place place;
  std::string key_path;  // "model.head.channels"; empty for the whole file
  std::string message;
};

// "file:line:column: key.path: message"
std::string to_string(const Problem& problem);

// The mistakes of a pipeline: what() has a line for each, and of a great many says how many more there are.
class PipelineError : public UsageError {
 public:
  explicit PipelineError(Problem problem);
  PipelineError(const std::string& text, std::vector<Problem> problems);

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

// Collects what is wrong with a pipeline, so that one reading reports every mistake.
class Problems {
 public:
  // A mistake at `place`, in the value `key_path` ("model.head.channels"; empty for the whole file).
  void error(const Place& place, std::string_view key_path, std::string_view message);

  // One line that the user should see although nothing is wrong.
  void notice(std::string line);

  bool any() const { return !errors_.empty(); }
  std::size_t count() const { return errors_.size(); }
  const std::vector<std::string>& notices() const { return notices_; }

  // Sorted by place; overrides come last.
  std::vector<Problem> sorted() const;

  // The same as "file:line:column: key.path: message". Of a great many the first hundred are kept, and a line says how
  // many more there are.
  std::vector<std::string> lines() const;

  // Throws a PipelineError, where there is any error.
  void throw_if_any() const;

 private:
  std::vector<Problem> errors_;
  std::size_t further_ = 0;  // that are counted and not kept
  std::vector<std::string> notices_;
};

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_PROBLEMS_H
