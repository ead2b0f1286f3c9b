#ifndef SSHOST_DISTRIBUTED_GRADIENT_REDUCER_H
#define SSHOST_DISTRIBUTED_GRADIENT_REDUCER_H

#include <c10/util/intrusive_ptr.h>

#include <memory>
#include <vector>

#include "state/ranks.h"

namespace c10d {
class ProcessGroup;
class Reducer;
}  // namespace c10d

namespace sshost::distributed {

class ProcessGroup;

// c10d's Reducer, the engine of DistributedDataParallel: gradients are added up in buckets while the backward goes on
// (Li et al., "PyTorch Distributed", VLDB 2020). A parameter that a rank did not use counts as zeros there; one that
// none used keeps no gradient.
class GradientReducer final : public state::Backward {
 public:
  // Parameters that require a gradient, the same on all ranks and in the same order.
  // `ranks` outlives it.
  GradientReducer(const std::vector<at::Tensor>& parameters, const c10::intrusive_ptr<c10d::ProcessGroup>& group,
                  const ProcessGroup& ranks);
  ~GradientReducer() override;

  void run(const at::Tensor& loss, bool is_last) override;

 private:
  const ProcessGroup& ranks_;
  std::unique_ptr<c10d::Reducer> reducer_;
};

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_GRADIENT_REDUCER_H
