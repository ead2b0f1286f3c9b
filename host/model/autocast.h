#ifndef SSHOST_MODEL_AUTOCAST_H
#define SSHOST_MODEL_AUTOCAST_H

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <optional>

namespace sshost::model {

// While it lives, the operators of this thread run in a reduced precision where PyTorch's automatic mixed precision
// says so: convolutions and matrix products in `dtype`, what loses too much by it in float32. Parameters stay float32;
// they are converted once for each forward. Operators that plugins call are concerned as well. Without a dtype it does
// nothing. Threads: ends on the thread that it began on. Not nested.
class Autocast {
 public:
  Autocast(at::DeviceType device, std::optional<at::ScalarType> dtype);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  at::DeviceType device_;
  bool active_;
  at::ScalarType dtype_before_ = at::kFloat;
};

}  // namespace sshost::model

#endif  // SSHOST_MODEL_AUTOCAST_H
