#ifndef SSHOST_MODEL_INSTANCE_H
#define SSHOST_MODEL_INSTANCE_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/checkpoint_names.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/boundary.h"
#include "model/callee.h"
#include "model/names.h"
#include "plugin/at_work.h"
#include "plugin/component.h"
#include "state/builder.h"

namespace sshost::model {

// Which names are asked for; the terms are those of sshost/abi/checkpoint_names.h.
struct NamesQuery {
  ss_role role;
  std::string_view format;
  uint32_t index;
  uint32_t siblings;
  bool read_by_head;
};

// A component of a plugin after `create`: owns the plugin's instance and the layers that it declared, and names it in
// errors. The adapters Backbone, Head and Memory are built on it.
class Instance : public Callee {
 public:
  using Create = std::function<ss_status(ss_builder builder, void** self)>;

  // Runs `create`; `destroy` is called once at the end. `role` is the key prefix, such as "head" or "auxiliary.0".
  // Throws Error with the plugin's message where `create` fails; nothing is destroyed then.
  Instance(const plugin::Component& component, std::string_view role, state::Builder& builder, const Create& create,
           void (*destroy)(void*));
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  void* self() const { return self_; }

  // Published names that the component offers; none where it has no ss.checkpoint_names/1. It is not asked for rules of
  // a format that it does not list: they would be another one's.
  std::vector<std::string> formats() const;
  std::vector<NameRule> rules(const NamesQuery& asked) const;

 private:
  void (*destroy_)(void*);
  const ss_checkpoint_names_table* names_;  // may be null
  void* self_ = nullptr;
  state::LayerList layers_;
};

// More is a mistake, which is not to cost the memory that it asks for.
inline constexpr uint32_t kMostListed = 4096;

// What a function of the form `f(T* out, uint32_t* count)` lists, called again with more room where it asks for it.
template <typename T, typename Function>
std::vector<T> read_list(const Instance& instance, std::string_view what, Function&& function) {
  const plugin::AtWork at_work(instance.who());
  std::vector<T> list(16);
  uint32_t count = static_cast<uint32_t>(list.size());
  ss_status status = bridge::call_plugin(instance.who(), [&] { return function(list.data(), &count); });
  if (status == SS_TOO_SMALL && count > list.size()) {
    if (count > kMostListed) {
      instance.broken(what, "at most " + std::to_string(kMostListed) + " elements", std::to_string(count));
    }
    list.resize(count);
    status = bridge::call_plugin(instance.who(), [&] { return function(list.data(), &count); });
  }
  instance.check(status);
  if (count > list.size()) {
    instance.broken(what, "at most the " + std::to_string(list.size()) + " elements that there was room for",
                    std::to_string(count));
  }
  list.resize(count);
  return list;
}

}  // namespace sshost::model

#endif  // SSHOST_MODEL_INSTANCE_H
