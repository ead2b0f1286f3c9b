#ifndef SSHOST_SERVE_JOB_QUEUE_H
#define SSHOST_SERVE_JOB_QUEUE_H

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <opencv2/core.hpp>
#include <vector>

namespace sshost::infer {
class Scores;
}

namespace sshost::serve {

class ServedModel;
using Clock = std::chrono::steady_clock;

// An image that waits for its model. Exactly one of the two functions is called, once.
struct Job {
  ServedModel* model = nullptr;
  cv::Mat image;  // as infer::Predictor takes it
  Clock::time_point deadline = {};
  std::function<void(const infer::Scores& scores)> use;     // on the thread that computes; what it throws goes to fail
  std::function<void(const std::exception_ptr& why)> fail;  // on any thread; throws nothing
};

// Images from many connections to the one thread that computes: bounded, first come, first served. Threads: any.
class JobQueue {
 public:
  explicit JobQueue(size_t capacity) : capacity_(capacity) {}

  // Takes all or none. Throws Refusal: 429 where they do not fit now, 413 where they never will.
  void push(std::vector<Job> jobs);

  // The next jobs, up to `most`, all of one model and images of one size: waits up to `wait` for the first and then,
  // where nothing was there at once, up to `gather` for more. Those whose deadline has passed are failed with 503. Empty where none came.
  std::vector<Job> take(size_t most, std::chrono::milliseconds gather, std::chrono::milliseconds wait);

  // Tells how long the work of the jobs of the last `take` took, for Retry-After.
  void worked(size_t count, double seconds);

  size_t size() const;

 private:
  int retry_after() const;
  void fail_late(std::unique_lock<std::mutex>& lock);
  bool has(size_t count) const { return jobs_.size() >= count; }

  const size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Job> jobs_;
  double seconds_each_ = 0.1;  // a moving mean
};

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_JOB_QUEUE_H
