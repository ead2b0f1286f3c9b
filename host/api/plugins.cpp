#include <memory>

#include "api/error.h"
#include "api/job.h"
#include "api/named_pipeline.h"
#include "api/result.h"
#include "app/plugin_list.h"
#include "run/session.h"

namespace sshost::api {
namespace {

void list_plugins(const sshost_options& options, sshost_result** result) {
  Job job(options);
  const plugin::Registry registry = job.open_plugins({.named = named_plugins(options)});
  registry.require_named_files();
  give(result, std::make_unique<sshost_result>(sshost_result{text_of(app::to_json(registry))}));
}

}  // namespace
}  // namespace sshost::api

sshost_code sshost_list_plugins(const sshost_options* options, sshost_result** result, sshost_error** error) {
  sshost::api::give_nothing(result);
  return sshost::api::guarded(error, [&] { sshost::api::list_plugins(sshost::api::or_defaults(options), result); });
}
