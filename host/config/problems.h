#ifndef SSHOST_CONFIG_PROBLEMS_H
#define SSHOST_CONFIG_PROBLEMS_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/place.h"

namespace sshost::config {

// Collects what is wrong with a pipeline, so that one reading reports every mistake.
class Problems {
 public:
  // A mistake at `place`, in the value `key_path` ("model.head.channels"; empty for the whole file).
  void error(const Place& place, std::string_view key_path, std::string_view message);

  // One line that the user should see although nothing is wrong.
  void notice(std::string line);

  bool any() const { return !errors_.empty(); }
  std::size_t count() const { return errors_.size() + further_; }
  const std::vector<std::string>& notices() const { return notices_; }

  // The errors as "file:line:column: key.path: message", sorted by place; overrides come last. Of a great many the first
  // hundred, with a line that says how many more there are.
  std::vector<std::string> lines() const;

  // Throws a UsageError whose text is lines(), where there is any error.
  void throw_if_any() const;

 private:
  struct Entry {
    Place place;
    std::string text;
  };
  std::vector<Entry> errors_;
  std::size_t further_ = 0;  // that are counted and not kept
  std::vector<std::string> notices_;
};

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_PROBLEMS_H
