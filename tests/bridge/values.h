// Operators called as a plugin calls them: through the table, with ss_value.
#ifndef SSHOST_TESTS_BRIDGE_VALUES_H
#define SSHOST_TESTS_BRIDGE_VALUES_H

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "bridge/tables.h"

namespace sshost::bridge::testing {

inline ss_value none() { return {.tag = SS_VALUE_NONE, .count = 0, .as = {.integer = 0}}; }
inline ss_value tensor(ss_tensor handle) { return {.tag = SS_VALUE_TENSOR, .count = 0, .as = {.tensor = handle}}; }
inline ss_value integer(int64_t value) { return {.tag = SS_VALUE_INT, .count = 0, .as = {.integer = value}}; }
inline ss_value real(double value) { return {.tag = SS_VALUE_DOUBLE, .count = 0, .as = {.real = value}}; }
inline ss_value boolean(bool value) { return {.tag = SS_VALUE_BOOL, .count = 0, .as = {.integer = value ? 1 : 0}}; }
inline ss_value device_of(ss_tensor handle) {
  return {.tag = SS_VALUE_DEVICE_OF, .count = 0, .as = {.tensor = handle}};
}
inline ss_value text(std::string_view value) {
  return {.tag = SS_VALUE_STRING, .count = static_cast<uint32_t>(value.size()), .as = {.text = value.data()}};
}
inline ss_value integers(std::span<const int64_t> values) {
  return {.tag = SS_VALUE_INTS, .count = static_cast<uint32_t>(values.size()), .as = {.integers = values.data()}};
}
inline ss_value reals(std::span<const double> values) {
  return {.tag = SS_VALUE_DOUBLES, .count = static_cast<uint32_t>(values.size()), .as = {.reals = values.data()}};
}
inline ss_value booleans(std::span<const uint8_t> values) {
  return {.tag = SS_VALUE_BOOLS, .count = static_cast<uint32_t>(values.size()), .as = {.bools = values.data()}};
}
inline ss_value tensors(std::span<const ss_tensor> values) {
  return {.tag = SS_VALUE_TENSORS, .count = static_cast<uint32_t>(values.size()), .as = {.tensors = values.data()}};
}

inline ss_operator resolve(std::string_view name) {
  ss_operator op = nullptr;
  EXPECT_EQ(ops_table()->resolve(to_ss_string(name), &op), SS_OK) << message();
  return op;
}

// The status and the results of one call; results that are tensors are the caller's.
struct Outcome {
  ss_status status;
  std::vector<ss_value> results;
};

inline Outcome call(std::string_view name, const std::vector<ss_value>& arguments, uint32_t room = 8) {
  Outcome outcome{SS_OK, std::vector<ss_value>(room)};
  uint32_t count = room;
  outcome.status = ops_table()->call(resolve(name), arguments.data(), static_cast<uint32_t>(arguments.size()),
                                     outcome.results.data(), &count);
  outcome.results.resize(outcome.status == SS_OK ? count : 0);
  return outcome;
}

// The one tensor that the call gives.
inline at::Tensor call_tensor(std::string_view name, const std::vector<ss_value>& arguments) {
  const Outcome outcome = call(name, arguments);
  EXPECT_EQ(outcome.status, SS_OK) << message();
  if (outcome.results.size() != 1 || outcome.results[0].tag != SS_VALUE_TENSOR) {
    ADD_FAILURE() << name << " gave something else than one tensor";
    return {};
  }
  return take(outcome.results[0].as.tensor);
}

// The message of a call that has to fail with `status`.
inline std::string refusal(ss_status status, std::string_view name, const std::vector<ss_value>& arguments) {
  EXPECT_EQ(call(name, arguments).status, status);
  return std::string(message());
}

// A handle for the length of a test's scope.
class Handle {
 public:
  explicit Handle(const at::Tensor& value) : handle_(to_handle(value)) {}
  ~Handle() { release(handle_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator ss_tensor() const { return handle_; }

 private:
  ss_tensor handle_;
};

// Every handle that a test made has to be gone when it ends.
class NoHandleLeft : public ::testing::Test {
 protected:
  ~NoHandleLeft() override { EXPECT_EQ(live_handles(), before_); }  // after a fixture's own handles
  int64_t before_ = live_handles();
};

}  // namespace sshost::bridge::testing

#endif  // SSHOST_TESTS_BRIDGE_VALUES_H
