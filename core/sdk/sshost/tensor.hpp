// ss::Tensor: a handle to an array that the host owns. Copies share the array, as in PyTorch.
//
// Functions and operators on tensors are in ops/*.hpp; operators of ATen that are not there are one `ss::call` away
// (call.hpp). Shapes are row-major; an image batch is [N, C, H, W]; a negative axis counts from the end.
// Threads: any thread may hold and read tensors; see context.hpp for where operators may run.
#ifndef SSHOST_TENSOR_HPP
#define SSHOST_TENSOR_HPP

#include <sshost/abi/tensor.h>

#include <array>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dtype.hpp"
#include "host.hpp"
#include "size.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// A list of sizes or axes as an argument: `{n, c, -1}`, a std::vector<int64_t>, a std::array. Borrowed for the call.
class Ints : public std::span<const int64_t> {
 public:
  Ints(std::initializer_list<int64_t> values) : span(values.begin(), values.size()) {}
  Ints(const std::vector<int64_t>& values) : span(values) {}
  Ints(std::span<const int64_t> values) : span(values) {}
  template <std::size_t n>
  Ints(const std::array<int64_t, n>& values) : span(values) {}
};

namespace detail {

inline const ss_tensor_table& tensor_api() { return capability<SS_TENSOR_1, ss_tensor_table>(); }

}  // namespace detail

class Tensor {
 public:
  // No tensor: as an argument it stands for an optional one that is absent.
  Tensor() = default;
  Tensor(const Tensor& other) : handle_(other.handle_) {
    if (handle_ != nullptr) detail::tensor_api().retain(handle_);
  }
  Tensor(Tensor&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Tensor& operator=(Tensor other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Tensor() {
    if (handle_ != nullptr) detail::tensor_api().release(handle_);
  }

  // From a handle of the ABI: `adopt` takes over the caller's count, `share` adds its own.
  static Tensor adopt(ss_tensor handle) {
    Tensor result;
    result.handle_ = handle;
    return result;
  }
  static Tensor share(ss_tensor handle) {
    if (handle != nullptr) detail::tensor_api().retain(handle);
    return adopt(handle);
  }
  ss_tensor handle() const { return handle_; }
  ss_tensor release() { return std::exchange(handle_, nullptr); }

  // A new tensor on the CPU with a copy of `values`, as many as `sizes` have elements.
  template <class T>
  static Tensor from(std::span<const T> values, Ints sizes) {
    ss_tensor result = nullptr;
    detail::check(detail::tensor_api().from_data(values.data(), values.size_bytes(), sizes.data(),
                                                 static_cast<int32_t>(sizes.size()),
                                                 static_cast<ss_dtype>(detail::dtype_of<T>), &result));
    return adopt(result);
  }
  template <class T>
  static Tensor from(const std::vector<T>& values, Ints sizes) {
    return from(std::span<const T>(values), sizes);
  }

  explicit operator bool() const { return handle_ != nullptr; }
  bool defined() const { return handle_ != nullptr; }

  int64_t dim() const { return detail::tensor_api().dim(defined_handle()); }
  int64_t numel() const { return detail::tensor_api().numel(defined_handle()); }
  Dtype dtype() const { return static_cast<Dtype>(detail::tensor_api().dtype(defined_handle())); }
  int64_t size(int64_t axis) const {
    int64_t result = 0;
    detail::check(detail::tensor_api().size(defined_handle(), static_cast<int32_t>(axis), &result));
    return result;
  }
  std::vector<int64_t> sizes() const {
    std::vector<int64_t> result;
    for (int64_t axis = 0; axis < dim(); ++axis) result.push_back(size(axis));
    return result;
  }
  // The last two sizes.
  Size spatial() const { return {size(-2), size(-1)}; }

  // A copy of all elements, row-major. `T` must be the element type; from any device.
  template <class T>
  std::vector<T> to_vector() const {
    if (dtype() != detail::dtype_of<T>) throw Error("to_vector: the tensor's elements are of another type");
    std::vector<T> result(static_cast<std::size_t>(numel()));
    detail::check(detail::tensor_api().to_data(handle_, result.data(), result.size() * sizeof(T)));
    return result;
  }

  // The value of a tensor with one element, converted to `T`. Waits for the device.
  template <class T>
  T item() const {
    if (numel() != 1) throw Error("item: expected one element, found " + std::to_string(numel()));
    switch (dtype()) {
      case Dtype::uint8:
        return element<uint8_t, T>();
      case Dtype::boolean:
        return element<uint8_t, T>();
      case Dtype::int32:
        return element<int32_t, T>();
      case Dtype::int64:
        return element<int64_t, T>();
      case Dtype::float32:
        return element<float, T>();
      case Dtype::float64:
        return element<double, T>();
      default:
        throw Error("item: convert the tensor to float32 or int64 first");
    }
  }

 private:
  template <class Stored, class T>
  T element() const {
    Stored value{};
    detail::check(detail::tensor_api().to_data(handle_, &value, sizeof(value)));
    return static_cast<T>(value);
  }

  ss_tensor defined_handle() const {
    if (handle_ == nullptr) throw Error("a tensor that is not defined was used");
    return handle_;
  }

  ss_tensor handle_ = nullptr;
};

// "[2, 512, 64, 64]", for messages.
inline std::string to_string(Ints sizes) {
  std::string text;
  for (const int64_t size : sizes) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

}  // namespace v1
}  // namespace ss

#endif
