#ifndef SSHOST_SERVE_SERVICE_H
#define SSHOST_SERVE_SERVICE_H

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "serve/job_queue.h"
#include "serve/message.h"
#include "serve/metrics.h"
#include "serve/served_model.h"
#include "serve/settings.h"

namespace sshost::serve {

// Runs something soon on a thread that answers requests, not on the one that computes.
using Post = std::function<void(std::function<void()>)>;

// What is served, without the network: requests in, responses out. `handle` may be called on any thread; `work` is
// called by one.
class Service {
 public:
  Service(const Settings& settings, std::vector<std::unique_ptr<ServedModel>> models);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Answers at once, or later from `post`.
  void handle(std::shared_ptr<const Request> request, const Post& post, Reply reply);

  // Waits a moment for images and puts what is there through its model.
  void work();

  // From now on it says that it is not ready; requests are taken all the same, until whoever listens does no more.
  void stop_being_ready() { is_ready_ = false; }

  // Requests whose answer is yet to come.
  size_t unanswered() const { return unanswered_; }

 private:
  struct Call;

  void route(const std::shared_ptr<Call>& call);
  void require_token(const Request& request) const;
  bool route_fixed(const std::shared_ptr<Call>& call);
  void route_model(const std::shared_ptr<Call>& call);
  void infer(const std::shared_ptr<Call>& call, ServedModel& model);
  void predict_image(const std::shared_ptr<Call>& call);

  ServedModel& find(const std::string& name) const;
  ServedModel& chosen(const Request& request) const;

  const Settings& settings_;
  std::vector<std::unique_ptr<ServedModel>> models_;
  JobQueue queue_;
  Metrics metrics_;
  std::atomic<bool> is_ready_ = true;
  std::atomic<size_t> unanswered_ = 0;
};

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_SERVICE_H
