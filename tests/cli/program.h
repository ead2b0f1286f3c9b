// The built sshost as a child process.
#ifndef SSHOST_TESTS_CLI_PROGRAM_H
#define SSHOST_TESTS_CLI_PROGRAM_H

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sshost::cli {

struct Outcome {
  int exit_code = -1;  // or minus the number of the signal that ended it
  std::string out;
  std::string err;
  int64_t peak_kib = 0;  // of its resident memory
};

// A program that was started in `folder`, with its output in files there.
class Program {
 public:
  Program(const std::filesystem::path& folder, const std::vector<std::string>& arguments)
      : Program(folder, SSHOST_PROGRAM, arguments, {}) {}

  // Any program of the PATH, with these variables beside those of the environment.
  Program(const std::filesystem::path& folder, const std::string& executable, const std::vector<std::string>& arguments,
          const std::map<std::string, std::string>& environment);

  // Its output so far.
  std::string out() const;
  void signal(int number) const;
  pid_t process() const { return process_; }
  // A line of /proc/<its number>/status without its name and the colon, such as "VmRSS"; empty once it has ended.
  std::string status(const std::string& name) const;
  bool is_running() const;
  Outcome wait();

 private:
  std::filesystem::path folder_;
  pid_t process_;
};

// Runs it to its end.
Outcome run_program(const std::filesystem::path& folder, const std::vector<std::string>& arguments);

}  // namespace sshost::cli

#endif  // SSHOST_TESTS_CLI_PROGRAM_H
