#include <nlohmann/json.hpp>
#include <string>

#include "app/weight_export.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "run/run_folder.h"

namespace sshost::cli {

int export_weights_file(const WeightsExportArguments& arguments) {
  Session session(arguments.talk);
  const run::Session opened = session.open_pipeline(arguments);
  const size_t count = app::export_weights(opened, run::checkpoint_file(arguments.checkpoint), arguments.format,
                                           arguments.target, session.log());
  if (session.is_json()) {
    print_document({{"saved", arguments.target}, {"format", arguments.format}, {"tensors", count}});
  }
  session.log().info("saved " + std::to_string(count) + " tensors by " + arguments.format +
                     "'s names: " + arguments.target);
  return kDone;
}

}  // namespace sshost::cli
