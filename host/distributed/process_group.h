#ifndef SSHOST_DISTRIBUTED_PROCESS_GROUP_H
#define SSHOST_DISTRIBUTED_PROCESS_GROUP_H

#include <c10/core/Device.h>
#include <c10/util/intrusive_ptr.h>

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "config/pipeline.h"
#include "distributed/cuda_transport.h"
#include "distributed/rank_environment.h"
#include "distributed/watchdog.h"
#include "state/ranks.h"

namespace c10d {
class ProcessGroup;
}  // namespace c10d

namespace sshost::distributed {

// Several processes, connected through PyTorch's own engine for it, c10d: a TCPStore to meet at, Gloo for tensors on
// the CPU, and NCCL or Gloo for those on CUDA devices (cuda_transport.h).
//
// What NCCL is asked for is queued on the GPU, where it may fail long after the call. Each collective on the CPU
// therefore waits for the GPU first, and throws where one of NCCL's has failed: what a rank does after it, such as
// saving a checkpoint, follows from whole sums.
class ProcessGroup final : public state::Ranks {
 public:
  // `device`: that of this rank's model. Waits until all ranks have come. Throws Error that names those which have not
  // within the timeout; UsageError where this one would listen at a public address, or the ranks were started as
  // different numbers of them. `last_resort`: for waits that no error ends (watchdog.h), here and later on.
  ProcessGroup(const RankEnvironment& environment, const config::DistributedConfig& config,
               const at::Device& device = at::kCPU, const LastResort& last_resort = {});

  // Waits for the others, where NCCL is used.
  ~ProcessGroup() override;

  int64_t rank() const override { return environment_.rank; }
  int64_t count() const override { return environment_.count; }
  void sum(const std::vector<at::Tensor>& tensors) const override;
  void broadcast(const std::vector<at::Tensor>& tensors) const override;
  std::unique_ptr<state::Backward> make_backward(const std::vector<at::Tensor>& parameters) const override;

  const CudaTransport& cuda_transport() const;

  // What a person should know of how the ranks are connected; empty: nothing.
  const std::string& warning() const;

  // Marks that this thread waits for other ranks, which for_all does by itself.
  Watchdog::Wait wait() const;

  // Call it with whatever ends this rank's work before its time, and do not use the group any more. It tells the other
  // ranks. Where a collective failed since another rank had failed or died, it throws Error with that rank's number and
  // what it said.
  void fail(const std::exception& error);

  // A collective failed. What is thrown then says nothing of ranks, and may have gone through a plugin before it gets
  // to `fail`.
  void note_lost_contact() const;

 private:
  struct Connection;

  template <typename Begin>
  void for_all(const std::vector<at::Tensor>& tensors, Begin begin) const;

  RankEnvironment environment_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_PROCESS_GROUP_H
