#ifndef SSHOST_CLI_INSTANCE_H
#define SSHOST_CLI_INSTANCE_H

#include <ATen/core/Generator.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/log.h"
#include "config/pipeline.h"
#include "model/segmentor.h"
#include "model/state_store.h"
#include "plugin/registry.h"

namespace sshost::cli {

// A model with its state. The segmentor refers to the store.
struct Instance {
  model::StateStore store;
  std::unique_ptr<model::Segmentor> segmentor;

  void to(at::Device device) { store.to(device, store.dtype()); }
};

// Builds the pipeline's model on the CPU, its state as its components initialise it.
std::unique_ptr<Instance> build_instance(const config::Pipeline& pipeline, const plugin::Registry& registry,
                                         int64_t classes);

// Reads the `weights` of the components, and says what became of the files' tensors.
void load_weights(Instance& instance, const config::ModelConfig& config, Log& log);

// Throws UsageError where the pipeline's device is not there.
at::Device device_of(const config::Pipeline& pipeline);

// Applies the pipeline's `threads`.
void set_operator_threads(const config::Pipeline& pipeline);

// The components that the pipeline names, each once.
std::vector<const plugin::Component*> used_components(const config::Pipeline& pipeline,
                                                      const plugin::Registry& registry);

// Their plugins: name -> version.
std::map<std::string, std::string> plugin_versions(const std::vector<const plugin::Component*>& components);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_INSTANCE_H
