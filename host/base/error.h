#ifndef SSHOST_BASE_ERROR_H
#define SSHOST_BASE_ERROR_H

#include <stdexcept>

namespace sshost {

// The work failed for a reason a person can act upon; the program ends with exit code 1. what() is the whole text
// shown: what was expected, what was found, where, and what to do.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command line or the pipeline is wrong, found before any work began; the program ends with exit code 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace sshost

#endif  // SSHOST_BASE_ERROR_H
