#include "serve/message.h"

#include <nlohmann/json.hpp>

#include "bridge/boundary.h"
#include "data/dataset.h"

namespace sshost::serve {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  throw Refusal(400, "the request's target: a percent sign that no two hexadecimal digits follow");
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) throw Refusal(400, "the request's target ends within a percent sign's digits");
    plain += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
    i += 2;
  }
  return plain;
}

}  // namespace

std::string_view Request::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Response error_response(int status, std::string_view text, int retry_after) {
  const nlohmann::json document = {{"error", text}};
  Response response{status, "application/json",
                    document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
  if (retry_after > 0) response.headers["Retry-After"] = std::to_string(retry_after);
  return response;
}

Response current_error_response() {
  try {
    throw;
  } catch (const Refusal& refusal) {
    return error_response(refusal.status(), refusal.what(), refusal.retry_after());
  } catch (const data::BrokenSample& error) {
    return error_response(400, error.what());
  } catch (...) {
    if (bridge::fail_with_current_exception() == SS_OUT_OF_MEMORY) {
      return error_response(503, "there is no memory for it now", 1);
    }
    return error_response(500, bridge::message());
  }
}

void set_target(Request& request, std::string_view target) {
  const size_t mark = target.find('?');
  request.path = std::string(target.substr(0, mark));
  if (mark == std::string_view::npos) return;
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const size_t equals = std::min(pair.find('='), pair.size());
    request.query[unescaped(pair.substr(0, equals))] = unescaped(pair.substr(std::min(pair.size(), equals + 1)));
  }
}

}  // namespace sshost::serve
