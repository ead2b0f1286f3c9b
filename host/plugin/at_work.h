#ifndef SSHOST_PLUGIN_AT_WORK_H
#define SSHOST_PLUGIN_AT_WORK_H

#include <chrono>
#include <string>
#include <vector>

namespace sshost::plugin {

// Which component of a plugin the calling thread is in, while this lives: for whoever has to say what crashed, ended
// the process or does not come back. Its operators, which the host runs for it, count as the component.
class AtWork {
 public:
  // `who` outlives this: "head psp (/plugins/psp.so)".
  explicit AtWork(const std::string& who);
  ~AtWork();
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;

  // nullptr outside of plugins. A signal handler may call it.
  static const char* on_this_thread();

  // A component that is at work now, and since when.
  struct Stay {
    std::string who;
    std::chrono::steady_clock::time_point since;
  };

  // Those of all threads. Threads: any; not in a child that was forked off.
  static std::vector<Stay> on_all_threads();

 private:
  const std::string* before_;
  std::chrono::steady_clock::time_point since_before_;
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_AT_WORK_H
