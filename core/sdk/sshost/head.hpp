// Decoder heads: feature maps in, a representation and its classification out.
//
//   class Pyramid final : public ss::Head {
//    public:
//     static ss::Schema<PyramidOptions> schema();
//     Pyramid(ss::Builder& build, const PyramidOptions& options, const ss::HeadSpec& in)
//         : ss::Head(build, in, {.channels = options.channels, .dropout = options.dropout}), ... {}
//     ss::Tensor embed(ss::Context& ctx, ss::Features features) const override;
//   };
//   SSHOST_PLUGIN("psp", "1.0.0", ss::head<Pyramid, PyramidOptions>("psp", "pyramid pooling head of PSPNet"))
//
// The same class serves as the main head, as an auxiliary head, and as the context of a memory.
#ifndef SSHOST_HEAD_HPP
#define SSHOST_HEAD_HPP

#include <sshost/abi/head.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "builder.hpp"
#include "context.hpp"
#include "detail/create.hpp"
#include "detail/give.hpp"
#include "features.hpp"
#include "names.hpp"
#include "nn/conv.hpp"
#include "nn/dropout.hpp"
#include "ops.hpp"
#include "options.hpp"
#include "plugin.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

struct HeadSpec {
  FeatureSpecs features;  // valid during construction
  int64_t classes;
  bool representation_only;  // a memory's context: no classifier may be declared, and `classify` is not called
};

// Channel dropout, then a 1 x 1 convolution with bias.
struct ClassifierSpec {
  int64_t channels = 0;  // of the representation
  double dropout = 0.1;
};

// Immutable once constructed: `embed` and `classify` may run on several threads at once.
class Head {
 public:
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;
  virtual ~Head() = default;

  int64_t channels() const { return channels_; }
  const std::vector<std::string>& inputs() const { return inputs_; }

  // -> representation [N, channels, h, w].
  virtual Tensor embed(Context& ctx, Features features) const = 0;

  // representation [N, channels, h, w] -> logits [N, classes, h, w].
  virtual Tensor classify(Context& ctx, const Tensor& representation) const {
    if (!classifier_) throw Error("this head has no classifier");
    return classifier_->conv(ctx, classifier_->dropout(ctx, representation));
  }

 protected:
  // Declares the classifier, "classifier.weight" and "classifier.bias", unless the head is representation only.
  Head(const Builder& build, const HeadSpec& spec, const ClassifierSpec& classifier) : Head(classifier.channels) {
    if (spec.representation_only) return;
    classifier_.emplace(Classifier{
        nn::ChannelDropout(build, classifier.dropout),
        nn::Conv(build, "classifier", {.in = classifier.channels, .out = spec.classes}),
    });
  }

  // For a head with a `classify` of its own.
  explicit Head(int64_t channels) : channels_(channels) {}

  // In the constructor: asks for a further input, such as "image" or "auxiliary.0.logits"; `features[input]` reads it.
  NamedInput want(std::string name) {
    inputs_.push_back(std::move(name));
    return {inputs_.size() - 1};
  }

 private:
  struct Classifier {
    nn::ChannelDropout dropout;
    nn::Conv conv;
  };
  int64_t channels_;
  std::vector<std::string> inputs_;
  std::optional<Classifier> classifier_;
};

namespace detail {

template <class T, class Options>
struct HeadAdapter {
  static ss_status create(ss_builder builder, ss_options options, const ss_head_spec* spec, void** self) {
    return guarded("create", [&] {
      Builder build(builder);
      const HeadSpec told{{spec->features, spec->feature_count}, spec->classes, spec->representation_only != 0};
      *self = make<T, Options>(options, build, told);
    });
  }
  static void destroy(void* self) { delete static_cast<T*>(self); }
  static int64_t channels(void* self) { return static_cast<const T*>(self)->channels(); }

  static ss_status inputs(void* self, ss_string* names, uint32_t* count) {
    return guarded("inputs", [&] {
      const std::vector<std::string>& wanted = static_cast<const T*>(self)->inputs();
      return fill(names, count, wanted.size(), [&](std::size_t i) { return to_abi(wanted[i]); });
    });
  }

  static ss_status embed(void* self, ss_context context, const ss_head_inputs* inputs, const ss_prediction_sink* sink,
                         ss_tensor* representation) {
    return guarded("embed", [&] {
      Context ctx(context, sink);
      const std::vector<Tensor> maps = share(inputs->features, inputs->feature_count);
      const std::vector<Tensor> named = share(inputs->named, inputs->named_count);
      *representation = give(static_cast<const T*>(self)->embed(ctx, Features(maps, named)));
    });
  }

  static ss_status classify(void* self, ss_context context, ss_tensor representation, const ss_prediction_sink* sink,
                            ss_tensor* logits) {
    return guarded("classify", [&] {
      Context ctx(context, sink);
      *logits = give(static_cast<const T*>(self)->classify(ctx, Tensor::share(representation)));
    });
  }

  static constexpr ss_head_table table{create, destroy, channels, inputs, embed, classify};
};

}  // namespace detail

// A head for SSHOST_PLUGIN: `name` is the pipeline's `type`, `text` a line of help.
template <class T, class Options = NoOptions>
detail::Component<SS_HEAD_1> head(std::string name, std::string text) {
  return {std::move(name), std::move(text), detail::component_schema<T, Options>().abi(),
          &detail::HeadAdapter<T, Options>::table, detail::further_capability<T>};
}

}  // namespace v1
}  // namespace ss

#endif
