#include "app/onnx_export.h"

#include <sys/types.h>
// libmd's, as in plugin/library_hash.cpp.
#include <sha2.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/plan.h"
#include "base/error.h"
#include "base/size_text.h"
#include "config/nearest.h"
#include "config/option_value.h"
#include "config/value_error.h"
#include "file/atomic_file.h"
#include "onnx/exported_forward.h"
#include "onnx/model_file.h"
#include "onnx/model_graph.h"
#include "state/generator.h"

#ifndef SSHOST_VERSION
#error "the build defines SSHOST_VERSION"
#endif

namespace sshost::app {
namespace {

const std::vector<std::string> kResults = {"logits", "probabilities", "classes"};
const std::vector<std::string> kPixels = {"uint8", "float32"};

void require_one_of(const char* option, const std::string& found, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), found) != known.end()) return;
  throw UsageError(std::string(option) + ": expected one of " + config::join_names(known) + ", found " + found +
                   config::suggestion(found, known));
}

onnx::Result result_of(const std::string& name) {
  return static_cast<onnx::Result>(std::find(kResults.begin(), kResults.end(), name) - kResults.begin());
}

onnx::Normalisation normalisation_of(const config::Pipeline& pipeline, const std::string& pixels) {
  for (const config::TransformConfig& transform : pipeline.data.evaluate.transforms) {
    if (transform.type != "normalize") continue;
    return {config::doubles_of(transform.options->at("mean")), config::doubles_of(transform.options->at("std")),
            pixels == "uint8" ? at::kByte : at::kFloat};
  }
  throw UsageError("--normalise: data.evaluate.transforms has no normalize");
}

std::string sha256_of(const std::string& text) {
  char digest[SHA256_DIGEST_STRING_LENGTH];
  return SHA256Data(reinterpret_cast<const uint8_t*>(text.data()), text.size(), digest);
}

onnx::Producer producer_of(const OpenedModel& opened, const OnnxRequest& request) {
  nlohmann::json names = nlohmann::json::array(), colors = nlohmann::json::array();
  const std::vector<data::Class>& classes = opened.dataset.classes;
  for (const data::Class& each :
       request.result == "classes" ? classes : model::output_classes(opened.model->segmentor->outputs(), classes)) {
    names.push_back(each.name);
    colors.push_back(each.color);
  }
  const config::Pipeline& pipeline = opened.session.pipeline;
  return {SSHOST_VERSION,
          pipeline.name,
          {{"sshost.version", SSHOST_VERSION},
           {"sshost.pipeline", pipeline.name},
           {"sshost.pipeline.sha256", sha256_of(config::to_yaml(pipeline.resolved))},
           {"sshost.classes", names.dump()},
           {"sshost.colors", colors.dump()}}};
}

// What the pipeline's evaluation does with the forwards that a graph is one of.
void say_what_is_left_out(const config::Pipeline& pipeline, Log& log) {
  const config::EvaluateConfig& evaluate = pipeline.evaluate;
  std::string keys;
  const auto add = [&](const char* key, bool is_used) {
    if (is_used) keys += (keys.empty() ? "evaluate." : ", evaluate.") + std::string(key);
  };
  add("scales", evaluate.scales != std::vector<double>{1.0});
  add("flip", evaluate.flip);
  add("slide", evaluate.slide.has_value());
  if (!keys.empty()) log.info("the graph sees each image once, as a whole: without " + keys);
  for (const config::TransformConfig& transform : pipeline.data.evaluate.transforms) {
    if (transform.type == "normalize") continue;
    log.info("the graph takes images as they are: without the pipeline's " + transform.type);
  }
}

uint64_t bytes_of(const onnx::Graph& graph) {
  uint64_t bytes = 0;
  for (const onnx::Initializer& initializer : graph.initializers()) bytes += initializer.data.nbytes();
  return bytes;
}

}  // namespace

void check(const OnnxRequest& request) {
  require_one_of("--output-kind", request.result, kResults);
  if (!request.pixels.empty()) require_one_of("--normalise", request.pixels, kPixels);
  if (request.target.extension() != ".onnx") {
    throw UsageError(request.target.string() + ": cannot be written: expected a name that ends in .onnx");
  }
  file::require_writable_name(request.target);
}

OnnxSummary export_onnx(const OpenedModel& opened, const OnnxRequest& request, Log& log) {
  const config::Pipeline& pipeline = opened.session.pipeline;
  onnx::ForwardOptions options{result_of(request.result), {}};
  if (!request.pixels.empty()) options.normalisation = normalisation_of(pipeline, request.pixels);
  log.watcher().on_task("recording the model ...");
  state::StateStore& store = opened.model->store;
  state::ExecutionContext context(store, state::make_generator(store.device(), 0));
  const onnx::ExportedForward forward(*opened.model->segmentor, context, pipeline.evaluate, std::move(options));
  const onnx::ModelGraph made = make_graph(forward, context, request.size, planned_image(pipeline).size);
  if (!made.why_fixed.empty()) {
    log.warning("height and width are fixed at " + size_text(made.size->height, made.size->width) + ": " +
                made.why_fixed);
  }
  say_what_is_left_out(pipeline, log);
  log.watcher().on_task("writing " + request.target.string() + " ...");
  onnx::write_model(request.target, made.graph, producer_of(opened, request));
  return {made.graph.nodes().size(), bytes_of(made.graph), made.size};
}

}  // namespace sshost::app
