#include "plugin/long_work.h"

#include <map>
#include <utility>

#include "plugin/at_work.h"

namespace sshost::plugin {
namespace {

using Clock = std::chrono::steady_clock;

std::string line_of(const AtWork::Stay& stay, Clock::duration passed) {
  return stay.who + " has been at work for " +
         std::to_string(std::chrono::duration_cast<std::chrono::seconds>(passed).count()) +
         " s without coming back; where that is not to be expected, Ctrl-C twice ends the process";
}

// Which calls have been told of, and when each is next.
class Told {
 public:
  explicit Told(std::chrono::milliseconds patience) : patience_(patience) {}

  bool is_due(const AtWork::Stay& stay, Clock::duration passed) {
    Clock::duration& next = next_.try_emplace({stay.who, stay.since}, patience_).first->second;
    if (passed < next) return false;
    next = 2 * passed;
    return true;
  }

 private:
  std::chrono::milliseconds patience_;
  std::map<std::pair<std::string, Clock::time_point>, Clock::duration> next_;
};

}  // namespace

LongWork::LongWork(std::chrono::milliseconds patience, std::function<void(const std::string& line)> say)
    : patience_(patience), say_(std::move(say)), thread_([this] { watch(); }) {}

LongWork::~LongWork() {
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void LongWork::watch() {
  Told told(patience_);
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, patience_ / 4, [this] { return ends_; })) {
    for (const AtWork::Stay& stay : AtWork::on_all_threads()) {
      const Clock::duration passed = Clock::now() - stay.since;
      if (passed >= patience_ && told.is_due(stay, passed)) say_(line_of(stay, passed));
    }
  }
}

}  // namespace sshost::plugin
