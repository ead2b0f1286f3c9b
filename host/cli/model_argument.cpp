#include "cli/model_argument.h"

#include <optional>
#include <utility>

#include "app/device.h"
#include "app/opened_pipeline.h"
#include "checkpoint/checkpoint.h"
#include "run/run_folder.h"

namespace sshost::cli {

app::OpenedModel open_model(const ModelArgument& model, const Session& session) {
  const bool is_pipeline = model.path.extension() == ".yaml" || model.path.extension() == ".yml";
  app::PipelineRequest request{.file = is_pipeline ? model.path : std::filesystem::path(),
                               .checkpoint = is_pipeline ? std::string() : model.path.string(),
                               .overrides = model.overrides,
                               .trust = model.trust};
  run::Session opened = app::open_pipeline(request, session.shared_log());
  std::optional<std::filesystem::path> checkpoint;
  if (!is_pipeline) checkpoint = run::checkpoint_file(model.path);
  if (checkpoint) {
    app::say_changed_libraries(opened, checkpoint::read_checkpoint_info(*checkpoint), *session.shared_log());
  }
  const at::Device device = app::device_of(opened.pipeline);
  return app::open_model(std::move(opened), checkpoint, device);
}

}  // namespace sshost::cli
