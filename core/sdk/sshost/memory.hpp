// Feature memories: representations of whole classes, learned over the data set, that augment every pixel.
//
//   struct MyState { ss::Tensor representations; };   what `forward` leaves for the calls after it
//   class MyMemory final : public ss::Memory<MyState> {
//    public:
//     MyMemory(ss::Builder& build, const MyOptions& options, const ss::MemorySpec& spec);
//     ...
//   };
//   SSHOST_PLUGIN("mine", "1.0.0", ss::memory<MyMemory, MyOptions>("mine", "..."))
//
// In a training step the host calls forward, statistics, (a sum over processes), apply, after_update; then come losses
// and backward. In inference it calls forward alone. The memory itself is an ss::nn::Buffer.
#ifndef SSHOST_MEMORY_HPP
#define SSHOST_MEMORY_HPP

#include <sshost/abi/memory.h>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "builder.hpp"
#include "context.hpp"
#include "detail/create.hpp"
#include "detail/give.hpp"
#include "features.hpp"
#include "names.hpp"
#include "ops.hpp"
#include "options.hpp"
#include "plugin.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

struct MemorySpec {
  FeatureSpecs features;     // valid during construction
  int64_t context_channels;  // of the context head's representation; 0: the model has no head
  int64_t classes;
};

struct MemoryInputs {
  Features features;
  Tensor context;          // the head's representation, or none
  Tensor labels;           // in training: int64 [N, H, W]; a label outside [0, classes) is ignored. Else none
  Tensor previous_logits;  // of an earlier pass over the same image at test time, or none
};

// Immutable once constructed: `forward` may run on several threads at once, the others one at a time.
template <class StateType>
class Memory {
 public:
  using State = StateType;  // default constructed for each forward

  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  virtual ~Memory() = default;

  // -> logits [N, classes, h, w]; further predictions by `ctx.predict`.
  virtual Tensor forward(Context& ctx, const MemoryInputs& inputs, State& state) const = 0;

  // What `apply` needs of this batch, as tensors that may be summed element by element over processes: their number and
  // shapes depend on the options alone. Without gradient.
  virtual std::vector<Tensor> statistics(Context& ctx, const State& state, const Tensor& labels) const = 0;

  // Updates the memory from the (summed) statistics. Without gradient.
  virtual void apply(Context& ctx, std::span<const Tensor> statistics) const = 0;

  // Further predictions that need the updated memory. Batch norms that are applied here see the values of this process
  // alone, also where several train together: the memory is the same on all.
  virtual void after_update(Context&, const State&) const {}
};

namespace detail {

template <class T, class Options>
struct MemoryAdapter {
  using State = typename T::State;

  static ss_status create(ss_builder builder, ss_options options, const ss_memory_spec* spec, void** self) {
    return guarded("create", [&] {
      Builder build(builder);
      const MemorySpec told{{spec->features, spec->feature_count}, spec->context_channels, spec->classes};
      *self = make<T, Options>(options, build, told);
    });
  }
  static void destroy(void* self) { delete static_cast<T*>(self); }

  static ss_status forward(void* self, ss_context context, const ss_memory_inputs* inputs,
                           const ss_prediction_sink* sink, void** state, ss_tensor* logits) {
    return guarded("forward", [&] {
      Context ctx(context, sink);
      const std::vector<Tensor> maps = share(inputs->features, inputs->feature_count);
      const MemoryInputs given{Features(maps, {}), Tensor::share(inputs->context), Tensor::share(inputs->labels),
                               Tensor::share(inputs->previous_logits)};
      auto fresh = std::make_unique<State>();
      *logits = give(static_cast<const T*>(self)->forward(ctx, given, *fresh));
      *state = fresh.release();
    });
  }

  static ss_status statistics(void* self, ss_context context, void* state, ss_tensor labels, ss_tensor* out,
                              uint32_t* count) {
    return guarded("statistics", [&] {
      Context ctx(context);
      std::vector<Tensor> results =
          static_cast<const T*>(self)->statistics(ctx, *static_cast<const State*>(state), Tensor::share(labels));
      const uint32_t room = std::exchange(*count, static_cast<uint32_t>(results.size()));
      if (results.size() > room) throw Error("the caller's array is too short", SS_TOO_SMALL);
      give_all(std::move(results), out);
    });
  }

  static ss_status apply(void* self, ss_context context, const ss_tensor* statistics, uint32_t count) {
    return guarded("apply", [&] {
      Context ctx(context);
      static_cast<const T*>(self)->apply(ctx, share(statistics, count));
    });
  }

  static ss_status after_update(void* self, ss_context context, void* state, const ss_prediction_sink* sink) {
    return guarded("after_update", [&] {
      Context ctx(context, sink);
      static_cast<const T*>(self)->after_update(ctx, *static_cast<const State*>(state));
    });
  }

  static void release(void*, void* state) { delete static_cast<State*>(state); }

  static constexpr ss_memory_table table{create, destroy, forward, statistics, apply, after_update, release};
};

}  // namespace detail

// A memory for SSHOST_PLUGIN: `name` is the pipeline's `type`, `text` a line of help.
template <class T, class Options = NoOptions>
detail::Component<SS_MEMORY_1> memory(std::string name, std::string text) {
  return {std::move(name), std::move(text), detail::component_schema<T, Options>().abi(),
          &detail::MemoryAdapter<T, Options>::table, detail::further_capability<T>};
}

}  // namespace v1
}  // namespace ss

#endif
