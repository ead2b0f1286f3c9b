// What a call of an operator through ss.ops/1 costs beyond the direct call: nanoseconds, one thread, no gradient.
// Both ways alternate in short rounds and each gives its median, so that a noisy machine disturbs them alike.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bridge/error.h"
#include "bridge/handle.h"
#include "bridge/tables.h"

namespace {

using sshost::bridge::borrow;

ss_value tensor(ss_tensor handle) { return {.tag = SS_VALUE_TENSOR, .count = 0, .as = {.tensor = handle}}; }
ss_value integer(int64_t value) { return {.tag = SS_VALUE_INT, .count = 0, .as = {.integer = value}}; }
ss_value none() { return {.tag = SS_VALUE_NONE, .count = 0, .as = {.integer = 0}}; }
ss_value pair(const int64_t* values) { return {.tag = SS_VALUE_INTS, .count = 2, .as = {.integers = values}}; }

struct Case {
  std::string name;
  std::string op;
  std::vector<ss_value> arguments;
  std::function<at::Tensor()> direct;
};

double nanoseconds_each(int calls, const std::function<void()>& call) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < calls; ++i) call();
  const std::chrono::duration<double, std::nano> passed = std::chrono::steady_clock::now() - start;
  return passed.count() / calls;
}

double median(std::vector<double>& values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

void measure(const Case& what) {
  const ss_ops_table& ops = *sshost::bridge::ops_table();
  ss_operator op = nullptr;
  sshost::bridge::check(ops.resolve(sshost::bridge::to_ss_string(what.op), &op), what.op);
  const auto by_name = [&] {
    ss_value result;
    uint32_t count = 1;
    const auto size = static_cast<uint32_t>(what.arguments.size());
    sshost::bridge::check(ops.call(op, what.arguments.data(), size, &result, &count), what.op);
    sshost::bridge::release(result.as.tensor);
  };
  const auto direct = [&] { what.direct(); };
  const int calls = static_cast<int>(std::clamp(2e6 / nanoseconds_each(100, direct), 20.0, 2000.0));
  constexpr int kRounds = 201;
  std::vector<double> direct_times, named_times;
  for (int i = 0; i < kRounds; ++i) {
    direct_times.push_back(nanoseconds_each(calls, direct));
    named_times.push_back(nanoseconds_each(calls, by_name));
  }
  const double direct_time = median(direct_times), named_time = median(named_times);
  std::printf("%-28s %10.0f %10.0f %10.0f\n", what.name.c_str(), direct_time, named_time, named_time - direct_time);
}

int run() {
  at::set_num_threads(1);
  const c10::NoGradGuard no_gradient;
  const auto handle = [](at::IntArrayRef sizes) { return sshost::bridge::to_handle(at::randn(sizes)); };
  const ss_tensor tiny = handle({4}), map = handle({1, 4, 4, 4}), weight = handle({4, 4, 3, 3}), bias = handle({4}),
                  large = handle({1, 64, 64, 64}), large_weight = handle({64, 64, 3, 3});
  const int64_t ones[] = {1, 1};
  const auto conv = [&](ss_tensor x, ss_tensor w, ss_tensor b) {
    return [=, bias_value = std::optional<at::Tensor>(borrow(b))] {
      return at::conv2d(borrow(x), borrow(w), bias_value, {1, 1}, {1, 1}, {1, 1}, 1);
    };
  };
  const Case cases[] = {
      {"relu, 4 elements", "aten::relu", {tensor(tiny)}, [&] { return at::relu(borrow(tiny)); }},
      {"add, 4 elements",
       "aten::add.Tensor",
       {tensor(tiny), tensor(tiny)},
       [&] { return borrow(tiny) + borrow(tiny); }},
      {"conv2d, 4x4x4",
       "aten::conv2d",
       {tensor(map), tensor(weight), tensor(bias), pair(ones), pair(ones), pair(ones), integer(1)},
       conv(map, weight, bias)},
      {"conv2d, 64x64x64",
       "aten::conv2d",
       {tensor(large), tensor(large_weight), none(), pair(ones), pair(ones), pair(ones), integer(1)},
       conv(large, large_weight, nullptr)},
  };
  std::printf("%-28s %10s %10s %10s\n", "nanoseconds a call", "direct", "by table", "extra");
  for (const Case& one : cases) measure(one);
  for (ss_tensor made : {tiny, map, weight, bias, large, large_weight}) sshost::bridge::release(made);
  return sshost::bridge::live_handles() == 0 ? 0 : 1;
}

}  // namespace

int main() try { return run(); } catch (const std::exception& error) {
  std::fprintf(stderr, "bench_boundary_cost: %s\n", error.what());
  return 1;
}
