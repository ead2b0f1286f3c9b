#include <nlohmann/json.hpp>
#include <string>

#include "app/onnx_export.h"
#include "base/error.h"
#include "base/size_text.h"
#include "cli/arguments.h"
#include "cli/model_argument.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "cli/streams.h"
#include "cli/works.h"

namespace sshost::cli {
namespace {

app::OnnxRequest request_of(const ExportArguments& arguments) {
  if (arguments.format != "onnx") throw UsageError("--format: expected onnx, found " + arguments.format);
  app::OnnxRequest request{.target = arguments.target, .pixels = arguments.normalise, .result = arguments.kind};
  if (!arguments.size.empty()) request.size = {arguments.size[0], arguments.size[1]};
  app::check(request);
  return request;
}

nlohmann::json document_of(const ExportArguments& arguments, const app::OnnxSummary& summary) {
  const auto side = [&](int64_t infer::ImageSize::*member) {
    return summary.size ? nlohmann::json((*summary.size).*member) : nlohmann::json();
  };
  return {{"saved", arguments.target},
          {"format", arguments.format},
          {"nodes", summary.nodes},
          {"bytes", summary.bytes},
          {"height", side(&infer::ImageSize::height)},
          {"width", side(&infer::ImageSize::width)}};
}

}  // namespace

int export_model(const ExportArguments& arguments) {
  const app::OnnxRequest request = request_of(arguments);
  Session session(arguments.talk);
  std::vector<std::string> overrides = arguments.set;
  overrides.emplace_back("device=cpu");
  const app::OpenedModel model = open_model({arguments.model, std::move(overrides), arguments.trust}, session);
  set_operator_threads(model.session.pipeline);
  const app::OnnxSummary summary = app::export_onnx(model, request, session.log());
  session.console().clear_status();
  if (session.is_json()) print_document(document_of(arguments, summary));
  const std::string sizes = summary.size ? size_text(summary.size->height, summary.size->width) : "any size";
  session.log().info("saved a graph of " + std::to_string(summary.nodes) + " nodes for images of " + sizes + ": " +
                     arguments.target);
  return kDone;
}

}  // namespace sshost::cli
