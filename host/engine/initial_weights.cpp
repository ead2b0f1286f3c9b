#include "engine/initial_weights.h"

#include <utility>

#include "checkpoint/safetensors.h"

namespace sshost::engine {
namespace {

// Each component of the pipeline with the prefix of its tensors in the store.
std::vector<std::pair<std::string, const config::ComponentConfig*>> components(const config::ModelConfig& config) {
  std::vector<std::pair<std::string, const config::ComponentConfig*>> all = {{"backbone.", &config.backbone}};
  if (config.head) all.emplace_back("head.", &*config.head);
  if (config.memory) all.emplace_back("memory.", &*config.memory);
  for (size_t i = 0; i < config.auxiliary.size(); ++i) {
    all.emplace_back("auxiliary." + std::to_string(i) + ".", &config.auxiliary[i].head);
  }
  return all;
}

}  // namespace

std::vector<ComponentImport> load_initial_weights(model::StateStore& store, const model::Segmentor& segmentor,
                                                  const config::ModelConfig& config) {
  std::vector<checkpoint::NameMap> formats;
  for (const std::string& format : segmentor.formats()) formats.push_back({format, segmentor.published(format)});
  std::vector<ComponentImport> imports;
  for (const auto& [prefix, component] : components(config)) {
    if (!component->weights) continue;
    const auto& [path, format] = *component->weights;
    const checkpoint::ImportRequest request{component->key_path + ".weights " + path, prefix, format, formats};
    imports.push_back(
        {component->key_path, path, checkpoint::import_weights(store, checkpoint::read_safetensors(path), request)});
  }
  return imports;
}

}  // namespace sshost::engine
