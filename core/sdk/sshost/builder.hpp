// Where a component declares its layers and state while it is constructed. The names of what it declares are the keys
// of the checkpoint: `build.scope("layer1")` puts "layer1." before those declared through it.
//
// Lifetime: not beyond the component's constructor. Threads: the constructor's own.
#ifndef SSHOST_BUILDER_HPP
#define SSHOST_BUILDER_HPP

#include <sshost/abi/layers.h>

#include <string>
#include <string_view>

#include "host.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

class Builder {
 public:
  explicit Builder(ss_builder handle, std::string prefix = {}) : handle_(handle), prefix_(std::move(prefix)) {}

  Builder scope(std::string_view name) const { return Builder(handle_, path(name)); }
  Builder scope(int64_t index) const { return scope(std::to_string(index)); }

  // The full name of `name`; either part may be empty.
  std::string path(std::string_view name) const {
    const bool dot = !prefix_.empty() && !name.empty();
    return prefix_ + (dot ? "." : "") + std::string(name);
  }

  ss_builder handle() const { return handle_; }

 private:
  ss_builder handle_;
  std::string prefix_;
};

}  // namespace v1
}  // namespace ss

#endif
