#ifndef SSHOST_ONNX_DATA_TYPE_H
#define SSHOST_ONNX_DATA_TYPE_H

#include <c10/core/ScalarType.h>

#include <cstdint>

namespace sshost::onnx {

// ONNX's number for an element type (TensorProto.DataType). Throws Error for one that the contract does not have.
int64_t data_type_of(at::ScalarType dtype);

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_DATA_TYPE_H
