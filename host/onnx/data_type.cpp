#include "onnx/data_type.h"

#include <string>

#include "base/error.h"

namespace sshost::onnx {

int64_t data_type_of(at::ScalarType dtype) {
  switch (dtype) {
    case at::kFloat:
      return 1;
    case at::kByte:
      return 2;
    case at::kChar:
      return 3;
    case at::kShort:
      return 5;
    case at::kInt:
      return 6;
    case at::kLong:
      return 7;
    case at::kBool:
      return 9;
    case at::kHalf:
      return 10;
    case at::kDouble:
      return 11;
    case at::kBFloat16:
      return 16;
    default:
      throw Error(std::string("ONNX has no element type for ") + c10::toString(dtype));
  }
}

}  // namespace sshost::onnx
