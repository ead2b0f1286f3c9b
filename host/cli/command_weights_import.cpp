#include <nlohmann/json.hpp>

#include "app/weight_import.h"
#include "checkpoint/weight_ending.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"

namespace sshost::cli {

int import_weights_file(const WeightsImportArguments& arguments) {
  checkpoint::require_checkpoint_name(arguments.target);
  Session session(arguments.talk);
  const run::Session opened = session.open_pipeline(arguments);
  const app::ImportedWeights imported = app::import_weights(opened, {.file = arguments.weights,
                                                                     .component = arguments.component,
                                                                     .format = arguments.format,
                                                                     .part = arguments.part,
                                                                     .prefix = arguments.prefix,
                                                                     .classes = arguments.classes,
                                                                     .skip_classifier = arguments.skip_classifier,
                                                                     .adapt_input = arguments.adapt_input});
  if (!session.is_json()) session.console().line(imported.report.text(arguments.all));
  app::save_imported(imported, opened, arguments.target, session.log());
  if (session.is_json()) print_document(app::to_json(imported.report, arguments.target));
  session.log().info("saved " + arguments.target);
  return kDone;
}

}  // namespace sshost::cli
