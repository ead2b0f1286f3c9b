#ifndef SSHOST_MODEL_CALLEE_H
#define SSHOST_MODEL_CALLEE_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/tensor.h>

#include <string>
#include <string_view>
#include <utility>

#include "bridge/boundary.h"
#include "plugin/at_work.h"

namespace sshost::model {

// A component of a plugin whose functions are called: names it in errors.
class Callee {
 public:
  explicit Callee(std::string who) : who_(std::move(who)) {}

  // "head psp (plugins/psp.so)"
  const std::string& who() const { return who_; }

  // Calls a function of the plugin, as `work`. Throws Error with the plugin's message where it does not give SS_OK.
  template <typename Work>
  void call(Work&& work) const {
    const plugin::AtWork at_work(who_);
    check(bridge::call_plugin(who_, work));
    require_sound_handles();
  }

  // The tensor of a handle that the plugin returned, which is used up. Where the ledger of handles is kept
  // (bridge/handle_ledger.h), throws Error that names the plugin for one that is none.
  at::Tensor take(ss_tensor handle) const;
  void check(ss_status status) const;

  // Throws Error: "<who>: <what>: expected <expected>, found <found>".
  [[noreturn]] void broken(std::string_view what, std::string_view expected, std::string_view found) const;

  // A text that the plugin gave. Throws as `broken` does where it is none, or not UTF-8.
  std::string checked_text(const ss_string& text, std::string_view what) const;

 private:
  void require_sound_handles() const;

  std::string who_;
};

}  // namespace sshost::model

#endif  // SSHOST_MODEL_CALLEE_H
