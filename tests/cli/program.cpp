#include "cli/program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

#include "temp_folder.h"

namespace sshost::cli {
namespace {

void redirect(const std::filesystem::path& file, int descriptor) {
  const int opened = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(opened, descriptor);
}

}  // namespace

Program::Program(const std::filesystem::path& folder, const std::string& executable,
                 const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment)
    : folder_(folder), process_(fork()) {
  if (process_ != 0) return;
  std::vector<char*> words{const_cast<char*>(executable.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  redirect(folder / "stdout", STDOUT_FILENO);
  redirect(folder / "stderr", STDERR_FILENO);
  setenv("XDG_STATE_HOME", SSHOST_BINARY_DIR "/tests/state", 1);  // not that of whoever runs the tests
  setenv("XDG_CONFIG_HOME", SSHOST_BINARY_DIR "/tests/config", 1);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  if (chdir(folder.c_str()) == 0) execvp(executable.c_str(), words.data());
  _exit(127);
}

std::string Program::out() const { return test::read_bytes(folder_ / "stdout"); }

void Program::signal(int number) const { kill(process_, number); }

std::string Program::status(const std::string& name) const {
  std::ifstream file("/proc/" + std::to_string(process_) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":")) return line.substr(name.size() + 1);
  }
  return {};
}

bool Program::is_running() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

Outcome Program::wait() {
  int status = 0;
  rusage usage{};
  wait4(process_, &status, 0, &usage);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return {code, out(), test::read_bytes(folder_ / "stderr"), usage.ru_maxrss};
}

Outcome run_program(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  return Program(folder, arguments).wait();
}

}  // namespace sshost::cli
