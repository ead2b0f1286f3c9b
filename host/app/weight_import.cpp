#include "app/weight_import.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "app/opened_pipeline.h"
#include "app/settings.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/tensor_file.h"
#include "config/option_value.h"
#include "run/initial_weights.h"
#include "run/model_classes.h"

namespace sshost::app {
namespace {

checkpoint::ImportRequest request_for(const WeightImport& asked, const checkpoint::TensorFile& file,
                                      const model::Segmentor& segmentor, const checkpoint::Loading& loading) {
  checkpoint::ImportRequest request;
  request.what = asked.file;
  if (!asked.component.empty()) request.prefix = asked.component + ".";
  request.format = asked.format;
  request.formats = run::name_maps(segmentor);
  request.classes = segmentor.classes();
  request.skip_classifier = asked.skip_classifier;
  request.require_sound_values = loading.require_sound_values;
  consider_classes(request, file, loading.wanted);
  request.image_channels = segmentor.in_channels();
  request.adapt_input = asked.adapt_input;
  return request;
}

nlohmann::json to_json(const std::vector<checkpoint::ShapeDifference>& differences) {
  nlohmann::json list = nlohmann::json::array();
  for (const checkpoint::ShapeDifference& each : differences) {
    list.push_back({{"name", each.name}, {"source", each.source}, {"expected", each.expected}, {"found", each.found}});
  }
  return list;
}

}  // namespace

ImportedWeights import_weights(const run::Session& opened, const WeightImport& request) {
  const checkpoint::TensorFile file = checkpoint::read_tensor_file(request.file, request.part, request.prefix);
  data::DatasetInfo dataset = run::model_classes(opened, request.classes);
  auto model = run::build_model(opened, dataset);
  const checkpoint::Loading loading = run::loading_of(opened, dataset.classes);
  auto report = checkpoint::import_weights(model->store, file, request_for(request, file, *model->segmentor, loading));
  return {std::move(dataset), std::move(model), std::move(report)};
}

void save_imported(const ImportedWeights& imported, const run::Session& opened, const std::filesystem::path& target,
                   Log& log) {
  checkpoint::save_model(target, imported.model->store,
                         {config::to_yaml(opened.pipeline.resolved), imported.dataset,
                          plugin_versions(run::used_components(opened)), 0, run::library_hashes(opened)});
  remember_libraries(opened, log);
}

nlohmann::json to_json(const checkpoint::ImportReport& report, const std::string& target) {
  return {{"saved", target},
          {"format", report.format},
          {"used", report.used},
          {"unused", report.unused},
          {"kept", report.kept},
          {"adapted", report.adapted},
          {"other_classes", to_json(report.other_classes)}};
}

}  // namespace sshost::app
