#include "model/fakes.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <sshost/abi/checkpoint_names.h>

#include <memory>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "layer/layers_table.h"
#include "state/handles.h"

namespace sshost::test {
namespace {

using bridge::borrow;
using bridge::guarded;
using bridge::to_handle;
using bridge::to_ss_string;

std::string fault_of(ss_options options) { return options->at("fault").text; }

void check(ss_status status) { bridge::check(status, "fake"); }

ss_layer declare_conv(ss_builder builder, std::string_view name, int64_t in, int64_t out, int64_t kernel,
                      int64_t stride) {
  ss_conv_spec spec = {};
  spec.size = sizeof spec;
  spec.name = to_ss_string(name);
  spec.in_channels = in;
  spec.out_channels = out;
  spec.groups = 1;
  for (int axis = 0; axis < 2; ++axis) {
    spec.kernel[axis] = kernel;
    spec.stride[axis] = stride;
    spec.padding[axis] = kernel / 2;
    spec.dilation[axis] = 1;
  }
  ss_layer layer = nullptr;
  check(layer::layers_table()->conv(builder, &spec, &layer));
  return layer;
}

at::Tensor apply(ss_context context, ss_layer layer, const at::Tensor& input) {
  const state::LentHandles lent({input});
  ss_tensor out = nullptr;
  check(layer::layers_table()->apply(context, layer, lent.data(), 1, nullptr, &out));
  return bridge::take(out);
}

template <typename Self>
void destroy(void* self) {
  calls().push_back("destroy");
  delete static_cast<Self*>(self);
}

struct FakeBackbone {
  std::string fault;
  ss_layer first, second;

  static ss_status create(ss_builder builder, ss_options options, const ss_backbone_spec* spec, void** self) {
    return guarded([&] {
      if (fault_of(options) == "create") throw Error("no weights for this depth");
      *self = new FakeBackbone{fault_of(options), declare_conv(builder, "first", spec->in_channels, 4, 3, 2),
                               declare_conv(builder, "second", 4, 8, 3, 2)};
    });
  }

  static ss_status features(void* self, ss_feature_spec* out, uint32_t* count) {
    const std::string& fault = static_cast<FakeBackbone*>(self)->fault;
    *count = fault == "none" ? 0 : 2;
    out[0] = {4, 2};
    out[1] = {8, fault == "stride" ? 16 : 4};
    return SS_OK;
  }

  static ss_status forward(void* self, ss_context context, ss_tensor image, ss_tensor* out, uint32_t) {
    return guarded([&] {
      const auto& backbone = *static_cast<FakeBackbone*>(self);
      if (backbone.fault == "forward") throw Error("the image is too dark");
      const at::Tensor first = apply(context, backbone.first, borrow(image));
      const at::Tensor second = apply(context, backbone.second, first);
      out[0] = to_handle(first);
      if (backbone.fault != "null") out[1] = to_handle(backbone.fault == "channels" ? second.narrow(1, 0, 5) : second);
    });
  }
};

struct FakeHead {
  std::string fault;
  int64_t classes;
  std::vector<std::string> inputs;
  ss_layer embed_layer, classify_layer;

  static ss_status create(ss_builder builder, ss_options options, const ss_head_spec* spec, void** self) {
    return guarded([&] {
      const int64_t channels = spec->features[spec->feature_count - 1].channels;
      *self =
          new FakeHead{fault_of(options), spec->classes, config::strings_of(options->at("inputs")),
                       declare_conv(builder, "embed", channels, 6, 3, 1),
                       spec->representation_only ? nullptr : declare_conv(builder, "classify", 6, spec->classes, 1, 1)};
    });
  }

  static int64_t channels(void*) { return 6; }

