// What a call of an operator through ss.ops/1 costs beyond the direct call: nanoseconds, one thread, no gradient.
// Both ways alternate in short rounds and each gives its median, so that a noisy machine disturbs them alike.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "bridge/tables.h"

namespace {

// A tensor as both sides hold it.
struct Example {
  Example(std::initializer_list<int64_t> sizes) : tensor(at::randn(sizes)), handle(sshost::bridge::to_handle(tensor)) {}
  ~Example() { sshost::bridge::release(handle); }
  Example(const Example&) = delete;
  Example& operator=(const Example&) = delete;
  at::Tensor tensor;
  ss_tensor handle;
};

ss_value tensor(const Example& example) {
  return {.tag = SS_VALUE_TENSOR, .count = 0, .as = {.tensor = example.handle}};
}
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
  const int calls = static_cast<int>(std::clamp(2e6 / nanoseconds_each(50, direct), 1.0, 2000.0));
  constexpr int kRounds = 201;
  std::vector<double> direct_times, named_times;
  for (int i = 0; i < kRounds; ++i) {
    direct_times.push_back(nanoseconds_each(calls, direct));
    named_times.push_back(nanoseconds_each(calls, by_name));
  }
  const double direct_time = median(direct_times), named_time = median(named_times);
  std::printf("%-28s %10.0f %10.0f %10.0f\n", what.name.c_str(), direct_time, named_time, named_time - direct_time);
}

void run() {
  at::set_num_threads(1);
  const c10::NoGradGuard no_gradient;
  const Example tiny{4}, map{1, 4, 4, 4}, weight{4, 4, 3, 3}, bias{4}, large{1, 64, 64, 64}, large_weight{64, 64, 3, 3};
  const int64_t ones[] = {1, 1};
  const std::optional<at::Tensor> some_bias = bias.tensor, no_bias;
  const Case cases[] = {
      {"relu, 4 elements", "aten::relu", {tensor(tiny)}, [&] { return at::relu(tiny.tensor); }},
      {"add, 4 elements",
       "aten::add.Tensor",
       {tensor(tiny), tensor(tiny)},
       [&] { return at::add(tiny.tensor, tiny.tensor); }},
      {"conv2d, 4x4x4",
       "aten::conv2d",
       {tensor(map), tensor(weight), tensor(bias), pair(ones), pair(ones), pair(ones), integer(1)},
       [&] {
         return at::conv2d(map.tensor, weight.tensor, some_bias, {1, 1}, {1, 1}, {1, 1}, 1);
       }},
      {"conv2d, 64x64x64",
       "aten::conv2d",
       {tensor(large), tensor(large_weight), none(), pair(ones), pair(ones), pair(ones), integer(1)},
       [&] {
         return at::conv2d(large.tensor, large_weight.tensor, no_bias, {1, 1}, {1, 1}, {1, 1}, 1);
       }},
  };
  std::printf("%-28s %10s %10s %10s\n", "nanoseconds a call", "direct", "by table", "extra");
  for (const Case& one : cases) measure(one);
}

}  // namespace

int main() try {
  run();
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_boundary_cost: %s\n", error.what());
  return 1;
}
