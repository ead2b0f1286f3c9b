#include "serve/service.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/seconds_since.h"
#include "run/session.h"
#include "serve/call.h"
#include "serve/description.h"
#include "serve/page.h"

namespace sshost::serve {
namespace {

using nlohmann::json;

Response json_response(const json& document) {
  return {200, "application/json", document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
}

// Takes as long for any wrong token of a length.
bool is_same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

// Those that say nothing of what is served: for whoever watches over the process, and the page, which asks for a token.
bool is_open_to_all(const std::string& path) {
  return path == "/" || path == "/v2/health/live" || path == "/v2/health/ready";
}

void require_method(const Request& request, std::string_view method) {
  if (request.method == method || (method == "GET" && request.method == "HEAD")) return;
  throw Refusal(405, request.path + ": expected " + std::string(method) + ", found " + request.method);
}

// "/v2/models/NAME/versions/1/infer" -> NAME and "infer".
struct ModelPath {
  std::string name;
  std::string action;
};
constexpr std::string_view kModels = "/v2/models/";

ModelPath model_path(std::string_view path) {
  path.remove_prefix(kModels.size());
  ModelPath parts{std::string(path.substr(0, path.find('/'))), {}};
  path.remove_prefix(std::min(path.size(), parts.name.size() + 1));
  constexpr std::string_view kVersions = "versions/";
  if (path.starts_with(kVersions)) {
    path.remove_prefix(kVersions.size());
    const std::string_view version = path.substr(0, path.find('/'));
    if (version != "1") throw Refusal(404, "version " + std::string(version) + " is not served; there is 1");
    path.remove_prefix(std::min(path.size(), version.size() + 1));
  }
  parts.action = std::string(path);
  return parts;
}

}  // namespace

Service::Service(const Settings& settings, std::vector<std::unique_ptr<ServedModel>> models)
    : settings_(settings), models_(std::move(models)), queue_(static_cast<size_t>(settings.queue)) {}

void Service::handle(std::shared_ptr<const Request> request, const Post& post, Reply reply) {
  const auto begin = Clock::now();
  const auto call = std::make_shared<Call>();
  call->request = std::move(request);
  call->post = post;
  call->deadline = begin + std::chrono::seconds(settings_.seconds);
  ++unanswered_;
  call->reply = [this, begin, raw = call.get(), reply = std::move(reply)](Response response) {
    metrics_.add_request(raw->kind, response.status, seconds_since(begin));
    reply(std::move(response));
    --unanswered_;
  };
  try {
    require_token(*call->request);
    route(call);
  } catch (...) {
    call->answer_with_current_error();
  }
}

void Service::work() {
  const auto jobs = queue_.take(static_cast<size_t>(settings_.batch), std::chrono::milliseconds(settings_.gather_ms),
                                std::chrono::milliseconds(50));
  if (jobs.empty()) return;
  const auto begin = Clock::now();
  ServedModel& model = *jobs[0].model;
  model.predict(jobs);
  const double seconds = seconds_since(begin);
  queue_.worked(jobs.size(), seconds);
  metrics_.add_batch(model.name(), jobs.size(), seconds);
}

void Service::require_token(const Request& request) const {
  if (settings_.token.empty() || is_open_to_all(request.path)) return;
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view given = request.header("authorization");
  if (given.starts_with(kScheme) && is_same(given.substr(kScheme.size()), settings_.token)) return;
  throw Refusal(401, "expected the header Authorization: Bearer <token>");
}

void Service::route(const std::shared_ptr<Call>& call) {
  if (route_fixed(call)) return;
  if (call->request->path.starts_with(kModels)) return route_model(call);
  throw Refusal(404, call->request->path + " is not served here; docs/serve.md tells what is");
}

bool Service::route_fixed(const std::shared_ptr<Call>& call) {
  const Request& request = *call->request;
  const std::string& path = request.path;
  if (path == "/v1/predict") {
    require_method(request, "POST");
    predict_image(call);
    return true;
  }
  Response response;
  if (path == "/") {
    response = {200, "text/html; charset=utf-8", std::string(page())};
    response.headers["Content-Security-Policy"] =
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src blob: data:; connect-src "
        "'self'";
  } else if (path == "/v2" || path == "/v2/") {
    response =
        json_response({{"name", "sshost"}, {"version", run::host_version()}, {"extensions", {"binary_tensor_data"}}});
  } else if (path == "/v2/health/live") {
    response = json_response({{"live", true}});
  } else if (path == "/v2/health/ready") {
    response = json_response({{"ready", is_ready_.load()}});
    response.status = is_ready_ ? 200 : 503;
  } else if (path == "/v1/models") {
    response = json_response(describe_models(models_));
  } else if (path == "/metrics") {
    response = {200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text(queue_.size())};
  } else {
    return false;
  }
  require_method(request, "GET");
  call->kind = "about";
  call->answer(std::move(response));
  return true;
}

void Service::route_model(const std::shared_ptr<Call>& call) {
  const Request& request = *call->request;
  const auto [name, action] = model_path(request.path);
  ServedModel& model = find(name);
  if (action == "infer") {
    require_method(request, "POST");
    return infer(call, model);
  }
  if (!action.empty() && action != "ready") throw Refusal(404, request.path + " is not served here");
  require_method(request, "GET");
  call->kind = "about";
  Response response = json_response(action == "ready" ? json{{"ready", is_ready_.load()}} : describe_tensors(model));
  if (action == "ready" && !is_ready_) response.status = 503;
  call->answer(std::move(response));
}

ServedModel& Service::find(const std::string& name) const {
  for (const auto& model : models_) {
    if (model->name() == name) return *model;
  }
  throw Refusal(404, "no model \"" + name + "\" is served; GET /v1/models lists them");
}

// The one that ?model= names, or the only one.
ServedModel& Service::chosen(const Request& request) const {
  const auto named = request.query.find("model");
  if (named != request.query.end()) return find(named->second);
  if (models_.size() == 1) return *models_[0];
  throw Refusal(400, "expected ?model=NAME, since several are served; GET /v1/models lists them");
}

}  // namespace sshost::serve
