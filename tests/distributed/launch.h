// The built sshost as several ranks on this machine.
#ifndef SSHOST_TESTS_DISTRIBUTED_LAUNCH_H
#define SSHOST_TESTS_DISTRIBUTED_LAUNCH_H

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/program.h"

namespace sshost::test {

// A small pipeline with all that ranks share: batch norms, a memory with all its losses, an auxiliary head, labels with
// different numbers of ignored pixels. No dropout: ranks draw different numbers. 20 samples, 4 a step.
void write_pipeline(const std::filesystem::path& path);

// Ranks that were started by hand, with RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT. What rank 3 prints goes to
// "<folder>/rank3".
class Launch {
 public:
  Launch(const std::filesystem::path& folder, int count, const std::vector<std::string>& arguments);

  cli::Program& rank(int rank) { return *ranks_[static_cast<size_t>(rank)]; }
  std::vector<cli::Outcome> wait();

 private:
  std::vector<std::unique_ptr<cli::Program>> ranks_;
};

// The variables with which Python finds what scripts/fetch_pytorch.sh has installed; nothing where it has not.
std::map<std::string, std::string> python_environment();

}  // namespace sshost::test

#endif  // SSHOST_TESTS_DISTRIBUTED_LAUNCH_H
