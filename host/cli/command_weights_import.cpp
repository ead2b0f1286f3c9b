#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/tensor_file.h"
#include "checkpoint/weights_import.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "config/option_value.h"
#include "run/initial_weights.h"
#include "run/model.h"
#include "run/model_classes.h"

namespace sshost::cli {
namespace {

checkpoint::ImportRequest request_for(const WeightsImportArguments& arguments, const checkpoint::TensorFile& file,
                                      const model::Segmentor& segmentor, const checkpoint::Loading& loading) {
  checkpoint::ImportRequest request;
  request.what = arguments.weights;
  if (!arguments.component.empty()) request.prefix = arguments.component + ".";
  request.format = arguments.format;
  request.formats = run::name_maps(segmentor);
  request.classes = segmentor.classes();
  request.skip_classifier = arguments.skip_classifier;
  request.require_sound_values = loading.require_sound_values;
  consider_classes(request, file, loading.wanted);
  request.image_channels = segmentor.in_channels();
  request.adapt_input = arguments.adapt_input;
  return request;
}

nlohmann::json to_json(const std::vector<checkpoint::ShapeDifference>& differences) {
  nlohmann::json list = nlohmann::json::array();
  for (const checkpoint::ShapeDifference& each : differences) {
    list.push_back({{"name", each.name}, {"source", each.source}, {"expected", each.expected}, {"found", each.found}});
  }
  return list;
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

}  // namespace

int import_weights_file(const WeightsImportArguments& arguments) {
  Session session(arguments.talk);
  const checkpoint::TensorFile file = checkpoint::read_tensor_file(arguments.weights, arguments.part, arguments.prefix);
  const run::Session opened = session.open_pipeline(arguments);
  const data::DatasetInfo info = run::model_classes(opened, arguments.classes);
  const auto model = run::build_model(opened, info);
  const checkpoint::ImportRequest request =
      request_for(arguments, file, *model->segmentor, run::loading_of(opened, info.classes));
  const auto report = checkpoint::import_weights(model->store, file, request);
  if (!session.is_json()) session.console().line(report.text(arguments.all));
  checkpoint::save_model(arguments.target, model->store,
                         {config::to_yaml(opened.pipeline.resolved), info,
                          plugin_versions(run::used_components(opened)), 0, run::library_hashes(opened)});
  session.remember_libraries(opened);
  if (session.is_json()) print_document(to_json(report, arguments.target));
  session.log().info("saved " + arguments.target);
  return kDone;
}

}  // namespace sshost::cli
