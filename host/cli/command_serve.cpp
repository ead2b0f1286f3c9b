#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/opened_model.h"
#include "base/error.h"
#include "base/seconds_since.h"
#include "cli/arguments.h"
#include "cli/interrupt.h"
#include "cli/model_argument.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "cli/works.h"
#include "file/regular_file.h"
#include "serve/http_server.h"
#include "serve/served_model.h"
#include "serve/service.h"
#include "serve/settings.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using Models = std::vector<std::unique_ptr<serve::ServedModel>>;

struct NamedModel {
  std::string name;
  fs::path path;
};

// "NAME=PATH", or a path with a name in it.
NamedModel named_model(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals != std::string::npos && text.find('/') > equals) return {text.substr(0, equals), text.substr(equals + 1)};
  fs::path path = text;
  if (!path.has_filename()) path = path.parent_path();
  return {path.stem().string(), text};
}

void require_names(const std::vector<NamedModel>& models) {
  for (size_t i = 0; i < models.size(); ++i) {
    const std::string& name = models[i].name;
    if (name.empty() || name.find_first_of("/?#% ") != std::string::npos) {
      throw UsageError("model " + models[i].path.string() + ": \"" + name +
                       "\" cannot stand in an address; name it by NAME=" + models[i].path.string());
    }
    for (size_t j = 0; j < i; ++j) {
      if (models[j].name == name) {
        throw UsageError("two models are called " + name + "; name one by NAME=" + models[i].path.string());
      }
    }
  }
}

std::vector<std::string> overrides_of(const ServeArguments& arguments) {
  std::vector<std::string> overrides = arguments.set;
  if (!arguments.device.empty()) overrides.push_back("device=" + arguments.device);
  return overrides;
}

Models open_models(const ServeArguments& arguments, Session& session) {
  std::vector<NamedModel> named;
  for (const std::string& text : arguments.models) named.push_back(named_model(text));
  require_names(named);
  Models models;
  for (NamedModel& model : named) {
    app::OpenedModel opened = open_model({model.path, overrides_of(arguments), arguments.trust}, session);
    models.push_back(std::make_unique<serve::ServedModel>(model.name, std::move(opened)));
  }
  set_operator_threads(models[0]->pipeline());
  return models;
}

std::string token_of(const ServeArguments& arguments) {
  if (arguments.token_file.empty()) {
    const char* given = std::getenv("SSHOST_TOKEN");
    return given == nullptr ? "" : given;
  }
  std::string token = file::read_file(arguments.token_file, 4096);
  token.erase(token.find_last_not_of(" \t\r\n") + 1);
  if (token.empty()) throw UsageError("--token-file: " + arguments.token_file.string() + " is empty");
  return token;
}

serve::Settings settings_of(const ServeArguments& arguments) {
  serve::Settings settings;
  settings.address = arguments.host;
  settings.port = static_cast<uint16_t>(arguments.port);
  settings.token = token_of(arguments);
  settings.batch = arguments.batch;
  settings.gather_ms = arguments.gather;
  settings.queue = arguments.queue;
  settings.seconds = arguments.seconds;
  settings.most_bytes = static_cast<uint64_t>(arguments.megabytes) << 20;
  settings.most_bytes_at_once = std::max(settings.most_bytes_at_once, 2 * settings.most_bytes);
  settings.most_pixels = arguments.megapixels << 20;
  if (settings.token.empty() && !arguments.open && !serve::is_loopback(settings.address)) {
    throw UsageError("--host " + settings.address +
                     ": expected a token (--token-file FILE), since other machines reach it; --open serves anybody");
  }
  return settings;
}

// What was accepted is answered. Whoever does not take an answer is not waited for.
void finish(serve::Service& service, serve::HttpServer& server, int64_t seconds) {
  service.stop_being_ready();
  server.drain();
  const auto begin = std::chrono::steady_clock::now();
  const double most = 3 * static_cast<double>(seconds);
  while ((server.connections() > 0 || service.unanswered() > 0) && seconds_since(begin) < most) service.work();
}

}  // namespace

int serve_models(const ServeArguments& arguments) {
  ignore_closed_pipes();
  const serve::Settings settings = settings_of(arguments);
  Session session(arguments.talk);
  serve::Service service(settings, open_models(arguments, session));
  serve::HttpServer server(settings, service);
  const std::atomic<bool>& stop = stop_on_signals();
  const bool is_v6 = settings.address.find(':') != std::string::npos;
  session.console().line("serving at http://" + (is_v6 ? "[" + settings.address + "]" : settings.address) + ":" +
                         std::to_string(server.port()));
  while (!stop) service.work();
  session.log().info("stopping: what has been accepted is answered");
  finish(service, server, settings.seconds);
  return kDone;
}

}  // namespace sshost::cli