  static ss_status list_inputs(void* self, ss_string* names, uint32_t* count) {
    const std::vector<std::string>& inputs = static_cast<FakeHead*>(self)->inputs;
    const uint32_t room = *count;
    *count = static_cast<uint32_t>(inputs.size());
    if (room < inputs.size()) return bridge::fail(SS_TOO_SMALL, "more inputs");
    for (std::size_t index = 0; index < inputs.size(); ++index) names[index] = to_ss_string(inputs[index]);
    return SS_OK;
  }

  static ss_status embed(void* self, ss_context context, const ss_head_inputs* inputs, const ss_prediction_sink* sink,
                         ss_tensor* out) {
    return guarded([&] {
      const auto& head = *static_cast<FakeHead*>(self);
      calls().push_back("embed " + std::to_string(inputs->named_count));
      at::Tensor representation = apply(context, head.embed_layer, borrow(inputs->features[inputs->feature_count - 1]));
      for (uint32_t index = 0; index < inputs->named_count; ++index) {
        representation = representation + borrow(inputs->named[index]).mean();
      }
      head.emit(representation, *sink);
      if (head.fault == "channels") representation = representation.narrow(1, 0, 3);
      if (head.fault != "null") *out = to_handle(representation);
    });
  }

  void emit(const at::Tensor& map, const ss_prediction_sink& sink) const {
    if (fault.empty() || fault == "channels" || fault == "null" || fault == "classes") return;
    const at::Tensor logits = map.narrow(1, 0, fault == "shape" ? classes - 1 : classes);
    const state::LentHandles lent({logits, at::zeros({1, 1, 1}, at::kLong), map.sum()});
    const ss_prediction prediction = {.size = sizeof prediction,
                                      .reserved = 0,
                                      .name = to_ss_string(fault == "name" ? "" : "extra"),
                                      .logits = lent[0],
                                      .target = fault == "target" ? lent[1] : nullptr,
                                      .loss = to_ss_string(fault == "loss" ? "hinge" : ""),
                                      .loss_weight = 0.5,
                                      .loss_value = fault == "both" ? lent[2] : nullptr};
    check(sink.emit(sink.self, &prediction));
    if (fault == "twice") check(sink.emit(sink.self, &prediction));
  }

  static ss_status classify(void* self, ss_context context, ss_tensor representation, const ss_prediction_sink*,
                            ss_tensor* out) {
    return guarded([&] {
      const auto& head = *static_cast<FakeHead*>(self);
      const at::Tensor logits = apply(context, head.classify_layer, borrow(representation));
      *out = to_handle(head.fault == "classes" ? logits.narrow(1, 0, 1) : logits);
    });
  }
};

struct FakeMemory {
  std::string fault;
  ss_layer coarse, memory, final, context_layer;

  static ss_status create(ss_builder builder, ss_options options, const ss_memory_spec* spec, void** self) {
    return guarded([&] {
      const int64_t sizes[] = {spec->classes, 8};
      ss_state_spec state = {};
      state.size = sizeof state;
      state.name = to_ss_string("memory");
      state.sizes = sizes;
      state.dim = 2;
      state.dtype = SS_FLOAT32;
      state.persistent = 1;
      state.a = 1;
      ss_layer memory = nullptr;
      check(layer::layers_table()->state(builder, &state, &memory));
      *self = new FakeMemory{fault_of(options), declare_conv(builder, "coarse", 8, spec->classes, 1, 1), memory,
                             declare_conv(builder, "final", 8, spec->classes, 1, 1),
                             spec->context_channels > 0
                                 ? declare_conv(builder, "context", spec->context_channels, spec->classes, 1, 1)
                                 : nullptr};
    });
  }

  at::Tensor value(ss_context context) const {
    ss_tensor out = nullptr;
    check(layer::layers_table()->read(context, memory, &out));
    return bridge::take(out);
  }

