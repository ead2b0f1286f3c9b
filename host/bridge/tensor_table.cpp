#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "bridge/operand.h"
#include "bridge/tables.h"

namespace sshost::bridge {
namespace {

constexpr std::array kDtypes = {SS_UINT8,   SS_INT8,    SS_INT16,   SS_INT32, SS_INT64,
                                SS_FLOAT16, SS_FLOAT32, SS_FLOAT64, SS_BOOL,  SS_BFLOAT16};

static_assert(static_cast<int>(at::kByte) == SS_UINT8 && static_cast<int>(at::kChar) == SS_INT8 &&
              static_cast<int>(at::kShort) == SS_INT16 && static_cast<int>(at::kInt) == SS_INT32 &&
              static_cast<int>(at::kLong) == SS_INT64 && static_cast<int>(at::kHalf) == SS_FLOAT16 &&
              static_cast<int>(at::kFloat) == SS_FLOAT32 && static_cast<int>(at::kDouble) == SS_FLOAT64 &&
              static_cast<int>(at::kBool) == SS_BOOL && static_cast<int>(at::kBFloat16) == SS_BFLOAT16);

[[noreturn]] void refuse(const std::string& message) { throw StatusError(SS_INVALID_ARGUMENT, message); }

at::ScalarType scalar_type(ss_dtype dtype) {
  if (std::find(kDtypes.begin(), kDtypes.end(), dtype) == kDtypes.end()) {
    refuse("tensor from data: " + std::to_string(dtype) + " is no dtype of the contract (ss_dtype)");
  }
  return static_cast<at::ScalarType>(dtype);
}

at::IntArrayRef checked_sizes(const int64_t* sizes, int32_t dim) {
  if (dim < 0 || (dim > 0 && sizes == nullptr))
    refuse("tensor from data: no sizes for " + std::to_string(dim) + " axes");
  return {sizes, static_cast<size_t>(dim)};
}

uint64_t byte_count(at::IntArrayRef sizes, uint64_t element_bytes) {
  uint64_t bytes = element_bytes;
  for (int64_t size : sizes) {
    if (size < 0) refuse("tensor from data: a size is negative: " + std::to_string(size));
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes)) {
      refuse("tensor from data: the sizes' product is too large");
    }
  }
  return bytes;
}

void check_bytes(const char* what, uint64_t expected, uint64_t found, const at::Tensor& tensor) {
  if (expected == found) return;
  refuse(std::string(what) + ": " + std::to_string(expected) + " bytes expected for " + std::string(tensor.toString()) +
         " of sizes " + c10::str(tensor.sizes()) + ", " + std::to_string(found) + " given");
}

at::Tensor required(ss_tensor handle, const char* what) {
  if (handle == nullptr) refuse(std::string(what) + ": the tensor is NULL");
  return borrow(handle);
}

int32_t dim(ss_tensor handle) { return handle == nullptr ? 0 : static_cast<int32_t>(borrow(handle).dim()); }

int64_t numel(ss_tensor handle) { return handle == nullptr ? 0 : borrow(handle).numel(); }

ss_dtype dtype(ss_tensor handle) {
  if (handle == nullptr) return -1;
  return static_cast<ss_dtype>(plain_type(borrow(handle)));
}

ss_status size(ss_tensor handle, int32_t axis, int64_t* out) {
  return guarded([&] {
    const at::Tensor tensor = required(handle, "size of an axis");
    const int64_t dims = tensor.dim();
    if (axis >= dims || axis < -dims) {
      refuse("size of an axis: axis " + std::to_string(axis) + " of a tensor with " + std::to_string(dims) + " axes");
    }
    *out = tensor.size(axis);
  });
}

ss_status from_data(const void* data, uint64_t bytes, const int64_t* sizes, int32_t dims, ss_dtype type,
                    ss_tensor* out) {
  return guarded([&] {
    const at::ScalarType element = scalar_type(type);
    const at::IntArrayRef shape = checked_sizes(sizes, dims);
    const uint64_t expected = byte_count(shape, c10::elementSize(element));
    if (expected != bytes) {
      refuse("tensor from data: " + std::to_string(expected) + " bytes expected for " + c10::toString(element) +
             " of sizes " + c10::str(shape) + ", " + std::to_string(bytes) + " given");
    }
    if (data == nullptr && bytes != 0) refuse("tensor from data: the data is NULL");
    at::Tensor tensor = at::empty(shape, at::TensorOptions(element));
    if (bytes != 0) std::memcpy(tensor.mutable_data_ptr(), data, bytes);
    *out = to_handle(std::move(tensor));
  });
}

ss_status to_data(ss_tensor handle, void* data, uint64_t bytes) {
  return guarded([&] {
    const c10::NoGradGuard no_gradient;
    const at::Tensor tensor = plain(required(handle, "tensor to data"));
    check_bytes("tensor to data", tensor.numel() * tensor.element_size(), bytes, tensor);
    if (bytes == 0) return;
    const at::Tensor plain = tensor.cpu().contiguous().resolve_conj().resolve_neg();
    std::memcpy(data, plain.const_data_ptr(), bytes);
  });
}

constexpr ss_tensor_table kTable = {retain, release, dim, numel, dtype, size, from_data, to_data};

}  // namespace

const ss_tensor_table* tensor_table() { return &kTable; }

}  // namespace sshost::bridge
