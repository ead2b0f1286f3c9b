#include "image/exif_orientation.h"

#include <gtest/gtest.h>

#include "image/exif_data.h"

namespace sshost::image {
namespace {

using testing::exif_data;

TEST(ExifOrientation, IsReadInBothByteOrders) {
  for (int value = 1; value <= 8; ++value) {
    EXPECT_EQ(exif_orientation(exif_data(value, true)), value);
    EXPECT_EQ(exif_orientation(exif_data(value, false)), value);
  }
}

TEST(ExifOrientation, IsUprightWhereNothingIsSaid) {
  EXPECT_EQ(exif_orientation({}), 1);
  EXPECT_EQ(exif_orientation(exif_data(0, true)), 1);
  EXPECT_EQ(exif_orientation(exif_data(9, true)), 1);
}

TEST(ExifOrientation, IsUprightWhereTheDataEndTooEarly) {
  const std::vector<uint8_t> whole = exif_data(6, true);
  const size_t end_of_value = whole.size() - 2;
  for (size_t length = 0; length <= whole.size(); ++length) {
    EXPECT_EQ(exif_orientation(std::span(whole).first(length)), length < end_of_value ? 1 : 6) << length;
  }
}

}  // namespace
}  // namespace sshost::image
