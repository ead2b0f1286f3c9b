#include "output/npy_file.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.h"
#include "temp_folder.h"

namespace sshost::output {
namespace {

using testing::HasSubstr;

// By the description of the format: magic, version 1.0, a header of a length that makes the data begin at a multiple of
// 64.
struct Read {
  std::string header;
  std::string data;
};

Read read(const std::filesystem::path& path) {
  const std::string bytes = test::read_bytes(path);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  uint16_t length = 0;
  std::memcpy(&length, bytes.data() + 8, 2);
  EXPECT_EQ((10 + length) % 64, 0);
  EXPECT_EQ(bytes.at(9 + length), '\n');
  return {bytes.substr(10, length), bytes.substr(10 + length)};
}

TEST(NpyFile, HoldsShapeTypeAndValuesInOrder) {
  const test::TempFolder folder;
  const at::Tensor values = at::rand({2, 3, 4}).transpose(0, 2);  // not contiguous
  write_npy(folder / "a.npy", values);
  const Read file = read(folder / "a.npy");
  EXPECT_THAT(file.header, HasSubstr("'descr': '<f4'"));
  EXPECT_THAT(file.header, HasSubstr("'fortran_order': False"));
  EXPECT_THAT(file.header, HasSubstr("'shape': (4,3,2,)"));
  ASSERT_EQ(file.data.size(), 24 * sizeof(float));
  float third = 0;
  std::memcpy(&third, file.data.data() + 2 * sizeof(float), sizeof(float));
  EXPECT_EQ(third, values[0][1][0].item<float>());
}

TEST(NpyFile, HoldsHalfPrecision) {
  const test::TempFolder folder;
  write_npy(folder / "a.npy", at::ones({3}, at::kHalf));
  const Read file = read(folder / "a.npy");
  EXPECT_THAT(file.header, HasSubstr("'descr': '<f2'"));
  EXPECT_THAT(file.header, HasSubstr("'shape': (3,)"));
  EXPECT_EQ(file.data, std::string("\x00\x3c\x00\x3c\x00\x3c", 6));
}

TEST(NpyFile, RefusesOtherTypes) {
  const test::TempFolder folder;
  EXPECT_THROW(write_npy(folder / "a.npy", at::ones({3}, at::kLong)), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace sshost::output
