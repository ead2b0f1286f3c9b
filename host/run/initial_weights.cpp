#include "run/initial_weights.h"

#include <utility>

#include "checkpoint/tensor_file.h"
#include "run/model.h"

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

checkpoint::Loading loading_of(const Session& session, const std::vector<data::Class>& classes) {
  const config::WeightsRules& rules = session.pipeline.weights;
  return {rules.require_sound_values,
          {classes, checkpoint::class_match(rules.classes),
           [&session, count = static_cast<int64_t>(classes.size())] { return class_axes(session, count); }}};
}

std::vector<ComponentImport> load_initial_weights(state::StateStore& store, const model::Segmentor& segmentor,
                                                  const config::ModelConfig& config,
                                                  const checkpoint::Loading& loading) {
  const std::vector<checkpoint::NameMap> formats = name_maps(segmentor);
  std::vector<ComponentImport> imports;
  for (const auto& [prefix, component] : components(config)) {
    if (!component->weights) continue;
    const config::WeightsConfig& weights = *component->weights;
    checkpoint::ImportRequest request{component->key_path + ".weights " + weights.path,
                                      prefix,
                                      weights.format,
                                      formats,
                                      segmentor.classes(),
                                      weights.skip_classifier,
                                      config.in_channels,
                                      weights.adapt_input};
    request.require_sound_values = loading.require_sound_values;
    const checkpoint::TensorFile file = checkpoint::read_tensor_file(weights.path, weights.part, weights.prefix);
    consider_classes(request, file, loading.wanted);
    imports.push_back({component->key_path, weights.path, checkpoint::import_weights(store, file, request)});
  }
  return imports;
}

}  // namespace sshost::run
