#include "state/context_table.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ThreadLocalState.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "bridge/operand.h"
#include "state/execution_context.h"

namespace sshost::state {
namespace {

ExecutionContext& context_of(ss_context context) {
  if (context == nullptr) throw Error("the context is NULL");
  return *static_cast<ExecutionContext*>(context);
}

at::IntArrayRef sizes_of(const int64_t* sizes, int32_t dim) {
  if (dim < 0 || (dim > 0 && sizes == nullptr)) throw Error("`sizes` is NULL, or `dim` negative");
  return {sizes, static_cast<std::size_t>(dim)};
}

ss_string device_name(const at::Device& device) { return bridge::to_ss_string(device.is_cuda() ? "cuda" : "cpu"); }

ss_status info(ss_context handle, ss_context_info* out) {
  return bridge::guarded([&] {
    const ExecutionContext& context = context_of(handle);
    if (out == nullptr || out->size < sizeof out->size) throw Error("`out` is NULL, or its `size` is not set");
    const ss_context_info known = {
        .size = out->size,
        .training = context.training ? 1 : 0,
        .epoch = context.epoch,
        .step = context.step,
        .learning_rate = context.learning_rate,
        .base_learning_rate = context.base_learning_rate,
        .image_height = context.image_height,
        .image_width = context.image_width,
        .dtype = static_cast<ss_dtype>(context.dtype),
        .device_index = std::max<int32_t>(context.device.index(), 0),
        .device = device_name(context.device),
    };
    std::memcpy(out, &known, std::min<std::size_t>(out->size, sizeof known));
  });
}

ss_status random(ss_context handle, ss_distribution kind, const int64_t* sizes, int32_t dim, ss_tensor* out) {
  return bridge::guarded([&] {
    ExecutionContext& context = context_of(handle);
    const at::TensorOptions options = at::TensorOptions(context.device).dtype(context.dtype);
    if (kind == SS_UNIFORM) {
      *out = bridge::to_handle(at::rand(sizes_of(sizes, dim), context.generator, options));
    } else if (kind == SS_NORMAL) {
      *out = bridge::to_handle(at::randn(sizes_of(sizes, dim), context.generator, options));
    } else {
      throw Error("unknown ss_distribution " + std::to_string(kind));
    }
  });
}

ss_status seeded_normal(ss_context handle, uint64_t seed, const int64_t* sizes, int32_t dim, ss_tensor* out) {
  return bridge::guarded([&] {
    const at::Generator generator = at::detail::createCPUGenerator(seed);
    *out = bridge::to_handle(at::randn(sizes_of(sizes, dim), generator, at::kFloat).to(context_of(handle).device));
  });
}

// How the thread worked before each `enter` that has not been left.
struct Entered {
  explicit Entered(const ExecutionContext& context)
      : state(*context.thread_state), hidden(context.precision == Precision::kBfloat16) {}
  at::ThreadLocalStateGuard state;
  bridge::HiddenBfloat16 hidden;
};

std::vector<std::unique_ptr<Entered>>& entered() {
  thread_local std::vector<std::unique_ptr<Entered>> guards;
  return guards;
}

ss_status enter(ss_context handle) {
  return bridge::guarded([&] {
    const ExecutionContext& context = context_of(handle);
    if (!context.thread_state) throw Error("the context is not running: it can be entered until its function returns");
    entered().push_back(std::make_unique<Entered>(context));
  });
}

void leave(ss_context) {
  if (!entered().empty()) entered().pop_back();
}

}  // namespace

const ss_context_table* context_table() {
  static const ss_context_table table = {info, random, seeded_normal, enter, leave};
  return &table;
}

}  // namespace sshost::state
