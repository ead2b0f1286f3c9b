#ifndef SSHOST_PLUGIN_LONG_WORK_H
#define SSHOST_PLUGIN_LONG_WORK_H

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace sshost::plugin {

// Says which component does not come back: an endless loop looks like work. While this lives, on a thread of its own.
class LongWork {
 public:
  // `say` is told of a component that has been in one call for `patience`, and again each time that this has doubled.
  // It is called on the own thread.
  LongWork(std::chrono::milliseconds patience, std::function<void(const std::string& line)> say);
  ~LongWork();
  LongWork(const LongWork&) = delete;
  LongWork& operator=(const LongWork&) = delete;

 private:
  void watch();

  std::chrono::milliseconds patience_;
  std::function<void(const std::string&)> say_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_LONG_WORK_H
