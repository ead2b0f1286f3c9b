#include "infer/scores.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <array>

namespace sshost::infer {
namespace {

TEST(Scores, TheLikeliestClassIsTheOneOfTheResizedScores) {
  at::manual_seed(1);
  for (const auto& [classes, height, width, out_height, out_width] :
       {std::array<int64_t, 5>{150, 16, 16, 128, 128}, std::array<int64_t, 5>{2, 9, 5, 70, 33},
        std::array<int64_t, 5>{17, 1, 1, 8, 8}, std::array<int64_t, 5>{19, 33, 40, 17, 20},
        std::array<int64_t, 5>{1, 3, 3, 12, 12}, std::array<int64_t, 5>{300, 7, 8, 7, 16}}) {
    const at::Tensor map = at::randn({1, classes, height, width});
    for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
      const at::Tensor found = Scores(map.contiguous(format), {out_height, out_width}).likeliest();
      const Scores resized(map, {out_height, out_width});
      const at::Tensor best = resized.tensor().amax(1).squeeze(0);
      const at::Tensor its_score = resized.tensor().squeeze(0).gather(0, found.unsqueeze(0)).squeeze(0);
      // Where two classes are as likely up to rounding, either is right.
      EXPECT_TRUE(its_score.allclose(best, 0, 1e-5)) << classes << " classes to " << out_height << "x" << out_width;
      EXPECT_GT(found.eq(resized.tensor().argmax(1).squeeze(0)).to(at::kFloat).mean().item<float>(), 0.999);
    }
  }
}

TEST(Scores, OfEqualScoresTheFirstClassIsTaken) {
  const at::Tensor map = at::zeros({1, 40, 4, 4});
  map.select(1, 7).fill_(1);
  map.select(1, 33).fill_(1);
  EXPECT_TRUE(Scores(map, {9, 9}).likeliest().eq(7).all().item<bool>());
  EXPECT_TRUE(Scores(at::full({1, 40, 4, 4}, -5.0F), {9, 9}).likeliest().eq(0).all().item<bool>());
}

TEST(Scores, ThoseOfTheImagesSizeAreLeftAsTheyAre) {
  const at::Tensor scores = at::randn({1, 3, 6, 7});
  EXPECT_TRUE(Scores(scores).tensor().is_same(scores));
  EXPECT_TRUE(Scores(scores).likeliest().equal(scores.argmax(1).squeeze(0)));
}

}  // namespace
}  // namespace sshost::infer
