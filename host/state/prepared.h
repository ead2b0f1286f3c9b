#ifndef SSHOST_STATE_PREPARED_H
#define SSHOST_STATE_PREPARED_H

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "state/workspace.h"

namespace sshost::state {

// What layers have made of their parameters to run faster in inference: folded, reordered, packed; and the memory of
// their maps. It belongs to whoever
// infers, and to the values that the store had meanwhile: where these change (training goes on, other weights are
// loaded), it has to be dropped.
// Threads: any.
class Prepared {
 public:
  // The value of `owner` by the number `kind`, made by the first who asks. What `make` throws is passed on, and nothing
  // is kept then. The type belongs to the kind.
  template <typename T, typename Make>
  std::shared_ptr<const T> get(const void* owner, uint32_t kind, Make&& make) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<const void>& value = values_[{owner, kind}];
    if (!value) value = std::shared_ptr<const T>(std::forward<Make>(make)());
    return std::static_pointer_cast<const T>(value);
  }

  Workspace& workspace() { return workspace_; }

 private:
  std::mutex mutex_;
  std::map<std::pair<const void*, uint32_t>, std::shared_ptr<const void>> values_;
  Workspace workspace_;
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_PREPARED_H
