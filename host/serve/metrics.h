#ifndef SSHOST_SERVE_METRICS_H
#define SSHOST_SERVE_METRICS_H

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace sshost::serve {

// Sums over values, by upper bounds, as Prometheus has them.
class Histogram {
 public:
  void add(double value);
  // "<name>_bucket{...le="..."} n" and so on; `labels` without braces, may be empty.
  std::string text(const std::string& name, const std::string& labels) const;

 private:
  static constexpr std::array<double, 12> kBounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  std::array<uint64_t, kBounds.size()> counts_ = {};
  uint64_t count_ = 0;
  double sum_ = 0;
};

// What a server has done, for GET /metrics. Threads: any.
class Metrics {
 public:
  void add_request(const std::string& kind, int status, double seconds);
  void add_batch(const std::string& model, size_t images, double seconds);

  // Prometheus' text format. `waiting` images are in the queue.
  std::string text(size_t waiting) const;

 private:
  struct Work {
    uint64_t images = 0;
    uint64_t batches = 0;
    double seconds = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t> requests_;  // by kind and status
  std::map<std::string, Histogram> seconds_;                  // by kind
  std::map<std::string, Work> work_;                          // by model
};

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_METRICS_H
