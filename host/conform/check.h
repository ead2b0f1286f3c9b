#ifndef SSHOST_CONFORM_CHECK_H
#define SSHOST_CONFORM_CHECK_H

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "conform/test.h"

namespace sshost::conform {

enum class Verdict { kPassed, kFailed, kSkipped };

struct Result {
  const Test* test;
  std::string component;  // "head psp"; empty: the library
  Verdict verdict;
  std::string seen;  // of a failure, or why it was skipped
  double seconds;
};

struct Request {
  std::filesystem::path library;
  std::string options;                     // YAML, for all components of the library
  std::vector<std::string> tests;          // by name; empty: all
  std::chrono::milliseconds time{60'000};  // for one test
  uint64_t bytes = uint64_t{8} << 30;      // for one test
};

// Runs the tests, each in a child process of its own, and gives what they found. `on_result` is told of each at once.
// Throws UsageError for a test that there is not, and where the library is no file.
// The calling process must have done no work of LibTorch, whose threads a fork does not have.
std::vector<Result> check_library(const Request& request, const std::function<void(const Result&)>& on_result);

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_CHECK_H
