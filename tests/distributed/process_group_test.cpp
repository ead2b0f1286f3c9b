#include "distributed/process_group.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "base/error.h"
#include "distributed/threads.h"
#include "temp_folder.h"

namespace sshost::distributed {
namespace {

using test::environment_of;
using test::free_port;
using test::message_of;
using test::run_ranks;
using testing::AllOf;
using testing::HasSubstr;

TEST(ProcessGroup, SumsAndBroadcastsInPlace) {
  run_ranks(3, [](const distributed::ProcessGroup& group) {
    const auto rank = static_cast<double>(group.rank());
    const at::Tensor values = at::arange(6, at::kFloat).view({2, 3}) + rank;
    const at::Tensor transposed = values.t();  // not contiguous: it shares its memory with `values`
    const at::Tensor counts = at::full({2}, group.rank(), at::kLong);
    group.sum({transposed, counts});
    EXPECT_TRUE(values.equal(at::arange(6, at::kFloat).view({2, 3}) * 3 + 3)) << values;
    EXPECT_EQ(counts[1].item<int64_t>(), 3);

    const at::Tensor parameter = at::full({4}, rank, at::kDouble).requires_grad_(true);
    group.broadcast(std::vector<at::Tensor>{parameter});
    EXPECT_EQ(parameter.sum().item<double>(), 0);
    EXPECT_TRUE(parameter.requires_grad());
  });
}

TEST(ProcessGroup, AgreesOnTextsFlagsAndGathers) {
  run_ranks(2, [](const distributed::ProcessGroup& group) {
    const state::Ranks& ranks = group;
    EXPECT_EQ(ranks.broadcast(group.rank() == 0 ? std::string("runs/a-001") : std::string()), "runs/a-001");
    EXPECT_TRUE(ranks.any(group.rank() == 1));
    EXPECT_FALSE(ranks.any(false));
    const at::Tensor all = ranks.gather(at::full({3}, group.rank() + 250, at::kByte));
    EXPECT_TRUE(all.equal(at::tensor({250, 250, 250, 251, 251, 251}, at::kByte).view({2, 3})));
  });
}

// Each rank's loss uses parameters that others do not.
TEST(ProcessGroup, GradientsAreThoseOfTheSumOfAllLosses) {
  run_ranks(2, [](const distributed::ProcessGroup& group) {
    std::vector<at::Tensor> parameters;
    for (int i = 0; i < 4; ++i) parameters.push_back(at::full({2, 2}, i + 1, at::kFloat).requires_grad_(true));
    const auto backward = group.make_backward(parameters);
    for (int step = 0; step < 3; ++step) {
      for (const at::Tensor& parameter : parameters) parameter.mutable_grad().reset();
      at::Tensor loss = (parameters[0] * parameters[1]).sum();
      if (group.rank() == 0) loss = loss + parameters[2].sum() * 5;
      backward->run(loss, true);
      EXPECT_TRUE(parameters[0].grad().equal(at::full({2, 2}, 4.0F))) << parameters[0].grad();
      EXPECT_TRUE(parameters[1].grad().equal(at::full({2, 2}, 2.0F)));
      EXPECT_TRUE(parameters[2].grad().equal(at::full({2, 2}, 5.0F)));
      EXPECT_FALSE(parameters[3].grad().defined()) << "no rank uses it";
    }
  });
}

TEST(ProcessGroup, GradientsOfSeveralPassesAddUp) {
  run_ranks(2, [](const distributed::ProcessGroup& group) {
    const std::vector<at::Tensor> parameters = {at::ones({3}).requires_grad_(true)};
    const auto backward = group.make_backward(parameters);
    for (int step = 0; step < 2; ++step) {
      parameters[0].mutable_grad().reset();
      backward->run(parameters[0].sum(), false);
      backward->run(parameters[0].sum() * static_cast<double>(group.rank()), true);
      EXPECT_TRUE(parameters[0].grad().equal(at::full({3}, 3.0F))) << parameters[0].grad();
    }
  });
}

TEST(ProcessGroup, NamesTheRanksThatDoNotCome) {
  const std::string message =
      message_of<Error>([] { distributed::ProcessGroup(environment_of(0, 3, free_port()), {.timeout = 1}); });
  EXPECT_THAT(message, AllOf(HasSubstr("ranks 1, 2 of 3 did not come to 127.0.0.1:"), HasSubstr("within 1 s")));
  EXPECT_THAT(message_of<Error>([] { distributed::ProcessGroup(environment_of(1, 2, free_port()), {.timeout = 1}); }),
              HasSubstr("rank 0 does not answer at 127.0.0.1:"));
}

// Rank 1 comes to the meeting, and is killed or stopped before the two are connected.
TEST(ProcessGroup, NamesARankThatGoesSilentWhileTheyConnect) {
  const uint16_t port = free_port();
  std::string message;
  std::thread first([&] {
    message = message_of<Error>([&] { distributed::ProcessGroup(environment_of(0, 2, port), {.timeout = 3}); });
  });
  c10d::TCPStoreOptions options;
  options.port = port;
  options.waitWorkers = false;
  c10d::PrefixStore store("sshost/0", c10::make_intrusive<c10d::TCPStore>("127.0.0.1", options));
  store.set("here/1", "node1, process 7");
  first.join();
  EXPECT_THAT(message, AllOf(HasSubstr("rank 1 (node1, process 7) has died"), HasSubstr("or stopped")));
}

TEST(ProcessGroup, SaysWhoseWorldIsOfAnotherSize) {
  const uint16_t port = free_port();
  std::vector<std::string> messages(2);
  std::vector<std::thread> ranks;
  for (const int64_t rank : {0, 1}) {
    ranks.emplace_back([&, rank] {
      messages[static_cast<size_t>(rank)] = message_of<UsageError>(
          [&] { distributed::ProcessGroup(environment_of(rank, 2 + rank, port), {.timeout = 30}); });
    });
  }
  for (std::thread& rank : ranks) rank.join();
  for (const std::string& message : messages) {
    EXPECT_THAT(message, AllOf(HasSubstr("WORLD_SIZE: rank "), HasSubstr("one of 3"), HasSubstr("one of 2")));
  }
}

TEST(ProcessGroup, TellsTheOthersWhyARankFailed) {
  const uint16_t port = free_port();
  std::string message;
  std::thread first([&] {
    distributed::ProcessGroup group(environment_of(0, 2, port), {.timeout = 2});
    message = message_of<Error>([&] {
      try {
        group.sum({at::ones({1})});
        group.sum({at::ones({1})});  // the other one never comes
      } catch (const Error& error) {
        group.fail(error);
      }
    });
  });
  std::thread second([&] {
    distributed::ProcessGroup group(environment_of(1, 2, port), {.timeout = 2});
    group.sum({at::ones({1})});
    group.fail(Error("a.png: not an image"));
  });
  second.join();
  first.join();
  EXPECT_THAT(message, HasSubstr("rank 1 failed: a.png: not an image"));
}

}  // namespace
}  // namespace sshost::distributed
