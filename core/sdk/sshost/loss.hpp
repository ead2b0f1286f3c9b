// Losses: how far logits are from their labels.
//
//   class Hinge final : public ss::Loss {
//    public:
//     Hinge(const ss::LossSpec& spec) : Loss(ss::Divisor::pixels) {
//       if (spec.independent) throw ss::Error("it is for exclusive outputs", SS_UNSUPPORTED);
//     }
//     ss::Tensor compute(ss::Context& ctx, const ss::LossInputs& in) const override {
//       const ss::Tensor of_pixels = ...;                        // [N, H, W]
//       return ss::sum(of_pixels * in.known()) / in.divisor;
//     }
//   };
//   SSHOST_PLUGIN("hinge", "1.0.0", ss::loss<Hinge>("hinge", "..."))
//
// It needs no weight of its own: the pipeline's key `weight` is the host's.
#ifndef SSHOST_LOSS_HPP
#define SSHOST_LOSS_HPP

#include <sshost/abi/loss.h>

#include <cstdint>
#include <string>
#include <utility>

#include "context.hpp"
#include "detail/create.hpp"
#include "detail/give.hpp"
#include "ops.hpp"
#include "options.hpp"
#include "plugin.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

struct LossSpec {
  bool independent;  // each class by itself, by a sigmoid; else one class a pixel, by a softmax
  int64_t classes;   // channels of the logits
};

// What a loss is divided by, over all parts of a step. `pixels`: those with a label, for a loss that is a sum over
// them. `parts`: their number, 1 for most, for a loss that is a mean already.
enum class Divisor : ss_divisor_kind { pixels = SS_DIVISOR_PIXELS, parts = SS_DIVISOR_PARTS };

struct LossInputs {
  Tensor logits;    // [N, classes, H, W], float32 or float64
  Tensor labels;    // int64 [N, H, W], or with independent outputs int8 [N, classes, H, W]: 1, 0
  Tensor divisor;   // a scalar above 0
  int64_t ignored;  // in `labels`: what does not count

  // 1 where there is a label, else 0, in the logits' dtype and the labels' shape.
  template <class = void>
  Tensor known() const {
    return to(labels != ignored, logits.dtype());
  }
};

// Immutable once constructed: `compute` may run on several threads at once. The derived class has the constructor
// T(const Options&, const LossSpec&), which throws ss::Error for outputs that it does not know; without options
// T(const LossSpec&).
class Loss {
 public:
  explicit Loss(Divisor divisor) : divisor_(divisor) {}
  virtual ~Loss() = default;
  Loss(const Loss&) = delete;
  Loss& operator=(const Loss&) = delete;

  Divisor divisor() const { return divisor_; }

  // -> a scalar: the value of this part, divided by `inputs.divisor`; 0 where no pixel has a label.
  virtual Tensor compute(Context& ctx, const LossInputs& inputs) const = 0;

 private:
  Divisor divisor_;
};

namespace detail {

template <class T, class Options>
struct LossAdapter {
  static ss_status create(ss_options options, const ss_loss_spec* spec, void** self) {
    return guarded("create", [&] {
      const LossSpec told{spec->independent != 0, spec->classes};
      *self = make<T, Options>(options, told);
    });
  }
  static void destroy(void* self) { delete static_cast<T*>(self); }

  static ss_status info(void* self, ss_loss_info* out) {
    out->divisor = static_cast<ss_divisor_kind>(static_cast<const T*>(self)->divisor());
    return SS_OK;
  }

  static ss_status compute(void* self, ss_context context, const ss_loss_inputs* inputs, ss_tensor* out) {
    return guarded("compute", [&] {
      Context ctx(context);
      const LossInputs given{Tensor::share(inputs->logits), Tensor::share(inputs->labels),
                             Tensor::share(inputs->divisor), inputs->ignored};
      *out = give(static_cast<const T*>(self)->compute(ctx, given));
    });
  }

  static constexpr ss_loss_table table{create, destroy, info, compute};
};

}  // namespace detail

// A loss for SSHOST_PLUGIN: `name` is the pipeline's `type`, `text` a line of help.
template <class T, class Options = NoOptions>
detail::Component<SS_LOSS_1> loss(std::string name, std::string text) {
  return {std::move(name), std::move(text), detail::component_schema<T, Options>().abi(),
          &detail::LossAdapter<T, Options>::table, detail::no_capability};
}

}  // namespace v1
}  // namespace ss

#endif
