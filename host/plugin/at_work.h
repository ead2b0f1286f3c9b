#ifndef SSHOST_PLUGIN_AT_WORK_H
#define SSHOST_PLUGIN_AT_WORK_H

#include <string>
#include <utility>

namespace sshost::plugin {

// Which component of a plugin the calling thread is in, while this lives: for whoever has to say what crashed. Its
// operators, which the host runs for it, count as the component.
class AtWork {
 public:
  // `who` outlives this: "head psp (/plugins/psp.so)".
  explicit AtWork(const std::string& who) : before_(std::exchange(current, who.c_str())) {}
  ~AtWork() { current = before_; }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;

  // nullptr outside of plugins. A signal handler may call it.
  static const char* on_this_thread() { return current; }

 private:
  inline static constinit thread_local const char* current = nullptr;
  const char* before_;
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_AT_WORK_H
