// Every function of ops/*.hpp, on the real operators: the arguments fit the schemas, and the results are what the
// header promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sshost/ops.hpp>

#include "bridge/host_table.h"

namespace sshost::test {
namespace {

using Numbers = std::vector<double>;
using Sizes = std::vector<int64_t>;

class Functions : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    static const bridge::Host host("test", [](ss_log_level, std::string_view) {});
    ss::detail::host = host.abi();
    ss::detail::fetch_capabilities();
  }

  static ss::Tensor doubles(const Numbers& values, const Sizes& sizes) { return ss::Tensor::from(values, sizes); }
  static ss::Tensor integers(const Sizes& values, const Sizes& sizes) { return ss::Tensor::from(values, sizes); }
  static Numbers read(const ss::Tensor& x) { return ss::to(x, ss::Dtype::float64).to_vector<double>(); }

  const ss::Tensor x = doubles({1, 2, 3, 4, 5, 6}, {2, 3});
  const ss::Tensor y = doubles({6, 5, 4, 3, 2, 1}, {2, 3});
  const ss::Tensor square_matrix = doubles({4, 0, 0, 2}, {2, 2});
  const ss::Tensor map = doubles({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, {1, 1, 4, 4});
};

TEST_F(Functions, Arithmetic) {
  EXPECT_EQ(read(x + y), (Numbers{7, 7, 7, 7, 7, 7}));
  EXPECT_EQ(read(x - y), (Numbers{-5, -3, -1, 1, 3, 5}));
  EXPECT_EQ(read(x * y), (Numbers{6, 10, 12, 12, 10, 6}));
  EXPECT_EQ(read(x / 2), (Numbers{0.5, 1, 1.5, 2, 2.5, 3}));
  EXPECT_EQ(read(10 - x), (Numbers{9, 8, 7, 6, 5, 4}));
  EXPECT_EQ(read(1 + x - 1.5), (Numbers{0.5, 1.5, 2.5, 3.5, 4.5, 5.5}));
  EXPECT_EQ(read(4 / square_matrix)[0], 1);
  EXPECT_EQ(read(-x)[5], -6);
  EXPECT_EQ(read(x / y)[5], 6);
}

TEST_F(Functions, Comparisons) {
  EXPECT_EQ(read(x == y), (Numbers{0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(read(x != 3), (Numbers{1, 1, 0, 1, 1, 1}));
  EXPECT_EQ(read(x < y), (Numbers{1, 1, 1, 0, 0, 0}));
  EXPECT_EQ(read(x <= 2), (Numbers{1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(read(x > 4.5), (Numbers{0, 0, 0, 0, 1, 1}));
  EXPECT_EQ(read(ss::logical_and(x >= 2, ss::logical_not(x >= y))), (Numbers{0, 1, 1, 0, 0, 0}));
  EXPECT_EQ(read(ss::logical_or(x == 1, x == 6)), (Numbers{1, 0, 0, 0, 0, 1}));
  EXPECT_EQ(read(ss::any(x > 5))[0], 1);
  EXPECT_EQ(read(ss::all(x > 5))[0], 0);
}

TEST_F(Functions, SingleElements) {
  EXPECT_EQ(read(ss::maximum(x, y)), (Numbers{6, 5, 4, 4, 5, 6}));
  EXPECT_EQ(read(ss::minimum(x, y))[0], 1);
  EXPECT_EQ(read(ss::clamp(x, 2, 5)), (Numbers{2, 2, 3, 4, 5, 5}));
  EXPECT_EQ(read(ss::clamp_min(x, 3.5))[0], 3.5);
  EXPECT_EQ(read(ss::clamp_max(x, 3))[5], 3);
  EXPECT_EQ(read(ss::pow(x, 2))[2], 9);
  EXPECT_EQ(read(ss::square(x))[2], 9);
  EXPECT_EQ(read(ss::sqrt(square_matrix))[0], 2);
  EXPECT_EQ(read(ss::rsqrt(square_matrix))[0], 0.5);
  EXPECT_EQ(read(ss::reciprocal(square_matrix))[0], 0.25);
  EXPECT_EQ(read(ss::abs(-x))[0], 1);
  EXPECT_DOUBLE_EQ(read(ss::log(ss::exp(x)))[1], 2);
  EXPECT_EQ(read(ss::floor(x / 2))[2], 1);
  EXPECT_EQ(read(ss::round(x / 4))[2], 1);
  EXPECT_DOUBLE_EQ(read(ss::square(ss::sin(x)) + ss::square(ss::cos(x)))[3], 1);
  EXPECT_EQ(read(ss::isfinite(1 / square_matrix)), (Numbers{1, 0, 0, 1}));
}

TEST_F(Functions, Shapes) {
  EXPECT_EQ(ss::reshape(x, {3, -1}).sizes(), (Sizes{3, 2}));
  EXPECT_EQ(ss::flatten(map, 2).sizes(), (Sizes{1, 1, 16}));
  EXPECT_EQ(ss::permute(map, {3, 1, 0, 2}).sizes(), (Sizes{4, 1, 1, 4}));
  EXPECT_EQ(read(ss::transpose(x, 0, 1)), (Numbers{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(ss::squeeze(ss::unsqueeze(x, 1), 1).sizes(), (Sizes{2, 3}));
  EXPECT_EQ(ss::expand(ss::unsqueeze(x, 0), {5, -1, -1}).sizes(), (Sizes{5, 2, 3}));
  EXPECT_EQ(ss::expand_as(ss::narrow(x, 0, 0, 1), x).sizes(), (Sizes{2, 3}));
  EXPECT_EQ(ss::to(x, ss::Dtype::float32).dtype(), ss::Dtype::float32);
  EXPECT_EQ(ss::to_like(integers({1}, {1}), x).dtype(), ss::Dtype::float64);
  EXPECT_EQ(read(ss::contiguous(ss::clone(ss::detach(x)))), read(x));
  EXPECT_EQ(ss::cat({x, y}, 1).sizes(), (Sizes{2, 6}));
  EXPECT_EQ(ss::stack({x, y}, 0).sizes(), (Sizes{2, 2, 3}));
  EXPECT_EQ(ss::chunk(x, 3, 1).size(), 3u);
  EXPECT_EQ(ss::split(x, {1, 2}, 1)[1].sizes(), (Sizes{2, 2}));
  EXPECT_EQ(read(ss::unbind(x, 0)[1]), (Numbers{4, 5, 6}));
}

TEST_F(Functions, Parts) {
  EXPECT_EQ(read(ss::select(x, 1, -1)), (Numbers{3, 6}));
  EXPECT_EQ(read(ss::narrow(x, 1, 1, 2)), (Numbers{2, 3, 5, 6}));
  EXPECT_EQ(read(ss::slice(x, 1, 0, 3, 2)), (Numbers{1, 3, 4, 6}));
  EXPECT_EQ(read(ss::roll(x, {1}, {1})), (Numbers{3, 1, 2, 6, 4, 5}));
  EXPECT_EQ(read(ss::flip(x, {1})), (Numbers{3, 2, 1, 6, 5, 4}));
  EXPECT_EQ(read(ss::pad(x, {1, 0}, 9)), (Numbers{9, 1, 2, 3, 9, 4, 5, 6}));
}

TEST_F(Functions, Reductions) {
  EXPECT_EQ(read(ss::sum(x))[0], 21);
  EXPECT_EQ(read(ss::sum(x, {1})), (Numbers{6, 15}));
  EXPECT_EQ(ss::mean(x, {1}, true).sizes(), (Sizes{2, 1}));
  EXPECT_EQ(read(ss::mean(x))[0], 3.5);
  EXPECT_EQ(read(ss::variance(x, {1}, 1)), (Numbers{1, 1}));
  EXPECT_EQ(read(ss::standard_deviation(x, {1}, 1)), (Numbers{1, 1}));
  EXPECT_EQ(read(ss::norm(doubles({3, 4}, {2}), {0}))[0], 5);
  EXPECT_EQ(read(ss::max(x))[0], 6);
  EXPECT_EQ(read(ss::max(x, 0)), (Numbers{4, 5, 6}));
  EXPECT_EQ(read(ss::min(x))[0], 1);
  EXPECT_EQ(read(ss::min(x, 1)), (Numbers{1, 4}));
  EXPECT_EQ(read(ss::argmax(y, 1)), (Numbers{0, 0}));
  EXPECT_EQ(read(ss::argmin(y, 1)), (Numbers{2, 2}));
  EXPECT_EQ(read(ss::cumsum(x, 1)), (Numbers{1, 3, 6, 4, 9, 15}));
  EXPECT_EQ(read(ss::bincount(integers({0, 2, 2}, {3}), 4)), (Numbers{1, 0, 2, 0}));
  const auto [values, places] = ss::topk(x, 2);
  EXPECT_EQ(read(values), (Numbers{3, 2, 6, 5}));
  EXPECT_EQ(read(places), (Numbers{2, 1, 2, 1}));
  EXPECT_EQ(read(ss::sort(y, 1).first), (Numbers{4, 5, 6, 1, 2, 3}));
}

TEST_F(Functions, Creation) {
  EXPECT_EQ(read(ss::zeros({2}, x)), (Numbers{0, 0}));
  EXPECT_EQ(ss::zeros({2}, x, ss::Dtype::int64).dtype(), ss::Dtype::int64);
  EXPECT_EQ(read(ss::ones({2}, x)), (Numbers{1, 1}));
  EXPECT_EQ(ss::ones({2}, x, ss::Dtype::boolean).dtype(), ss::Dtype::boolean);
  EXPECT_EQ(read(ss::full({2}, 255, x)), (Numbers{255, 255}));
  EXPECT_EQ(ss::full({2}, 255, x, ss::Dtype::int64).dtype(), ss::Dtype::int64);
  EXPECT_EQ(ss::zeros_like(x).sizes(), x.sizes());
  EXPECT_EQ(read(ss::ones_like(x))[0], 1);
  EXPECT_EQ(read(ss::full_like(x, 0.25))[0], 0.25);
  EXPECT_EQ(ss::arange(3, x).to_vector<int64_t>(), (Sizes{0, 1, 2}));
  EXPECT_EQ(read(ss::eye(2, x)), (Numbers{1, 0, 0, 1}));
  EXPECT_EQ(read(ss::one_hot(integers({1, 0}, {2}), 3)), (Numbers{0, 1, 0, 1, 0, 0}));
}

TEST_F(Functions, Indices) {
  EXPECT_EQ(read(ss::where(x > 3, x, y)), (Numbers{6, 5, 4, 4, 5, 6}));
  EXPECT_EQ(read(ss::where(x > 3, x, 0)), (Numbers{0, 0, 0, 4, 5, 6}));
  EXPECT_EQ(read(ss::masked_fill(x, x > 3, -1)), (Numbers{1, 2, 3, -1, -1, -1}));
  EXPECT_EQ(read(ss::masked_select(x, x > 4)), (Numbers{5, 6}));
  EXPECT_EQ(read(ss::nonzero(x > 5)), (Numbers{1, 2}));
  EXPECT_EQ(read(ss::gather(x, 1, integers({2, 0}, {2, 1}))), (Numbers{3, 4}));
  const ss::Tensor index = integers({1}, {1});
  EXPECT_EQ(read(ss::index_select(x, 0, index)), (Numbers{4, 5, 6}));
  const ss::Tensor row = doubles({10, 20, 30}, {1, 3});
  EXPECT_EQ(read(ss::index_add(x, 0, index, row)), (Numbers{1, 2, 3, 14, 25, 36}));
  EXPECT_EQ(read(ss::index_copy(x, 0, index, row)), (Numbers{1, 2, 3, 10, 20, 30}));
  const ss::Tensor places = integers({0, 1, 0}, {1, 3});
  EXPECT_EQ(read(ss::scatter(x, 0, places, row)), (Numbers{10, 2, 30, 4, 20, 6}));
  EXPECT_EQ(read(ss::scatter_add(x, 0, places, row)), (Numbers{11, 2, 33, 4, 25, 6}));
}

TEST_F(Functions, LinearAlgebra) {
  EXPECT_EQ(read(ss::matmul(x, ss::transpose(y, 0, 1))), (Numbers{28, 10, 73, 28}));
  const ss::Tensor batch = ss::unsqueeze(square_matrix, 0);
  EXPECT_EQ(read(ss::bmm(batch, batch)), (Numbers{16, 0, 0, 4}));
  EXPECT_EQ(read(ss::baddbmm(batch, batch, batch)), (Numbers{20, 0, 0, 6}));
  EXPECT_EQ(read(ss::dot(doubles({1, 2}, {2}), doubles({3, 4}, {2})))[0], 11);
  EXPECT_EQ(read(ss::einsum("ij,kj->ik", {x, y})), (Numbers{28, 10, 73, 28}));
  EXPECT_EQ(read(ss::inverse(square_matrix)), (Numbers{0.25, 0, 0, 0.5}));
  EXPECT_EQ(read(ss::solve(square_matrix, doubles({8, 8}, {2, 1}))), (Numbers{2, 4}));
  EXPECT_EQ(read(ss::cholesky(square_matrix))[0], 2);
  EXPECT_NEAR(read(ss::cosine_similarity(x, x, 1))[0], 1, 1e-12);
}

TEST_F(Functions, Activations) {
  const ss::Tensor signs = doubles({-1, 0, 1}, {3});
  EXPECT_EQ(read(ss::relu(signs)), (Numbers{0, 0, 1}));
  EXPECT_EQ(read(ss::leaky_relu(signs, 0.5)), (Numbers{-0.5, 0, 1}));
  EXPECT_EQ(read(ss::sigmoid(signs))[1], 0.5);
  EXPECT_EQ(read(ss::tanh(signs))[1], 0);
  EXPECT_NEAR(read(ss::gelu(signs))[2], 0.8413447, 1e-6);
  EXPECT_NEAR(read(ss::silu(signs))[2], 0.7310586, 1e-6);
  EXPECT_NEAR(read(ss::softplus(signs))[1], 0.6931472, 1e-6);
  EXPECT_NEAR(read(ss::sum(ss::softmax(x, 1), {1}))[0], 1, 1e-12);
  EXPECT_NEAR(read(ss::exp(ss::log_softmax(x, 1)))[2], read(ss::softmax(x, 1))[2], 1e-12);
  EXPECT_NEAR(read(ss::normalize(doubles({3, 4}, {1, 2}), 1))[1], 0.8, 1e-12);
}

TEST_F(Functions, Maps) {
  EXPECT_EQ(read(ss::adaptive_avg_pool2d(map, 1)), (Numbers{8.5}));
  EXPECT_EQ(ss::adaptive_avg_pool2d(map, ss::Size{1, 2}).sizes(), (Sizes{1, 1, 1, 2}));
  EXPECT_EQ(read(ss::max_pool2d(map, {.kernel = 2, .stride = 2})), (Numbers{6, 8, 14, 16}));
  const ss::Tensor odd = ss::narrow(map, 3, 0, 3);
  const ss::Pool whole{.kernel = 2, .stride = 2, .ceil_mode = true, .count_include_pad = false};
  EXPECT_EQ(read(ss::avg_pool2d(odd, whole)), (Numbers{3.5, 5, 11.5, 13}));
  EXPECT_EQ(read(ss::avg_pool2d(map, {.kernel = 3, .stride = 4, .padding = 1}))[0], 14.0 / 9);
  EXPECT_EQ(ss::resize_bilinear(map, {8, 6}).sizes(), (Sizes{1, 1, 8, 6}));
  EXPECT_EQ(read(ss::resize_bilinear(map, {7, 7}, true))[6], 4);
  EXPECT_EQ(read(ss::resize_nearest(map, {2, 2})), (Numbers{1, 3, 9, 11}));
  EXPECT_EQ(ss::resize_bicubic(map, {8, 8}).sizes(), (Sizes{1, 1, 8, 8}));
  EXPECT_EQ(ss::unfold(map, 2, 2).sizes(), (Sizes{1, 4, 4}));
}

TEST_F(Functions, CrossEntropyLeavesOutIgnoredTargets) {
  const ss::Tensor logits = doubles({0, 0, 5, 1}, {2, 2});
  EXPECT_NEAR(ss::cross_entropy_loss(logits, integers({1, 255}, {2}), 255).item<double>(), 0.6931472, 1e-6);
}

}  // namespace
}  // namespace sshost::test
