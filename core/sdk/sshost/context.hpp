// What a component may know while it runs, the random numbers it may draw, and where its further predictions go.
//
// A component is immutable once it is constructed: whatever changes comes through the context.
// Lifetime: until the function that received it returns. Threads: a context belongs to the thread that the host called
// on; another thread of the plugin works inside a Context::Entered.
#ifndef SSHOST_CONTEXT_HPP
#define SSHOST_CONTEXT_HPP

#include <sshost/abi/context.h>
#include <sshost/abi/prediction.h>

#include <optional>
#include <string>
#include <string_view>

#include "tensor.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

namespace detail {
inline const ss_context_table& context_api() { return capability<SS_CONTEXT_1, ss_context_table>(); }
}  // namespace detail

// Logits beside the main result, with the loss that the host computes for them; or a loss that is ready.
struct Prediction {
  std::string name;  // unique in the component, such as "coarse"
  Tensor logits{};   // [N, classes, h, w]; the host resizes them to the labels
  Tensor target{};   // int64 [N, h, w] at the logits' size; none: the batch's labels
  std::string loss = "cross_entropy";
  double loss_weight = 1;
  Tensor loss_value{};  // a scalar, in place of logits
};

class Context {
 public:
  explicit Context(ss_context handle, const ss_prediction_sink* sink = nullptr) : handle_(handle), sink_(sink) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  bool training() const { return info().training != 0; }
  int64_t epoch() const { return info().epoch; }  // from 1 on; 0 where nothing is trained
  int64_t step() const { return info().step; }    // optimiser steps done so far
  // The schedule's value after warm-up, before any parameter's own factor, and the optimiser's configured one.
  double learning_rate() const { return info().learning_rate; }
  double base_learning_rate() const { return info().base_learning_rate; }
  // The schedule's value as a part of `base`, by default the configured one; 1 where that is 0.
  double learning_rate_ratio(std::optional<double> base = std::nullopt) const {
    const double whole = base.value_or(base_learning_rate());
    return whole > 0 ? learning_rate() / whole : 1;
  }
  Size image_size() const { return {info().image_height, info().image_width}; }  // of the network's input
  Dtype dtype() const { return static_cast<Dtype>(info().dtype); }               // of activations
  std::string_view device() const { return detail::view(info().device); }        // "cpu", "cuda"
  int64_t device_index() const { return info().device_index; }

  // Uniform in [0, 1) or standard normal, from the context's generator, whose state is part of a checkpoint.
  Tensor rand(Ints sizes) const { return random(SS_UNIFORM, sizes); }
  Tensor randn(Ints sizes) const { return random(SS_NORMAL, sizes); }

  // Standard normal, the same values every time, whatever the device.
  Tensor seeded_normal(uint64_t seed, Ints sizes) const {
    ss_tensor result = nullptr;
    detail::check(
        detail::context_api().seeded_normal(handle_, seed, sizes.data(), static_cast<int32_t>(sizes.size()), &result));
    return Tensor::adopt(result);
  }

  // Gives the host a further prediction. Only heads and memories may.
  void predict(const Prediction& prediction) const {
    if (sink_ == nullptr) throw Error("prediction " + prediction.name + ": nothing takes predictions here");
    ss_prediction abi{};
    abi.size = sizeof(abi);
    abi.name = detail::to_abi(prediction.name);
    abi.logits = prediction.logits.handle();
    abi.target = prediction.target.handle();
    abi.loss = detail::to_abi(prediction.loss);
    abi.loss_weight = prediction.loss_weight;
    abi.loss_value = prediction.loss_value.handle();
    detail::check(sink_->emit(sink_->self, &abi));
  }

  // While it lives, its thread works as the context's own does: gradient mode, precision, device.
  class Entered {
   public:
    explicit Entered(const Context& context) : handle_(context.handle_) {
      detail::check(detail::context_api().enter(handle_));
    }
    ~Entered() { detail::context_api().leave(handle_); }
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;

   private:
    ss_context handle_;
  };

  ss_context handle() const { return handle_; }

 private:
  ss_context_info info() const {
    ss_context_info result{};
    result.size = sizeof(result);
    detail::check(detail::context_api().info(handle_, &result));
    return result;
  }

  Tensor random(ss_distribution kind, Ints sizes) const {
    ss_tensor result = nullptr;
    detail::check(
        detail::context_api().random(handle_, kind, sizes.data(), static_cast<int32_t>(sizes.size()), &result));
    return Tensor::adopt(result);
  }

  ss_context handle_;
  const ss_prediction_sink* sink_;
};

}  // namespace v1
}  // namespace ss

#endif
