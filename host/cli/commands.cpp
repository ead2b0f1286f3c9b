#include "cli/commands.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "base/error.h"
#include "cli/completion.h"
#include "config/nearest.h"

namespace sshost::cli {

void add_completion_command(Command app, const CommandLine& line) {
  const auto shell = std::make_shared<std::string>();
  Command command = app.add_command("completion", "Print what lets a shell complete this program's commands");
  command.add_option("shell", *shell, "bash, zsh or fish").type_name("SHELL").required();
  command.examples({"source <(sshost completion bash)", "sshost completion zsh > ~/.zfunc/_sshost",
                    "sshost completion fish > ~/.config/fish/completions/sshost.fish"});
  command.runs([shell, &line] {
    const std::vector<std::string>& shells = completion_shells();
    if (std::find(shells.begin(), shells.end(), *shell) == shells.end()) {
      throw UsageError("expected one of " + config::join_names(shells) + ", found " + *shell +
                       config::suggestion(*shell, shells));
    }
    std::fputs(completion_script(line.tree(), *shell).c_str(), stdout);
    return kDone;
  });
}

ProgramLine::ProgramLine(const Works& works, std::string version)
    : CommandLine("sshost",
                  "Trains, evaluates and runs semantic-segmentation models that are put together from plugins.") {
  set_version(std::move(version));
  Command app = command();
  add_run_command(app, works);
  add_new_command(app, works);
  add_validate_command(app, works);
  add_plan_command(app, works);
  add_predict_command(app, works);
  add_quantize_command(app, works);
  add_serve_command(app, works);
  add_export_command(app, works);
  add_compare_command(app, works);
  add_plugins_commands(app, works);
  add_data_commands(app, works);
  add_memory_commands(app, works);
  add_weights_commands(app, works);
  add_completion_command(app, *this);
  app.closing(
      "`sshost COMMAND --help` tells more.\n"
      "Exit codes: 0 done, 1 the work failed, 2 the command line or the pipeline is wrong, 130 stopped by Ctrl-C (128 "
      "+ the signal's number) after saving.\n");
}

}  // namespace sshost::cli
