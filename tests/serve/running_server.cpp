#include "serve/running_server.h"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace sshost::serve {

RunningServer::RunningServer(const std::vector<std::string>& words) {
  std::vector<std::string> all = {"serve", "--port", "0"};
  all.insert(all.end(), words.begin(), words.end());
  program_ = std::make_unique<cli::Program>(folder_.path(), all);
  const std::string before = "serving at http://127.0.0.1:";
  for (int i = 0; i < 1200 && port_ == 0; ++i) {
    const std::string out = program_->out();
    const size_t begin = out.find(before);
    if (begin != std::string::npos && out.find('\n', begin) != std::string::npos) {
      port_ = static_cast<uint16_t>(std::stoi(out.substr(begin + before.size())));
    } else if (!program_->is_running()) {
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  if (port_ != 0) return;
  program_->signal(SIGKILL);
  const cli::Outcome outcome = program_->wait();
  throw std::runtime_error("sshost serve: " + outcome.out + outcome.err);
}

RunningServer::~RunningServer() {
  if (!program_->is_running()) return;
  program_->signal(SIGKILL);
  program_->wait();
}

int64_t RunningServer::resident_kib() const { return std::stoll(program_->status("VmRSS")); }

void RunningServer::stop() const { program_->signal(SIGTERM); }

}  // namespace sshost::serve
