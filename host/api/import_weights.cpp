#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "api/error.h"
#include "api/job.h"
#include "api/named_pipeline.h"
#include "api/result.h"
#include "app/weight_import.h"
#include "checkpoint/weight_ending.h"

namespace sshost::api {
namespace {

std::string text(const char* given) { return given == nullptr ? "" : given; }

// With what the caller's struct does not have yet as 0.
sshost_import whole(const sshost_import& given) {
  sshost_import import = {};
  std::memcpy(&import, &given, std::min<size_t>(given.size, sizeof import));
  return import;
}

void check(const sshost_import& import) {
  if (import.size < offsetof(sshost_import, component)) {
    refuse("sshost_import.size: expected sizeof(sshost_import), found " + std::to_string(import.size));
  }
  if (import.weights == nullptr || import.target == nullptr) {
    refuse("sshost_import: expected weights and target, found NULL");
  }
  if (whole(import).classes < 0) refuse("sshost_import.classes: expected 0 or more");
}

void import_weights(const char* path, const sshost_import& import, const sshost_options& options,
                    sshost_result** result) {
  checkpoint::require_checkpoint_name(import.target);
  Job job(options);
  const run::Session opened = job.open(request_to_run(path, options));
  app::WeightImport request{.file = import.weights,
                            .component = text(import.component),
                            .format = text(import.format),
                            .part = text(import.part),
                            .prefix = text(import.prefix),
                            .skip_classifier = import.skip_classifier != 0,
                            .adapt_input = import.adapt_input != 0};
  if (import.classes > 0) request.classes = import.classes;
  const app::ImportedWeights imported = app::import_weights(opened, request);
  app::save_imported(imported, opened, import.target, job.log());
  job.log().info("saved " + std::string(import.target));
  auto found = std::make_unique<sshost_result>(sshost_result{text_of(app::to_json(imported.report, import.target))});
  found->checkpoint = import.target;
  give(result, std::move(found));
}

}  // namespace
}  // namespace sshost::api

sshost_code sshost_import_weights(const char* path, const sshost_import* import, const sshost_options* options,
                                  sshost_result** result, sshost_error** error) {
  sshost::api::give_nothing(result);
  return sshost::api::guarded(error, [&] {
    if (path == nullptr || import == nullptr) {
      sshost::api::refuse("sshost_import_weights: expected a pipeline and a description of the weights, found NULL");
    }
    sshost::api::check(*import);
    sshost::api::import_weights(path, sshost::api::whole(*import), sshost::api::or_defaults(options), result);
  });
}
