#include "model/name_change.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace sshost::test {
namespace {

using model::NameChange;
using model::PermuteBlocks;
using model::Regroup;
using model::ResizeGrid;
using testing::HasSubstr;

at::Tensor row(std::vector<float> values) { return at::tensor(values); }

// `ours` becomes `theirs`, and comes back.
void expect_both_ways(const std::vector<NameChange>& changes, const at::Tensor& ours, const at::Tensor& theirs) {
  EXPECT_TRUE(model::to_theirs(changes, ours).equal(theirs)) << model::to_theirs(changes, ours);
  const auto back = model::to_ours(changes, theirs, ours.sizes());
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE(back->equal(ours)) << *back;
}

template <typename Function>
std::string error_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(NameChange, PutsBlocksInTheOrderOfTheFormat) {
  // Two branches of two channels and a pooled one: ours last, theirs first.
  const NameChange pooled_first = PermuteBlocks{1, {2, 0, 1}, {}};
  expect_both_ways({pooled_first}, row({1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6}).view({2, 6}),
                   row({5, 6, 1, 2, 3, 4, -5, -6, -1, -2, -3, -4}).view({2, 6}));
}

TEST(NameChange, PermutesBlocksOfUnequalSizes) {
  expect_both_ways({PermuteBlocks{0, {1, 2, 0}, {3, 1, 2}}}, row({1, 2, 3, 4, 5, 6}), row({4, 5, 6, 1, 2, 3}));
}

TEST(NameChange, RegroupsAnAxis) {
  // Three channels of two places, stored place by place.
  expect_both_ways({Regroup{0, 3}}, row({10, 11, 20, 21, 30, 31}), row({10, 20, 30, 11, 21, 31}));
}

TEST(NameChange, TurnsAPatchOfChannelMajorPlacesIntoSwinsOrder) {
  // Two channels of a 2 x 2 patch: ours row by row within a channel; theirs (0, 0), (1, 0), (0, 1), (1, 1) with all
  // channels.
  const at::Tensor ours = row({100, 101, 110, 111, 200, 201, 210, 211}).view({1, 8});
  const at::Tensor theirs = row({100, 200, 110, 210, 101, 201, 111, 211}).view({1, 8});
  expect_both_ways({Regroup{1, 2}, PermuteBlocks{1, {0, 2, 1, 3}, {}}}, ours, theirs);
}

TEST(NameChange, ResizesAGridOfPositionsBehindItsPrefix) {
  // Bilinear between the centres of cells: 2 cells to 4 take weights 1, 3/4, 1/4, 0.
  const at::Tensor theirs = row({9, 0, 4, 0, 4}).view({1, 5, 1});
  const auto ours = model::to_ours({ResizeGrid{1, 1, 2, 4, false}}, theirs, {1, 9, 1});
  ASSERT_TRUE(ours.has_value());
  EXPECT_TRUE(ours->equal(row({9, 0, 1, 3, 4, 0, 1, 3, 4}).view({1, 9, 1}))) << *ours;
}

TEST(NameChange, ResizesATableOfPositionsWithTheCubicKernel) {
  // Heads lie along the second axis; a constant stays one under both kernels, and the cubic one overshoots at a step.
  const at::Tensor theirs = at::stack({at::full({9}, 3.), row({0, 0, 4, 0, 0, 4, 0, 0, 4})}, 1);
  const auto ours = model::to_ours({ResizeGrid{0, 0, 3, 6, true}}, theirs, {18, 2});
  ASSERT_TRUE(ours.has_value());
  EXPECT_TRUE(ours->select(1, 0).allclose(at::full({18}, 3.)));
  EXPECT_LT(ours->select(1, 1).min().item<float>(), -0.05F);
}

TEST(NameChange, LeavesAGridOfTheSameSizeAloneInBothDirections) {
  expect_both_ways({ResizeGrid{0, 1, 2, 2, true}}, row({1, 2, 3, 4, 5}), row({1, 2, 3, 4, 5}));
}

TEST(NameChange, KeepsTheDtypeOfWhatItResizes) {
  const auto ours = model::to_ours({ResizeGrid{0, 0, 2, 2, false}}, at::ones({9}, at::kHalf), {4});
  EXPECT_EQ(ours->scalar_type(), at::kHalf);
}

TEST(NameChange, AFileOfAnotherShapeIsNotExplained) {
  EXPECT_EQ(model::to_ours({}, row({1, 2}), {3}), std::nullopt);
  EXPECT_EQ(model::to_ours({PermuteBlocks{0, {1, 0}, {}}}, row({1, 2, 3}), {2}), std::nullopt);
  EXPECT_EQ(model::to_ours({PermuteBlocks{1, {1, 0}, {}}}, row({1, 2}), {1, 2}), std::nullopt);
  const ResizeGrid grid{0, 1, 2, 2, false};
  EXPECT_EQ(model::to_ours({grid}, at::ones({7, 3}), {5, 3}), std::nullopt);   // six cells are no square
  EXPECT_EQ(model::to_ours({grid}, at::ones({10, 4}), {5, 3}), std::nullopt);  // the other axis differs
  EXPECT_EQ(model::to_ours({grid}, at::ones({}), {5, 3}), std::nullopt);
}

TEST(NameChange, AChangeThatCannotFitIsThePluginsMistake) {
  EXPECT_THAT(error_of([] {
                model::to_theirs({PermuteBlocks{2, {1, 0}, {}}}, at::ones({2, 2}));
              }),
              HasSubstr("axis 2 of a tensor of shape [2, 2]"));
  EXPECT_THAT(error_of([] {
                model::to_theirs({PermuteBlocks{0, {1, 0}, {2, 2}}}, at::ones({5}));
              }),
              HasSubstr("do not add up"));
  EXPECT_THAT(error_of([] {
                model::to_theirs({PermuteBlocks{0, {1, 0}, {}}}, at::ones({5}));
              }),
              HasSubstr("do not add up"));
  EXPECT_THAT(error_of([] { model::to_theirs({Regroup{0, 2}}, at::ones({5})); }), HasSubstr("into 2 groups"));
  EXPECT_THAT(error_of([] { model::to_theirs({Regroup{0, 0}}, at::ones({5})); }), HasSubstr("into 0 groups"));
  EXPECT_THAT(error_of([] { model::to_ours({Regroup{0, 5}}, at::ones({12}), {12}); }), HasSubstr("into 5 groups"));
  EXPECT_THAT(error_of([] {
                model::to_theirs({ResizeGrid{0, 1, 2, 2, false}}, at::ones({4}));
              }),
              HasSubstr("2 x 2 after 1 values"));
}

ss_name_change change_of(ss_name_change_kind kind) {
  ss_name_change change{};
  change.size = sizeof change;
  change.kind = kind;
  return change;
}

TEST(NameChange, IsReadFromAPluginsDescription) {
  const uint32_t order[] = {1, 0};
  const uint64_t sizes[] = {3, 4};
  ss_name_change change = change_of(SS_NAME_CHANGE_PERMUTE_BLOCKS);
  change.axis = 1;
  change.count = 2;
  change.order = order;
  change.sizes = sizes;
  const auto blocks = std::get<PermuteBlocks>(model::read_change(&change));
  EXPECT_EQ(blocks.axis, 1);
  EXPECT_THAT(blocks.order, testing::ElementsAre(1, 0));
  EXPECT_THAT(blocks.sizes, testing::ElementsAre(3, 4));
}

TEST(NameChange, ADescriptionThatMeansNothingIsRefused) {
  EXPECT_THAT(error_of([] { model::read_change(nullptr); }), HasSubstr("NULL"));
  const uint32_t twice[] = {1, 1};
  ss_name_change change = change_of(SS_NAME_CHANGE_PERMUTE_BLOCKS);
  EXPECT_THAT(error_of([&] { model::read_change(&change); }), HasSubstr("no blocks"));
  change.count = 2;
  change.order = twice;
  EXPECT_THAT(error_of([&] { model::read_change(&change); }), HasSubstr("no permutation: block 1"));
  change = change_of(SS_NAME_CHANGE_RESIZE_GRID);
  EXPECT_THAT(error_of([&] { model::read_change(&change); }), HasSubstr("empty grid"));
  change.rows = change.columns = uint64_t{1} << 60;
  EXPECT_THAT(error_of([&] { model::read_change(&change); }), HasSubstr("rows 1152921504606846976"));
  change.rows = change.columns = 2;
  change.mode = 7;
  EXPECT_THAT(error_of([&] { model::read_change(&change); }), HasSubstr("mode 7"));
  change = change_of(99);
  EXPECT_THAT(error_of([&] { model::read_change(&change); }), HasSubstr("kind 99"));
  change.size = 8;
  EXPECT_THAT(error_of([&] { model::read_change(&change); }), HasSubstr("too small"));
}

}  // namespace
}  // namespace sshost::test