  static ss_status forward(void* self, ss_context context, const ss_memory_inputs* inputs,
                           const ss_prediction_sink* sink, void** state, ss_tensor* out) {
    return guarded([&] {
      const auto& fake = *static_cast<FakeMemory*>(self);
      calls().push_back(inputs->labels == nullptr ? "forward without labels" : "forward");
      const at::Tensor coarse = apply(context, fake.coarse, borrow(inputs->features[inputs->feature_count - 1]));
      const at::Tensor vectors = at::einsum("nkhw,kc->nchw", {coarse.softmax(1), fake.value(context)});
      at::Tensor logits = apply(context, fake.final, vectors);
      if (inputs->context != nullptr) logits = logits + apply(context, fake.context_layer, borrow(inputs->context));
      if (inputs->previous_logits != nullptr) {
        const at::Tensor& previous = borrow(inputs->previous_logits);
        logits = logits + at::upsample_bilinear2d(previous, {logits.size(2), logits.size(3)}, false);
      }
      const state::LentHandles lent({coarse});
      const ss_prediction prediction = {.size = sizeof prediction,
                                        .reserved = 0,
                                        .name = to_ss_string("coarse"),
                                        .logits = lent[0],
                                        .target = nullptr,
                                        .loss = to_ss_string("cross_entropy"),
                                        .loss_weight = 0.4,
                                        .loss_value = nullptr};
      check(sink->emit(sink->self, &prediction));
      *state = new int(0);
      *out = to_handle(fake.fault == "logits" ? logits.select(3, 0) : logits);
    });
  }

  static ss_status statistics(void* self, ss_context, void* state, ss_tensor, ss_tensor* out, uint32_t* count) {
    calls().push_back(std::string("statistics") + (at::GradMode::is_enabled() ? " with gradient" : ""));
    ++*static_cast<int*>(state);
    *count = 1;
    if (static_cast<FakeMemory*>(self)->fault != "statistics") out[0] = to_handle(at::ones({1}));
    return SS_OK;
  }

  static ss_status apply_statistics(void* self, ss_context context, const ss_tensor* statistics, uint32_t) {
    const auto& fake = *static_cast<FakeMemory*>(self);
    return guarded([&] {
      calls().push_back(std::string("apply") + (at::GradMode::is_enabled() ? " with gradient" : ""));
      const state::LentHandles lent({fake.value(context) + borrow(statistics[0])});
      check(layer::layers_table()->write(context, fake.memory, lent[0]));
    });
  }

  static ss_status after_update(void* self, ss_context context, void*, const ss_prediction_sink* sink) {
    const auto& fake = *static_cast<FakeMemory*>(self);
    return guarded([&] {
      calls().push_back(std::string("after_update") + (at::GradMode::is_enabled() ? " with gradient" : ""));
      const state::LentHandles lent({fake.value(context).sum()});
      const ss_prediction prediction = {.size = sizeof prediction,
                                        .reserved = 0,
                                        .name = to_ss_string("size"),
                                        .logits = nullptr,
                                        .target = nullptr,
                                        .loss = to_ss_string(""),
                                        .loss_weight = 1,
                                        .loss_value = lent[0]};
      check(sink->emit(sink->self, &prediction));
    });
  }

  static void release(void*, void* state) {
    calls().push_back("release");
    delete static_cast<int*>(state);
  }
};

template <typename Pair>
ss_status emit_rules(const ss_name_sink* sink, std::initializer_list<Pair> rules) {
  for (const auto& [ours, theirs] : rules) {
    ss_name_rule rule = {};
    rule.size = sizeof rule;
    rule.ours = to_ss_string(ours);
    rule.theirs = to_ss_string(theirs);
    if (const ss_status status = sink->emit(sink->self, &rule); status != SS_OK) return status;
  }
  return SS_OK;
}

// Format "paper": each role has its own prefix, and a head's classifier another than the rest. Format "clash" gives
// everything the same name.
struct FakeNames {
  using Rule = std::pair<std::string, std::string>;

