#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "plugin/find.h"
#include "scaffold/new_plugin.h"

namespace sshost::cli {

int make_plugin(const PluginsNewArguments& arguments) {
  Session session(arguments.talk);
  const std::filesystem::path prefix = plugin::installed_plugins().parent_path().parent_path().parent_path();
  const std::vector<std::filesystem::path> files =
      scaffold::write_plugin({arguments.kind, arguments.name, arguments.language, arguments.name, prefix});
  if (session.is_json()) {
    nlohmann::json list = nlohmann::json::array();
    for (const std::filesystem::path& file : files) list.push_back(file.string());
    print_document({{"folder", arguments.name}, {"files", list}});
    return kDone;
  }
  for (const std::filesystem::path& file : files) session.console().line(file.string());
  session.console().line("Go on with: cd " + arguments.name + " && make test");
  return kDone;
}

}  // namespace sshost::cli
