#include "state/context_table.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>

#include <cstring>
#include <thread>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "state/execution_context.h"

namespace sshost::test {
namespace {

class ContextTable : public testing::Test {
 protected:
  at::Tensor random(ss_distribution kind, const std::vector<int64_t>& sizes) {
    ss_tensor out = nullptr;
    bridge::check(table->random(&context, kind, sizes.data(), static_cast<int32_t>(sizes.size()), &out), "context");
    return bridge::take(out);
  }
  at::Tensor seeded(uint64_t seed, const std::vector<int64_t>& sizes) {
    ss_tensor out = nullptr;
    bridge::check(table->seeded_normal(&context, seed, sizes.data(), static_cast<int32_t>(sizes.size()), &out),
                  "context");
    return bridge::take(out);
  }

  const ss_context_table* table = state::context_table();
  state::StateStore store{at::kDouble};
  state::ExecutionContext context{store, at::detail::createCPUGenerator(3)};
};

TEST_F(ContextTable, TellsWhatTheContextHolds) {
  context.training = true;
  context.epoch = 2;
  context.step = 30;
  context.learning_rate = 0.5;
  context.base_learning_rate = 0.75;
  context.image_height = 64;
  context.image_width = 96;
  ss_context_info info = {};
  info.size = sizeof info;
  ASSERT_EQ(table->info(&context, &info), SS_OK);
  EXPECT_EQ(info.training, 1);
  EXPECT_EQ(info.epoch, 2);
  EXPECT_EQ(info.step, 30);
  EXPECT_EQ(info.learning_rate, 0.5);
  EXPECT_EQ(info.base_learning_rate, 0.75);
  EXPECT_EQ(info.image_height, 64);
  EXPECT_EQ(info.image_width, 96);
  EXPECT_EQ(info.dtype, SS_FLOAT64);
  EXPECT_EQ(bridge::view(info.device), "cpu");
}

TEST_F(ContextTable, WritesNoMoreThanTheCallerKnows) {
  ss_context_info info;
  std::memset(&info, 0x55, sizeof info);
  info.size = offsetof(ss_context_info, step);
  ASSERT_EQ(table->info(&context, &info), SS_OK);
  EXPECT_EQ(info.epoch, 0);
  EXPECT_EQ(info.step, 0x5555555555555555);
}

TEST_F(ContextTable, DrawsFromTheContextsGeneratorInItsDtype) {
  at::Generator same = at::detail::createCPUGenerator(3);
  EXPECT_TRUE(at::equal(random(SS_NORMAL, {3, 4}), at::randn({3, 4}, same, at::kDouble)));
  EXPECT_TRUE(at::equal(random(SS_UNIFORM, {5}), at::rand({5}, same, at::kDouble)));
  EXPECT_THROW(random(7, {5}), Error);
}

TEST_F(ContextTable, GivesTheSameSeededValuesWithoutTouchingAnyOtherGenerator) {
  at::manual_seed(9);
  const at::Tensor expected = at::randn({1, 40}, at::kFloat);
  const at::Tensor state = context.generator.get_state();
  EXPECT_TRUE(at::equal(seeded(9, {1, 40}), expected));
  EXPECT_TRUE(at::equal(seeded(9, {1, 40}), expected));
  EXPECT_TRUE(at::equal(context.generator.get_state(), state));
}

TEST_F(ContextTable, AnotherThreadWorksAsTheContextsDoesBetweenEnterAndLeave) {
  {
    const at::NoGradGuard no_gradient;
    context.bind_to_this_thread();
  }
  std::vector<bool> gradient;
  std::thread([&] {
    gradient.push_back(at::GradMode::is_enabled());
    ASSERT_EQ(table->enter(&context), SS_OK);
    gradient.push_back(at::GradMode::is_enabled());
    ASSERT_EQ(table->enter(&context), SS_OK);
    table->leave(&context);
    gradient.push_back(at::GradMode::is_enabled());
    table->leave(&context);
    gradient.push_back(at::GradMode::is_enabled());
  }).join();
  EXPECT_THAT(gradient, testing::ElementsAre(true, false, false, true));
}

TEST_F(ContextTable, CannotBeEnteredBeforeItRuns) {
  EXPECT_EQ(table->enter(&context), SS_INVALID_ARGUMENT);
  EXPECT_THAT(std::string(bridge::message()), testing::HasSubstr("the context is not running"));
}

}  // namespace
}  // namespace sshost::test