  static ss_status formats(void*, ss_string* out, uint32_t* count) {
    *count = 2;
    out[0] = to_ss_string("paper");
    out[1] = to_ss_string("clash");
    return SS_OK;
  }

  static ss_status rules(void*, const ss_names_query* query, const ss_name_sink* sink) {
    const std::string_view format = bridge::view(query->format);
    if (format == "clash") return emit_rules<Rule>(sink, {{"embed.weight", "same"}, {"classify.weight", "same"}});
    if (format != "paper") return SS_OK;
    switch (query->role) {
      case SS_ROLE_BACKBONE:
        return emit_rules<Rule>(sink, {{"", "net"}});
      case SS_ROLE_AUXILIARY:
        return emit_rules<Rule>(
            sink, {{"", "aux_" + std::to_string(query->index) + "_of_" + std::to_string(query->siblings)}});
      case SS_ROLE_CONTEXT:
        return emit_rules<Rule>(sink, {{"", "context"}});
      case SS_ROLE_MEMORY:
        return emit_rules<Rule>(sink, {{"memory", "module.memory"}});
      default:
        return emit_rules<Rule>(sink, {{"", "decode"}, {"classify", "decode.cls.4"}});
    }
  }
};

const ss_backbone_table kBackbone = {FakeBackbone::create, destroy<FakeBackbone>, FakeBackbone::features,
                                     FakeBackbone::forward};
const ss_head_table kHead = {FakeHead::create,      destroy<FakeHead>, FakeHead::channels,
                             FakeHead::list_inputs, FakeHead::embed,   FakeHead::classify};
const ss_memory_table kMemory = {FakeMemory::create,     destroy<FakeMemory>,          FakeMemory::forward,
                                 FakeMemory::statistics, FakeMemory::apply_statistics, FakeMemory::after_update,
                                 FakeMemory::release};
const ss_checkpoint_names_table kNames = {FakeNames::formats, FakeNames::rules};

const void* capability(ss_string id) { return bridge::view(id) == SS_CHECKPOINT_NAMES_1 ? &kNames : nullptr; }

ss_component descriptor(std::string_view kind, const void* table) {
  return {.size = sizeof(ss_component),
          .reserved = 0,
          .kind = to_ss_string(kind),
          .name = to_ss_string("fake"),
          .text = to_ss_string(""),
          .options = nullptr,
          .table = table,
          .get = capability};
}

}  // namespace

std::vector<std::string>& calls() {
  static std::vector<std::string> calls;
  return calls;
}

plugin::Registry fake_registry() {
  static const ss_component components[] = {descriptor(SS_BACKBONE_1, &kBackbone), descriptor(SS_HEAD_1, &kHead),
                                            descriptor(SS_MEMORY_1, &kMemory)};
  std::vector<plugin::Component> list;
  for (const ss_component& component : components) {
    plugin::Component entry;
    entry.descriptor = &component;
    entry.plugin_name = "fakes";
    entry.plugin_version = "1";
    entry.path = "/plugins/fakes.so";
    list.push_back(entry);
  }
  return plugin::Registry(std::move(list), {});
}

config::ComponentConfig fake_config(const std::string& kind, const std::string& fault,
                                    const std::vector<std::string>& inputs) {
  std::vector<ss_options_object> names;
  for (const std::string& input : inputs) names.push_back(config::make_string(input));
  ss_options_object options = config::make_map();
  options.set("fault", config::make_string(fault));
  options.set("inputs", config::make_list(std::move(names)));
  config::ComponentConfig component;
  component.kind = kind;
  component.type = "fake";
  component.options = std::make_shared<const ss_options_object>(std::move(options));
  return component;
}

config::ModelConfig fake_model(const std::string& backbone_fault) {
  config::ModelConfig model;
  model.backbone = fake_config(SS_BACKBONE_1, backbone_fault);
  model.head = fake_config(SS_HEAD_1);
  return model;
}

}  // namespace sshost::test
