#ifndef SSHOST_API_RESULT_H
#define SSHOST_API_RESULT_H

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "api/sshost/api.h"

struct sshost_result {
  std::string json;
  std::optional<std::string> state = {};
  std::optional<std::string> folder = {};
  std::optional<std::string> checkpoint = {};
  int64_t step = 0;
  nlohmann::json scores = {};  // a line of metrics.jsonl; null: nothing was evaluated
};

namespace sshost::api {

// The text of a document. Text in it that is not UTF-8 gets a replacement.
std::string text_of(const nlohmann::json& document);

// Puts it where the caller wants it; `result` may be NULL.
inline void give(sshost_result** result, std::unique_ptr<sshost_result> found) {
  if (result != nullptr) *result = found.release();
}

// Where nothing has been found yet.
inline void give_nothing(sshost_result** result) {
  if (result != nullptr) *result = nullptr;
}

}  // namespace sshost::api

#endif  // SSHOST_API_RESULT_H
