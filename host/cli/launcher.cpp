// The program `sshost`: reads the command line, says helps, the version, completions and what is wrong with the command
// line, and executes libexec/sshost/sshost-main for all else. It links no LibTorch, which takes a while to load and has to
// find the settings of its threads in the environment.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/streams.h"
#include "cli/threads.h"
#include "cli/version.h"

namespace sshost::cli {
namespace {

// Beside this program's own folder, not that of a link to it.
std::filesystem::path main_program() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "libexec/sshost/sshost-main";
}

// Does not return where it can be executed.
void execute_main_program(char** arguments) {
  const std::filesystem::path program = main_program();
  pin_operator_threads();
  execv(program.c_str(), arguments);
  throw Error(program.string() + " cannot be executed: " + std::strerror(errno) + "; it belongs beside " +
              program.parent_path().parent_path().parent_path().string() + "/bin");
}

int done(int code) {
  require_written_output();
  return code;
}

// Libraries that the program loads end the process where there is none.
void require_working_directory() {
  std::error_code error;
  if (const auto folder = std::filesystem::current_path(error); !error) return;
  throw UsageError("the working directory is gone (" + error.message() + "); change into one that is there");
}

int launch(const std::vector<std::string>& words, char** arguments) {
  ProgramLine line(Works{}, version_text());
  if (!line.parse(words)) return done(kDone);
  if (line.can_run()) return done(line.run());
  require_working_directory();
  execute_main_program(arguments);
  return kFailed;
}

}  // namespace
}  // namespace sshost::cli

int main(int count, char** arguments) {
  using namespace sshost::cli;
  open_standard_descriptors();  // first of all: what is executed inherits them
  const std::vector<std::string> words(arguments + 1, arguments + count);
  try {
    return launch(words, arguments);
  } catch (const sshost::UsageError& error) {
    return tell(failure_of(error), asks_for_json(words));
  } catch (const std::exception& error) {
    return tell({kFailed, error.what()}, asks_for_json(words));
  }
}
