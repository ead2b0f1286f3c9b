// A memory plugin on feature maps of a few numbers, in float64 and without a backbone.
#ifndef SSHOST_TESTS_MEMORY_SMALL_MEMORY_H
#define SSHOST_TESTS_MEMORY_SMALL_MEMORY_H

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "model/memory.h"
#include "run/session.h"
#include "state/execution_context.h"
#include "state/state_store.h"

namespace sshost::test {

inline constexpr int64_t kClasses = 4;

class SmallMemory {
 public:
  // `options`: the pipeline's `model.memory`, as "{type: mcibi, ...}". The dropout it asks for is up to the caller.
  explicit SmallMemory(const std::string& options, model::FeatureSpecs features = {{6, 8}},
                       int64_t context_channels = 0);

  const at::Tensor& state(const std::string& name) const { return store.find("memory." + name)->value; }
  void set(const std::string& name, const at::Tensor& value) { store.assign("memory." + name, value); }
  bool has(const std::string& name) const { return store.find("memory." + name) != nullptr; }

  model::MemoryOutput forward(const model::MemoryInputs& inputs);

  // What the plugin computes from the last feature in inference: [N, C, h, w].
  at::Tensor representation(const at::Tensor& feature) const;

  // A training step's update. Several batches are several processes, whose statistics are summed.
  void update(const std::vector<at::Tensor>& features, const std::vector<at::Tensor>& labels);

  state::StateStore store{at::kDouble};
  std::vector<model::Prediction> predictions;  // of the last forward

 private:
  run::Session session_;
  std::unique_ptr<model::Memory> memory_;

 public:
  state::ExecutionContext context;
};

}  // namespace sshost::test

#endif  // SSHOST_TESTS_MEMORY_SMALL_MEMORY_H
