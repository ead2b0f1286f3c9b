#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <array>
#include <limits>

#include "values.h"

namespace sshost::bridge::testing {
namespace {

using ::testing::HasSubstr;
using Tensors = NoHandleLeft;

TEST_F(Tensors, AHandleHoldsItsTensorUntilTheLastRelease) {
  at::Tensor tensor = at::ones({3});
  const c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl> watch(tensor.getIntrusivePtr());
  const ss_tensor handle = to_handle(std::move(tensor));
  retain(handle);
  EXPECT_EQ(live_handles(), before_ + 2);
  release(handle);
  EXPECT_FALSE(watch.expired());
  EXPECT_TRUE(at::equal(borrow(handle), at::ones({3})));
  release(handle);
  EXPECT_TRUE(watch.expired());
}

TEST_F(Tensors, NullIsTheUndefinedTensor) {
  EXPECT_EQ(to_handle(at::Tensor()), nullptr);
  EXPECT_FALSE(borrow(nullptr).defined());
  EXPECT_FALSE(take(nullptr).defined());
  tensor_table()->retain(nullptr);
  tensor_table()->release(nullptr);
}

TEST_F(Tensors, DataGoesInAndOutUnchanged) {
  const std::array<float, 6> data = {1, 2, 3, 4, 5, 6};
  const int64_t sizes[] = {2, 3};
  ss_tensor handle = nullptr;
  ASSERT_EQ(tensor_table()->from_data(data.data(), sizeof(data), sizes, 2, SS_FLOAT32, &handle), SS_OK) << message();
  EXPECT_EQ(tensor_table()->dim(handle), 2);
  EXPECT_EQ(tensor_table()->numel(handle), 6);
  EXPECT_EQ(tensor_table()->dtype(handle), SS_FLOAT32);
  int64_t width = 0;
  EXPECT_EQ(tensor_table()->size(handle, -1, &width), SS_OK);
  EXPECT_EQ(width, 3);
  // A transposed view is copied out row by row of what it shows.
  const Handle turned(borrow(handle).t());
  std::array<float, 6> out{};
  EXPECT_EQ(tensor_table()->to_data(turned, out.data(), sizeof(out)), SS_OK) << message();
  EXPECT_EQ(out, (std::array<float, 6>{1, 4, 2, 5, 3, 6}));
  release(handle);
}

TEST_F(Tensors, AScalarAndAnEmptyTensorHaveData) {
  const int64_t value = 41, none[] = {0, 4};
  ss_tensor scalar = nullptr, empty = nullptr;
  ASSERT_EQ(tensor_table()->from_data(&value, 8, nullptr, 0, SS_INT64, &scalar), SS_OK) << message();
  ASSERT_EQ(tensor_table()->from_data(nullptr, 0, none, 2, SS_INT64, &empty), SS_OK) << message();
  EXPECT_EQ(borrow(scalar).item<int64_t>(), 41);
  EXPECT_EQ(tensor_table()->numel(empty), 0);
  EXPECT_EQ(tensor_table()->to_data(empty, nullptr, 0), SS_OK);
  release(scalar);
  release(empty);
}

TEST_F(Tensors, WrongByteCountsDtypesAndSizesAreRefusedWithoutAHandle) {
  const float data[4] = {};
  const int64_t four[] = {4}, negative[] = {-4}, huge[] = {int64_t{1} << 40, int64_t{1} << 40};
  ss_tensor handle = nullptr;
  const ss_tensor_table& table = *tensor_table();
  EXPECT_EQ(table.from_data(data, 12, four, 1, SS_FLOAT32, &handle), SS_INVALID_ARGUMENT);
  EXPECT_THAT(std::string(message()), HasSubstr("16 bytes expected"));
  EXPECT_EQ(table.from_data(data, 16, negative, 1, SS_FLOAT32, &handle), SS_INVALID_ARGUMENT);
  EXPECT_EQ(table.from_data(data, 0, huge, 2, SS_FLOAT32, &handle), SS_INVALID_ARGUMENT);
  EXPECT_EQ(table.from_data(data, 16, four, 1, 9, &handle), SS_INVALID_ARGUMENT);
  EXPECT_THAT(std::string(message()), HasSubstr("9 is no dtype"));
  EXPECT_EQ(table.from_data(nullptr, 16, four, 1, SS_FLOAT32, &handle), SS_INVALID_ARGUMENT);
  EXPECT_EQ(handle, nullptr);
}

TEST_F(Tensors, ToDataWantsTheExactLength) {
  const Handle handle(at::ones({3}));
  float out[3] = {};
  EXPECT_EQ(tensor_table()->to_data(handle, out, 8), SS_INVALID_ARGUMENT);
  EXPECT_THAT(std::string(message()), HasSubstr("12 bytes expected"));
  EXPECT_EQ(tensor_table()->to_data(nullptr, out, 12), SS_INVALID_ARGUMENT);
}

TEST_F(Tensors, AnAxisOutOfRangeIsRefused) {
  const Handle handle(at::ones({3}));
  int64_t size = -1;
  EXPECT_EQ(tensor_table()->size(handle, 1, &size), SS_INVALID_ARGUMENT);
  EXPECT_EQ(tensor_table()->size(handle, -2, &size), SS_INVALID_ARGUMENT);
  EXPECT_EQ(size, -1);
}

}  // namespace
}  // namespace sshost::bridge::testing
