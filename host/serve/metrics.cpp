#include "serve/metrics.h"

#include <spdlog/fmt/fmt.h>

#include <string_view>

namespace sshost::serve {
namespace {

// As the value of a label.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    c == '\n' ? out += "\\n" : out += c;
  }
  return out + '"';
}

std::string heading(std::string_view name, std::string_view type, std::string_view help) {
  return fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

}  // namespace

void Histogram::add(double value) {
  for (size_t i = 0; i < kBounds.size(); ++i) counts_[i] += value <= kBounds[i] ? 1 : 0;
  ++count_;
  sum_ += value;
}

std::string Histogram::text(const std::string& name, const std::string& labels) const {
  std::string out;
  for (size_t i = 0; i < kBounds.size(); ++i) {
    out += fmt::format("{}_bucket{{{},le=\"{}\"}} {}\n", name, labels, kBounds[i], counts_[i]);
  }
  out += fmt::format("{}_bucket{{{},le=\"+Inf\"}} {}\n", name, labels, count_);
  return out + fmt::format("{0}_sum{{{1}}} {2}\n{0}_count{{{1}}} {3}\n", name, labels, sum_, count_);
}

void Metrics::add_request(const std::string& kind, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{kind, status}];
  seconds_[kind].add(seconds);
}

void Metrics::add_batch(const std::string& model, size_t images, double seconds) {
  const std::lock_guard lock(mutex_);
  Work& work = work_[model];
  work.images += images;
  ++work.batches;
  work.seconds += seconds;
}

std::string Metrics::text(size_t waiting) const {
  const std::lock_guard lock(mutex_);
  std::string out = heading("sshost_requests_total", "counter", "Requests that were answered.");
  for (const auto& [key, count] : requests_) {
    out += fmt::format("sshost_requests_total{{kind={},status=\"{}\"}} {}\n", quoted(key.first), key.second, count);
  }
  out += heading("sshost_request_seconds", "histogram", "From a request's last byte to its answer.");
  for (const auto& [kind, seconds] : seconds_) out += seconds.text("sshost_request_seconds", "kind=" + quoted(kind));
  out += heading("sshost_images_total", "counter", "Images that went through a model.");
  for (const auto& [model, work] : work_) {
    out += fmt::format("sshost_images_total{{model={}}} {}\n", quoted(model), work.images);
  }
  out += heading("sshost_batches_total", "counter", "Batches that went through a model.");
  for (const auto& [model, work] : work_) {
    out += fmt::format("sshost_batches_total{{model={}}} {}\n", quoted(model), work.batches);
  }
  out += heading("sshost_compute_seconds_total", "counter", "Time that models worked.");
  for (const auto& [model, work] : work_) {
    out += fmt::format("sshost_compute_seconds_total{{model={}}} {}\n", quoted(model), work.seconds);
  }
  out += heading("sshost_images_waiting", "gauge", "Images in the queue.");
  return out + fmt::format("sshost_images_waiting {}\n", waiting);
}

}  // namespace sshost::serve
