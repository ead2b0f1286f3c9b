#include "distributed/gradient_reducer.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/full_like.h>
#include <torch/csrc/distributed/c10d/reducer.hpp>

#include <string>
#include <unordered_map>

#include "distributed/process_group.h"

namespace sshost::distributed {
namespace {

using Buckets = std::vector<std::vector<size_t>>;

// A backward reaches the last parameters first; the first bucket is small, so that communication begins early.
Buckets buckets_of(const std::vector<at::Tensor>& parameters) {
  const std::vector<size_t> limits = {c10d::kDefaultFirstBucketBytes, c10d::kDefaultBucketBytesCap};
  std::vector<at::Tensor> reversed(parameters.rbegin(), parameters.rend());
  Buckets buckets = std::get<0>(
      c10d::compute_bucket_assignment_by_size(reversed, limits, std::vector<bool>(parameters.size(), false)));
  for (std::vector<size_t>& bucket : buckets) {
    for (size_t& index : bucket) index = parameters.size() - 1 - index;
  }
  return buckets;
}

}  // namespace

GradientReducer::GradientReducer(const std::vector<at::Tensor>& parameters,
                                 const c10::intrusive_ptr<c10d::ProcessGroup>& group, const ProcessGroup& ranks)
    : ranks_(ranks),
      reducer_(std::make_unique<c10d::Reducer>(
          parameters, buckets_of(parameters), group, std::vector<bool>(parameters.size(), false),
          c10d::kDefaultBucketBytesCap, /*find_unused_parameters=*/true, /*gradient_as_bucket_view=*/true,
          std::unordered_map<size_t, std::string>(), c10d::kDefaultFirstBucketBytes,
          /*skip_all_reduce_unused_params=*/false, /*use_python_reducer=*/false,
          /*bucket_bytes_cap_list=*/std::vector<int64_t>())) {}

GradientReducer::~GradientReducer() = default;

void GradientReducer::run(const at::Tensor& loss, bool is_last) {
  const Watchdog::Wait wait = ranks_.wait();
  try {
    if (is_last) reducer_->prepare_for_backward({loss});
    loss.backward(at::full_like(loss, ranks_.count()));  // the reducer gives means over ranks
  } catch (...) {
    ranks_.note_lost_contact();  // most likely
    throw;
  }
}

}  // namespace sshost::distributed
