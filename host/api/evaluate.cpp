#include <memory>
#include <string>

#include "api/call_scope.h"
#include "api/cancel.h"
#include "api/error.h"
#include "api/model.h"
#include "api/result.h"
#include "app/model_evaluation.h"

namespace sshost::api {
namespace {

void evaluate(const sshost_model& model, const char* split, const sshost_cancel* cancel, sshost_result** result) {
  const CallScope scope(model.threads, *model.callbacks);
  const std::string which = split == nullptr ? model.opened.session.pipeline.data.evaluate.split : split;
  const auto scores = app::evaluate_model(model.opened, which, model.prepared, *model.log, stop_of(cancel));
  if (!scores) throw CallError(SSHOST_CANCELLED, "cancelled by the caller");
  auto found = std::make_unique<sshost_result>(sshost_result{text_of(*scores)});
  found->scores = *scores;
  give(result, std::move(found));
}

}  // namespace
}  // namespace sshost::api

sshost_code sshost_evaluate(sshost_model* model, const char* split, const sshost_cancel* cancel, sshost_result** result,
                            sshost_error** error) {
  sshost::api::give_nothing(result);
  return sshost::api::guarded(error, [&] {
    if (model == nullptr) sshost::api::refuse("sshost_evaluate: expected a model, found NULL");
    sshost::api::evaluate(*model, split, cancel, result);
  });
}
