#ifndef SSHOST_TESTS_SERVE_RUNNING_SERVER_H
#define SSHOST_TESTS_SERVE_RUNNING_SERVER_H

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/program.h"
#include "serve/client.h"
#include "temp_folder.h"

namespace sshost::serve {

// `sshost serve` as a child process, at a port of its own. It is killed with this object, where it still runs.
class RunningServer {
 public:
  // The words behind "serve --port 0". Waits until it listens; throws std::runtime_error with what it said instead.
  explicit RunningServer(const std::vector<std::string>& words);
  ~RunningServer();

  uint16_t port() const { return port_; }
  Client client() const { return Client(port_); }
  bool is_running() const { return program_->is_running(); }
  int64_t resident_kib() const;

  void stop() const;  // SIGTERM
  cli::Outcome wait() { return program_->wait(); }

 private:
  test::TempFolder folder_;
  std::unique_ptr<cli::Program> program_;
  uint16_t port_ = 0;
};

}  // namespace sshost::serve

#endif  // SSHOST_TESTS_SERVE_RUNNING_SERVER_H
