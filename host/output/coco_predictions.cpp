#include "output/coco_predictions.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "output/run_lengths.h"

namespace sshost::output {
namespace {

constexpr size_t kDigits = 12;  // of a number in COCO's file names

bool is_digit(char c) { return c >= '0' && c <= '9'; }

nlohmann::json image_id(const std::string& id) {
  const std::string name = std::filesystem::path(id).filename().string();
  const size_t start = name.rfind('_') == std::string::npos ? 0 : name.rfind('_') + 1;
  const std::string number = name.substr(start);
  if (number.size() != kDigits || !std::all_of(number.begin(), number.end(), is_digit)) return id;
  return std::stoll(number);
}

}  // namespace

void CocoPredictions::begin() {
  if (file_) return;
  file_.emplace(file_for(folder_, "coco", ".json"), 0);
  file_->write("[");
}

void CocoPredictions::write(const PredictedImage& image) {
  begin();
  const nlohmann::json id = image_id(image.id);
  const nlohmann::json size = {image.classes.size(0), image.classes.size(1)};
  for (const auto& [label, lengths] : class_run_lengths(image.classes)) {
    const nlohmann::json element = {
        {"image_id", id}, {"category_id", label}, {"segmentation", {{"size", size}, {"counts", compressed(lengths)}}}};
    file_->write(is_first_ ? "\n" : ",\n");
    file_->write(element.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));  // ids are file names
    is_first_ = false;
  }
}

void CocoPredictions::finish() {
  begin();
  file_->write("\n]\n");
  file_->commit();
}

}  // namespace sshost::output
