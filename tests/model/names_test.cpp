#include "model/names.h"

#include <gtest/gtest.h>

#include "model/named_input.h"

namespace sshost::test {
namespace {

using model::apply_rules;
using model::parse_named_input;

TEST(NameRules, TheLongestDottedPrefixReplacesItself) {
  const std::vector<model::NameRule> rules = {
      {"convs", "decoder"}, {"convs.0.norm", "decoder.1"}, {"convs.0", "decoder.zero"}};
  EXPECT_EQ(apply_rules(rules, "convs.0.norm.weight"), "decoder.1.weight");
  EXPECT_EQ(apply_rules(rules, "convs.0.conv.weight"), "decoder.zero.conv.weight");
  EXPECT_EQ(apply_rules(rules, "convs.1.conv.weight"), "decoder.1.conv.weight");
}

TEST(NameRules, APrefixEndsAtADot) {
  EXPECT_EQ(apply_rules({{"norm", "bn"}}, "norms.weight"), std::nullopt);
  EXPECT_EQ(apply_rules({{"norm", "bn"}}, "norm"), "bn");
}

TEST(NameRules, AnEmptyPrefixFitsEveryKey) {
  EXPECT_EQ(apply_rules({{"", "backbone_net"}}, "layer1.0.weight"), "backbone_net.layer1.0.weight");
  EXPECT_EQ(apply_rules({{"", ""}}, "layer1.0.weight"), "layer1.0.weight");
  EXPECT_EQ(apply_rules({{"stem", ""}}, "stem.conv.weight"), "conv.weight");
}

TEST(NamedInputs, AreTheImageOrTheLogitsOfAnAuxiliaryHead) {
  EXPECT_EQ(parse_named_input("image")->auxiliary, std::nullopt);
  EXPECT_EQ(parse_named_input("auxiliary.12.logits")->auxiliary, 12U);
  for (const char* name : {"", "images", "auxiliary.logits", "auxiliary..logits", "auxiliary.-1.logits",
                           "auxiliary.1x.logits", "auxiliary.0.features"}) {
    EXPECT_FALSE(parse_named_input(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace sshost::test
