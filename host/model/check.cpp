#include "model/check.h"

#include <ATen/core/Tensor.h>

#include "bridge/operand.h"

namespace sshost::model {

std::string describe(const at::Tensor& tensor) {
  if (!tensor.defined()) return "NULL";
  return c10::str(c10::getDtypeNames(tensor.scalar_type()).first, " ", tensor.sizes());
}

void require_map(const Instance& instance, std::string_view what, const at::Tensor& map, int64_t batch,
                 int64_t channels) {
  const bool fits = map.defined() && at::isFloatingType(bridge::plain_type(map)) && map.dim() == 4 &&
                    map.size(0) == batch && map.size(1) == channels && map.size(2) > 0 && map.size(3) > 0;
  if (fits) return;
  instance.broken(what, c10::str("floating point [", batch, ", ", channels, ", h, w]"), describe(map));
}

void require_unchanged(const Callee& instance, std::string_view what, const state::LentHandles& lent) {
  if (!lent.any_changed()) return;
  instance.broken(what, "tensors that are as they were lent, since others read them too",
                  "one that was changed in place; work on a copy (aten::clone)");
}

}  // namespace sshost::model
