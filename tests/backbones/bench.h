// A backbone plugin of the repository, run by itself.
#ifndef SSHOST_TESTS_BACKBONES_BENCH_H
#define SSHOST_TESTS_BACKBONES_BENCH_H

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/backbone.h"
#include "run/session.h"
#include "state/builder.h"
#include "state/execution_context.h"
#include "state/state_store.h"

namespace sshost::test {

// A pipeline whose model is this backbone, such as "{type: vit, variant: tiny}", with a small head.
run::Session open_backbone(const std::string& backbone);

class BackboneBench {
 public:
  explicit BackboneBench(const std::string& backbone, at::ScalarType dtype = at::kFloat);

  const model::FeatureSpecs& features() const { return backbone_->features(); }

  // In inference and without gradients.
  std::vector<at::Tensor> infer(const at::Tensor& image);
  // As a training step runs it; the seed is that of what it drops.
  std::vector<at::Tensor> train(const at::Tensor& image, uint64_t seed = 1);

  // The value of a state, by its name without "backbone.".
  at::Tensor value(const std::string& name) const;

  // Gives every state of floating point values around 0 that no initialiser gives: biases and tables are not zero.
  void randomise();

  // Parameters without a gradient, or with one that is all zero.
  std::vector<std::string> without_gradient() const;

  // Normal noise [count, 3, height, width].
  at::Tensor image(int64_t count, int64_t height, int64_t width) const;

  state::StateStore store;

 private:
  run::Session session_;
  state::Builder builder_;
  std::unique_ptr<model::Backbone> backbone_;
};

inline double largest_difference(const at::Tensor& left, const at::Tensor& right) {
  EXPECT_EQ(left.sizes(), right.sizes());
  return left.sizes() == right.sizes() ? (left - right).abs().max().item<double>() : 1e9;
}

}  // namespace sshost::test

#endif  // SSHOST_TESTS_BACKBONES_BENCH_H
