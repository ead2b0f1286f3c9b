#include "model/head.h"

#include <ATen/core/Tensor.h>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "model/check.h"
#include "state/handles.h"

namespace sshost::model {
namespace {

ss_head_spec to_abi(const HeadSpec& spec) {
  return {.size = sizeof(ss_head_spec),
          .representation_only = spec.representation_only ? 1 : 0,
          .features = spec.features.data(),
          .feature_count = static_cast<uint32_t>(spec.features.size()),
          .reserved = 0,
          .classes = spec.classes};
}

}  // namespace

Head::Head(const config::ComponentConfig& config, const plugin::Component& component, std::string_view role,
           const HeadSpec& spec, state::Builder& builder)
    : table_(component.table<ss_head_table>()),
      classes_(spec.classes),
      instance_(
          component, role, builder,
          [&](ss_builder target, void** self) {
            const ss_head_spec abi = to_abi(spec);
            return table_->create(target, config.options.get(), &abi, self);
          },
          table_->destroy),
      channels_(read_channels()) {
  if (channels_ < 1) instance_.broken("the number of channels", "at least 1", std::to_string(channels_));
  const auto names = read_list<ss_string>(instance_, "the list of inputs", [this](auto* out, uint32_t* count) {
    return table_->inputs(instance_.self(), out, count);
  });
  for (const ss_string& name : names) named_inputs_.push_back(instance_.checked_text(name, "the name of an input"));
}

int64_t Head::read_channels() const {
  const plugin::AtWork at_work(instance_.who());
  return bridge::call_plugin(instance_.who(), [this] { return table_->channels(instance_.self()); });
}

at::Tensor Head::embed(state::ExecutionContext& context, const std::vector<at::Tensor>& features,
                       const std::vector<at::Tensor>& named, std::vector<Prediction>& predictions) const {
  const plugin::AtWork at_work(instance_.who());  // also while its results are looked at, which may be no handles
  const state::LentHandles lent_features(features);
  const state::LentHandles lent_named(named);
  const ss_head_inputs inputs = {.size = sizeof inputs,
                                 .feature_count = lent_features.size(),
                                 .features = lent_features.data(),
                                 .named = lent_named.data(),
                                 .named_count = lent_named.size(),
                                 .reserved = 0};
  PredictionSink sink;
  ss_tensor handle = nullptr;
  context.bind_to_this_thread();
  instance_.call([&] { return table_->embed(instance_.self(), &context, &inputs, sink.abi(), &handle); });
  at::Tensor representation = instance_.take(handle);
  require_map(instance_, "the representation", representation, features.front().size(0), channels_);
  require_unchanged(instance_, "the features", lent_features);
  require_unchanged(instance_, "the named inputs", lent_named);
  sink.move_to(predictions, instance_, classes_);
  return representation;
}

at::Tensor Head::classify(state::ExecutionContext& context, const at::Tensor& representation,
                          std::vector<Prediction>& predictions) const {
  const plugin::AtWork at_work(instance_.who());
  const state::LentHandles lent({representation});
  PredictionSink sink;
  ss_tensor handle = nullptr;
  context.bind_to_this_thread();
  instance_.call([&] { return table_->classify(instance_.self(), &context, lent[0], sink.abi(), &handle); });
  at::Tensor logits = instance_.take(handle);
  require_map(instance_, "the logits", logits, representation.size(0), classes_);
  require_unchanged(instance_, "the representation", lent);
  sink.move_to(predictions, instance_, classes_);
  return logits;
}

}  // namespace sshost::model
