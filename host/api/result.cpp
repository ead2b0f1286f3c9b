#include "api/result.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace sshost::api {
namespace {

const char* text_or_null(const sshost_result* result, std::optional<std::string> sshost_result::*text) {
  return result == nullptr || !(result->*text) ? nullptr : (result->*text)->c_str();
}

// null: it is not defined.
double number_in(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  const bool is_there = found != object.end() && found->is_number();
  return is_there ? found->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

sshost_scores scores_of(const nlohmann::json& line) {
  return {sizeof(sshost_scores),
          0,
          line.value("images", int64_t{0}),
          line.value("seconds", 0.0),
          number_in(line, "mean_iou"),
          number_in(line, "mean_accuracy"),
          number_in(line, "pixel_accuracy"),
          number_in(line, "mean_precision"),
          number_in(line, "mean_dice"),
          number_in(line, "mean_f_score"),
          number_in(line, "mean_boundary_iou")};
}

const nlohmann::json* class_at(const sshost_result* result, int64_t index) {
  if (index < 0 || index >= sshost_result_class_count(result)) return nullptr;
  return &result->scores["classes"][static_cast<size_t>(index)];
}

}  // namespace

std::string text_of(const nlohmann::json& document) {
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace sshost::api

void sshost_result_free(sshost_result* result) { delete result; }

const char* sshost_result_json(const sshost_result* result) {
  return result == nullptr ? nullptr : result->json.c_str();
}

const char* sshost_result_state(const sshost_result* result) {
  return sshost::api::text_or_null(result, &sshost_result::state);
}

const char* sshost_result_folder(const sshost_result* result) {
  return sshost::api::text_or_null(result, &sshost_result::folder);
}

const char* sshost_result_checkpoint(const sshost_result* result) {
  return sshost::api::text_or_null(result, &sshost_result::checkpoint);
}

int64_t sshost_result_step(const sshost_result* result) { return result == nullptr ? 0 : result->step; }

sshost_code sshost_result_scores(const sshost_result* result, sshost_scores* scores) {
  if (result == nullptr || scores == nullptr || scores->size < sizeof(scores->size)) return SSHOST_INVALID_ARGUMENT;
  const uint32_t size = scores->size;
  const nlohmann::json none = nlohmann::json::object();
  const sshost_scores found = sshost::api::scores_of(result->scores.is_object() ? result->scores : none);
  std::memcpy(scores, &found, std::min<size_t>(size, sizeof found));
  scores->size = size;
  return SSHOST_OK;
}

int64_t sshost_result_class_count(const sshost_result* result) {
  if (result == nullptr || !result->scores.is_object()) return 0;
  return static_cast<int64_t>(result->scores["classes"].size());
}

const char* sshost_result_class_name(const sshost_result* result, int64_t index) {
  const nlohmann::json* found = sshost::api::class_at(result, index);
  return found == nullptr ? nullptr : found->at("name").get_ref<const std::string&>().c_str();
}

double sshost_result_class_iou(const sshost_result* result, int64_t index) {
  const nlohmann::json* found = sshost::api::class_at(result, index);
  return found == nullptr ? std::numeric_limits<double>::quiet_NaN() : sshost::api::number_in(*found, "iou");
}
