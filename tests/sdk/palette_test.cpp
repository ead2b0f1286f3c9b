#include <gtest/gtest.h>

#include <cmath>
#include <sshost/palette.hpp>

namespace {

double distance(const ss::Color& one, const ss::Color& other) {
  double sum = 0;
  for (size_t c = 0; c < 3; ++c) sum += std::pow(double(one[c]) - other[c], 2);
  return std::sqrt(sum);
}

TEST(Palette, OwnColorsAreApartFromEachOtherAndFromMistakes) {
  const ss::Color mistake{225, 29, 72};
  for (size_t i = 0; i < 24; ++i) {
    EXPECT_GT(distance(ss::own_color(i), mistake), 80) << i;
    EXPECT_GT(distance(ss::own_color(i), {0, 0, 0}), 80) << i << " is taken for a background";
    for (size_t j = i < 8 ? 0 : i - 8; j < i; ++j)
      EXPECT_GT(distance(ss::own_color(i), ss::own_color(j)), 30) << i << " and " << j;
  }
}

TEST(Palette, KnowsABackgroundByItsName) {
  for (const char* name : {"background", "Background", "__background__", "BG"}) EXPECT_TRUE(ss::is_background(name));
  for (const char* name : {"back", "ground", "foreground", ""}) EXPECT_FALSE(ss::is_background(name));
}

}  // namespace
