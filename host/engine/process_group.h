#ifndef SSHOST_ENGINE_PROCESS_GROUP_H
#define SSHOST_ENGINE_PROCESS_GROUP_H

#include <c10/util/intrusive_ptr.h>

#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "config/pipeline.h"
#include "engine/rank_environment.h"
#include "model/ranks.h"

namespace c10d {
class ProcessGroup;
}  // namespace c10d

namespace sshost::engine {

// Several processes, connected through PyTorch's own engine for it, c10d: a TCPStore to meet at, and Gloo for tensors on the
// CPU and on CUDA devices alike.
class ProcessGroup final : public model::Ranks {
 public:
  // Waits until all ranks have come. Throws Error that names those which have not within the timeout.
  ProcessGroup(const RankEnvironment& environment, const config::DistributedConfig& config);
  ~ProcessGroup() override;

  int64_t rank() const override { return environment_.rank; }
  int64_t count() const override { return environment_.count; }
  void sum(const std::vector<at::Tensor>& tensors) const override;
  void broadcast(const std::vector<at::Tensor>& tensors) const override;
  std::unique_ptr<model::Backward> make_backward(const std::vector<at::Tensor>& parameters) const override;

  // Call it with whatever ends this rank's work before its time, and do not use the group any more. It tells the other
  // ranks. Where a collective failed since another rank had failed or died, it throws Error with that rank's number and
  // what it said.
  void fail(const std::exception& error);

  // A collective failed. What is thrown then says nothing of ranks, and may have gone through a plugin before it gets to
  // `fail`.
  void note_lost_contact() const { lost_contact_ = true; }

 private:
  struct Connection;

  std::string blame(const Connection& connection) const;

  RankEnvironment environment_;
  std::unique_ptr<Connection> connection_;
  mutable std::atomic<bool> lost_contact_ = false;
};

}  // namespace sshost::engine

#endif  // SSHOST_ENGINE_PROCESS_GROUP_H
