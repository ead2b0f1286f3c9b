#include "run/initial_weights.h"

#include <utility>

#include "checkpoint/tensor_file.h"

namespace sshost::run {
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

std::vector<checkpoint::NameMap> name_maps(const model::Segmentor& segmentor) {
  std::vector<checkpoint::NameMap> formats;
  for (const std::string& format : segmentor.formats()) formats.push_back({format, segmentor.published(format)});
  return formats;
}

std::vector<ComponentImport> load_initial_weights(state::StateStore& store, const model::Segmentor& segmentor,
                                                  const config::ModelConfig& config) {
  const std::vector<checkpoint::NameMap> formats = name_maps(segmentor);
  std::vector<ComponentImport> imports;
  for (const auto& [prefix, component] : components(config)) {
    if (!component->weights) continue;
    const config::WeightsConfig& weights = *component->weights;
    const checkpoint::ImportRequest request{component->key_path + ".weights " + weights.path,
                                            prefix,
                                            weights.format,
                                            formats,
                                            segmentor.classes(),
                                            weights.skip_classifier};
    const checkpoint::TensorFile file = checkpoint::read_tensor_file(weights.path, weights.part);
    imports.push_back({component->key_path, weights.path, checkpoint::import_weights(store, file, request)});
  }
  return imports;
}

}  // namespace sshost::run
