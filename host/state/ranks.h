#ifndef SSHOST_STATE_RANKS_H
#define SSHOST_STATE_RANKS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sshost::state {

// Runs backward passes.
class Backward {
 public:
  virtual ~Backward() = default;

  // Adds to the gradients. After the last pass of a step they are those of the sum of the losses of all ranks and
  // passes.
  virtual void run(const at::Tensor& loss, bool is_last);
};

// The processes that train one model together, each of which is a rank. This class is a process that works alone; that
// of several is distributed/process_group.h's.
// All ranks call the same functions in the same order, with tensors of the same shapes and dtypes, which are changed in
// place. Throws where another rank is gone. Threads: one at a time.
class Ranks {
 public:
  Ranks() = default;
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;
  virtual ~Ranks() = default;

  virtual int64_t rank() const { return 0; }
  virtual int64_t count() const { return 1; }

  // Adds each tensor up over all ranks.
  virtual void sum(const std::vector<at::Tensor>& /*tensors*/) const {}

  // Gives all ranks the values of rank 0.
  virtual void broadcast(const std::vector<at::Tensor>& /*tensors*/) const {}

  // For a model with these parameters, which are the same on all ranks. The ranks outlive it.
  virtual std::unique_ptr<Backward> make_backward(const std::vector<at::Tensor>& /*parameters*/) const {
    return std::make_unique<Backward>();
  }

  bool alone() const { return count() == 1; }
  bool is_first() const { return rank() == 0; }

  // Whether it is so on any rank.
  bool any(bool here) const;

  // The text of rank 0.
  std::string broadcast(const std::string& text) const;

  // The texts of all ranks, in their order.
  std::vector<std::string> gather(const std::string& text) const;

  // The tensors of all ranks, in their order: [ranks, ...] from one of the same shape on each.
  at::Tensor gather(const at::Tensor& tensor) const;
};

inline const Ranks kAlone;

}  // namespace sshost::state

#endif  // SSHOST_STATE_RANKS_H
