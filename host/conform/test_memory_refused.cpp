#include <string>

#include "bridge/handle.h"
#include "conform/network.h"
#include "conform/test.h"
#include "state/allocation_limit.h"

namespace sshost::conform {
namespace {

constexpr const char* kReason = "this test refuses memory";

void run(const Subject& subject) {
  Network network(subject);
  const Inputs inputs = network.inputs();
  network.infer(inputs);
  for (int shift = 0; shift <= 24; shift += 2) {
    const int64_t before = bridge::live_handles();
    try {
      const state::AllocationLimit limit(uint64_t{1} << shift, kReason);
      network.infer(inputs);
    } catch (const Error& error) {
      const std::string text = error.what();
      if (text.find(kReason) == std::string::npos) throw Broken("where memory is refused: " + text);
    }
    const int64_t left = bridge::live_handles() - before;
    if (left != 0) throw Broken("where memory is refused, " + std::to_string(left) + " handles are not released");
  }
}

}  // namespace

extern const Test kMemoryRefused = {"memory_refused",
                                    "memory that is refused is a failure, not a crash or nothing",
                                    {"status.h", "Every function that can fail returns an ss_status."},
                                    "backbone head memory loss",
                                    run};

}  // namespace sshost::conform
