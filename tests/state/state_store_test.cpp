#include "state/state_store.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace sshost::test {
namespace {

state::StateStore small_store() {
  state::StateStore store;
  store.add({"a.weight", at::ones({2}), true, true});
  store.add({"a.count", at::zeros({}, at::kLong), false, true});
  store.add({"a.exact", at::ones({2}, at::kDouble), false, true});
  return store;
}

TEST(StateStore, KeepsTheOrderAndFindsByName) {
  const state::StateStore store = small_store();
  EXPECT_EQ(store.begin()->name, "a.weight");
  EXPECT_EQ(store.find("a.count")->value.scalar_type(), at::kLong);
  EXPECT_EQ(store.find("a"), nullptr);
  EXPECT_TRUE(store.value(0).requires_grad());
  EXPECT_FALSE(store.value(1).requires_grad());
}

TEST(StateStore, RefusesANameTwice) {
  state::StateStore store = small_store();
  EXPECT_THROW(store.add({"a.weight", at::ones({2}), true, true}), Error);
}

TEST(StateStore, AssignsInPlaceAndConvertsTheValue) {
  state::StateStore store = small_store();
  const at::Tensor before = store.value(0);
  store.assign("a.weight", at::full({2}, 3, at::kDouble));
  EXPECT_TRUE(store.value(0).is_same(before));
  EXPECT_TRUE(before.requires_grad() && before.is_leaf());
  EXPECT_TRUE(at::equal(before, at::full({2}, 3.0f)));
  EXPECT_THROW(store.assign("a.weight", at::ones({3})), Error);
  EXPECT_THROW(store.assign("b.weight", at::ones({2})), Error);
}

TEST(StateStore, ConvertsTheValuesOfItsOwnDtypeAlone) {
  state::StateStore store = small_store();
  store.to(at::kCPU, at::kDouble);
  EXPECT_EQ(store.dtype(), at::kDouble);
  EXPECT_EQ(store.value(0).scalar_type(), at::kDouble);
  EXPECT_TRUE(store.value(0).requires_grad() && store.value(0).is_leaf());
  EXPECT_EQ(store.value(1).scalar_type(), at::kLong);
}

}  // namespace
}  // namespace sshost::test
