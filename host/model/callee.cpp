#include "model/callee.h"

#include "base/error.h"
#include "base/utf8.h"
#include "bridge/handle.h"

namespace sshost::model {

void Callee::check(ss_status status) const {
  if (status != SS_OK) require_sound_handles();  // what went wrong with a handle may be why
  bridge::check(status, who_);
}

void Callee::broken(std::string_view what, std::string_view expected, std::string_view found) const {
  throw Error(who_ + ": " + std::string(what) + ": expected " + std::string(expected) + ", found " +
              std::string(found));
}

at::Tensor Callee::take(ss_tensor handle) const {
  if (handle != nullptr && bridge::handle_ledger_is_kept && !bridge::knows_handle(handle)) require_sound_handles();
  return bridge::take(handle);
}

void Callee::require_sound_handles() const {
  if (!bridge::handle_ledger_is_kept) return;
  const std::string mistake = bridge::take_handle_mistake();
  if (!mistake.empty()) broken("the handles of tensors", "each released once, and none made up", mistake);
}

std::string Callee::checked_text(const ss_string& text, std::string_view what) const {
  if (text.size > 0 && text.data == nullptr) broken(what, "text", "a null pointer");
  if (!is_utf8(bridge::view(text))) broken(what, "UTF-8", "other bytes");
  return std::string(bridge::view(text));
}

}  // namespace sshost::model
