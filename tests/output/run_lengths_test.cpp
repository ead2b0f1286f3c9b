#include "output/run_lengths.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace sshost::output {
namespace {

// An independent reader of the compressed form, to a mask [h, w].
at::Tensor decoded(const std::string& text, int64_t height, int64_t width) {
  std::vector<int64_t> lengths;
  for (size_t at = 0; at < text.size();) {
    int64_t value = 0;
    int shift = 0;
    int group = 0;
    do {
      group = text[at++] - 48;
      value |= static_cast<int64_t>(group & 31) << shift;
      shift += 5;
    } while ((group & 32) != 0);
    if ((group & 16) != 0) value -= int64_t{1} << shift;
    if (lengths.size() > 2) value += lengths[lengths.size() - 2];
    lengths.push_back(value);
  }
  std::vector<int64_t> column_major;
  for (size_t i = 0; i < lengths.size(); ++i) column_major.insert(column_major.end(), lengths[i], i % 2);
  return at::tensor(column_major, at::kLong).view({width, height}).t();
}

// The classes (y / 9 + x / 20) mod 3 of 37 x 53 pixels, encoded by pycocotools 2.0.
TEST(RunLengths, EqualThoseOfPycocotools) {
  const at::Tensor y = at::arange(37).view({37, 1}).floor_divide(9);
  const at::Tensor x = at::arange(53).view({1, 53}).floor_divide(20);
  const auto lengths = class_run_lengths((y + x).remainder(3));
  ASSERT_EQ(lengths.size(), 3u);
  EXPECT_EQ(
      compressed(lengths.at(0)),
      "09b00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_"
      "O0a00_O0a001090000000000000000000000000000000000000G0OHG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89H");
  EXPECT_EQ(
      compressed(lengths.at(1)),
      "99b0HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG89HG8910O_O0a00_O0a00_O0a00_O0a00_"
      "O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a00_O0a0010900000000000000000"
      "000000^O");
}

TEST(RunLengths, AMaskThatBeginsWithOneHasAnEmptyFirstRun) {
  at::Tensor classes = at::zeros({5, 7}, at::kLong);
  classes.narrow(0, 1, 3).narrow(1, 2, 4).fill_(1);
  classes[0][0] = 1;
  EXPECT_EQ(compressed(class_run_lengths(classes).at(1)), "01:2H000004");  // by pycocotools 2.0
}

TEST(RunLengths, DecodeToTheMasks) {
  at::manual_seed(5);
  for (const auto& [height, width, rough] :
       {std::tuple<int64_t, int64_t, int64_t>{1, 1, 1}, {300, 411, 100}, {33, 7, 1}}) {
    const at::Tensor coarse = at::randint(0, 5, {1, 1, height / rough + 1, width / rough + 1}, at::kFloat);
    const at::Tensor classes = at::upsample_nearest2d(coarse, {height, width})[0][0].to(at::kLong);
    at::Tensor covered = at::zeros_like(classes);
    for (const auto& [label, lengths] : class_run_lengths(classes)) {
      const at::Tensor mask = decoded(compressed(lengths), height, width);
      EXPECT_TRUE(mask.eq(1).equal(classes.eq(label)));
      covered += mask;
    }
    EXPECT_TRUE(covered.eq(1).all().item<bool>());
  }
}

}  // namespace
}  // namespace sshost::output
