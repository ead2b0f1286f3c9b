// The built sshost as several ranks on this machine.
#ifndef SSHOST_TESTS_DISTRIBUTED_LAUNCH_H
#define SSHOST_TESTS_DISTRIBUTED_LAUNCH_H

#include <cstdint>
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
// "<folder>/rank3". Those that still run are killed in the end.
class Launch {
 public:
  // None of them is started yet.
  Launch(const std::filesystem::path& folder, int count);

  // All of them with the same arguments.
  Launch(const std::filesystem::path& folder, int count, const std::vector<std::string>& arguments);
  ~Launch();
  Launch(const Launch&) = delete;
  Launch& operator=(const Launch&) = delete;

  // `more` goes before the usual variables.
  void start(int rank, const std::vector<std::string>& arguments, const std::map<std::string, std::string>& more = {});

  uint16_t port() const { return port_; }  // MASTER_PORT
  cli::Program& rank(int rank) { return *ranks_[static_cast<size_t>(rank)]; }

  // How the rank ended; for those that are started, in their order.
  cli::Outcome wait(int rank);
  std::vector<cli::Outcome> wait();

 private:
  const std::filesystem::path folder_;
  const uint16_t port_;
  std::vector<std::unique_ptr<cli::Program>> ranks_;
  std::vector<bool> has_ended_;
};

// The variables with which Python finds what scripts/fetch_pytorch.sh has installed; nothing where it has not.
std::map<std::string, std::string> python_environment();

}  // namespace sshost::test

#endif  // SSHOST_TESTS_DISTRIBUTED_LAUNCH_H
