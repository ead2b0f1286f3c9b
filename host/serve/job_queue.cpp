#include "serve/job_queue.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "serve/message.h"

namespace sshost::serve {

void JobQueue::push(std::vector<Job> jobs) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs.size() > capacity_) {
      throw Refusal(413, "expected at most " + std::to_string(capacity_) + " images in a request, found " +
                             std::to_string(jobs.size()));
    }
    if (jobs_.size() + jobs.size() > capacity_) {
      throw Refusal(429, std::to_string(jobs_.size()) + " images are waiting, and no more are taken now",
                    retry_after());
    }
    std::move(jobs.begin(), jobs.end(), std::back_inserter(jobs_));
  }
  came_.notify_one();
}

std::vector<Job> JobQueue::take(size_t most, std::chrono::milliseconds gather, std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  const bool has_backlog = has(1);  // it has been waited for already, while others were worked on
  if (!came_.wait_for(lock, wait, [&] { return has(1); })) return {};
  if (!has_backlog) came_.wait_for(lock, gather, [&] { return has(most); });
  fail_late(lock);
  std::vector<Job> taken;
  for (auto job = jobs_.begin(); job != jobs_.end() && taken.size() < most;) {
    const bool fits = taken.empty() || (job->model == taken[0].model && job->image.size() == taken[0].image.size());
    if (!fits) {
      ++job;
      continue;
    }
    taken.push_back(std::move(*job));
    job = jobs_.erase(job);
  }
  return taken;
}

void JobQueue::worked(size_t count, double seconds) {
  const std::lock_guard lock(mutex_);
  seconds_each_ += 0.2 * (seconds / static_cast<double>(std::max<size_t>(count, 1)) - seconds_each_);
}

size_t JobQueue::size() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

// When what waits now will have been worked on.
int JobQueue::retry_after() const {
  const double seconds = std::ceil(seconds_each_ * static_cast<double>(jobs_.size()));
  return static_cast<int>(std::clamp(seconds, 1.0, 600.0));
}

void JobQueue::fail_late(std::unique_lock<std::mutex>& lock) {
  const auto now = Clock::now();
  const auto late =
      std::stable_partition(jobs_.begin(), jobs_.end(), [&](const Job& job) { return job.deadline > now; });
  std::vector<Job> failed(std::make_move_iterator(late), std::make_move_iterator(jobs_.end()));
  jobs_.erase(late, jobs_.end());
  const int after = retry_after();
  lock.unlock();
  for (const Job& job : failed) {
    job.fail(std::make_exception_ptr(Refusal(503, "the image waited for longer than a request may take", after)));
  }
  lock.lock();
}

}  // namespace sshost::serve
