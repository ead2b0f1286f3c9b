#ifndef SSHOST_PLUGIN_KEPT_PROCESS_H
#define SSHOST_PLUGIN_KEPT_PROCESS_H

#include <sys/types.h>

#include <array>
#include <cfenv>
#include <csignal>
#include <string>
#include <vector>

namespace sshost::plugin {

// What belongs to the whole process and is not a plugin's to change: the working directory, the locale, what signals
// do, the mask of new files, and how this thread rounds. Taken down when this is made, and put back when it ends.
// Threads: one at a time.
class KeptProcess {
 public:
  KeptProcess();
  ~KeptProcess();
  KeptProcess(const KeptProcess&) = delete;
  KeptProcess& operator=(const KeptProcess&) = delete;

  // Puts back what has changed since, and names it: "the working directory", "what SIGINT does".
  std::vector<std::string> restore();

 private:
  bool restore_folder() const;
  bool restore_locale() const;
  bool restore_mask() const;
  bool restore_rounding() const;
  std::vector<std::string> restore_signals() const;

  int folder_;  // a descriptor; negative where the working directory cannot be opened
  std::string locale_;
  mode_t mask_;
  std::fenv_t rounding_{};
  std::array<struct sigaction, NSIG> signals_{};
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_KEPT_PROCESS_H
