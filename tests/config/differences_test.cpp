#include "config/differences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/parse_yaml.h"

namespace sshost::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

std::vector<KeyDifference> between(const std::vector<std::string>& texts) {
  std::vector<Node> pipelines;
  for (const std::string& text : texts) {
    Problems problems;
    pipelines.push_back(parse_yaml(text, "p.yaml", "", problems));
  }
  return differences(pipelines);
}

TEST(Differences, AreTheKeysThatAreNotTheSameEverywhere) {
  const auto found =
      between({"seed: 1\nmodel: {head: {type: fcn, channels: 8}, memory: null}\nrun: [train]\n",
               "seed: 1\nmodel: {head: {type: psp, scales: [1, 2]}, memory: null}\nrun: [train, evaluate]\n",
               "seed: 1\nmodel: {head: {type: psp, scales: [1, 2]}, memory: null}\nrun: [train]\n"});
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].key, "model.head.type");
  EXPECT_THAT(found[0].values,
              ElementsAre(Optional(std::string("fcn")), Optional(std::string("psp")), Optional(std::string("psp"))));
  EXPECT_EQ(found[1].key, "model.head.channels");
  EXPECT_THAT(found[1].values, ElementsAre(Optional(std::string("8")), std::nullopt, std::nullopt));
  EXPECT_EQ(found[2].key, "run");
  EXPECT_THAT(found[2].values, ElementsAre(Optional(std::string("[train]")), Optional(std::string("[train, evaluate]")),
                                           Optional(std::string("[train]"))));
  EXPECT_EQ(found[3].key, "model.head.scales");
}

TEST(Differences, NameTheElementsOfListsOfMaps) {
  const auto found =
      between({"model: {auxiliary: [{type: fcn}, {type: psp}]}\n", "model: {auxiliary: [{type: fcn}]}\n"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].key, "model.auxiliary.1.type");
  EXPECT_THAT(between({"a: [{b: 1}]\n", "a: []\n"}), testing::SizeIs(2));
}

TEST(Differences, LeaveOutWhereARunGoes) {
  EXPECT_THAT(between({"output: /runs/a\nseed: 1\n", "output: /runs/b\nseed: 1\n"}), IsEmpty());
}

}  // namespace
}  // namespace sshost::config
