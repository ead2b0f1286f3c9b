#ifndef SSHOST_CONFORM_TEST_H
#define SSHOST_CONFORM_TEST_H

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "conform/subject.h"

namespace sshost::conform {

// A sentence of the contract, as it stands in one of its headers but for line breaks and stars.
struct Sentence {
  const char* header;  // "tensor.h"
  const char* text;
};

// One test of the suite. It ends where the plugin keeps the promise, and throws where it does not: Broken, Skipped, or
// any Error of the host, which is what was seen. It runs in a process of its own, which may also crash or hang.
struct Test {
  const char* name;  // "outputs"
  const char* text;  // what it does, in a line
  Sentence promise;
  const char*
      kinds;  // "backbone head memory dataset transform loss", those of them that it is for; empty: for the library as a whole
  void (*run)(const Subject& subject);

  bool is_for(std::string_view kind) const;
};

// The promise is not kept; `what` says what was seen.
class Broken : public Error {
 public:
  using Error::Error;
};

// There is nothing to test, and why.
class Skipped : public Error {
 public:
  using Error::Error;
};

// In the order in which they run: what others rely on comes first.
const std::vector<const Test*>& all_tests();

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_TEST_H
