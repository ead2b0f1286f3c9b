#include "output/submission.h"

#include <ATen/ATen.h>

#include <map>
#include <regex>
#include <string>
#include <string_view>

#include "base/error.h"
#include "output/mask_image.h"

namespace sshost::output {
namespace {

constexpr int64_t kNumbers = 256;  // in a byte
constexpr size_t kAde20kClasses = 150;

const std::map<std::string_view, int64_t>& cityscapes_label_ids() {
  static const std::map<std::string_view, int64_t> ids = {
      {"road", 7},  {"sidewalk", 8},       {"building", 11},     {"wall", 12},       {"fence", 13},
      {"pole", 17}, {"traffic light", 19}, {"traffic sign", 20}, {"vegetation", 21}, {"terrain", 22},
      {"sky", 23},  {"person", 24},        {"rider", 25},        {"car", 26},        {"truck", 27},
      {"bus", 28},  {"train", 31},         {"motorcycle", 32},   {"bicycle", 33}};
  return ids;
}

int64_t label_id(const std::string& name) {
  const auto found = cityscapes_label_ids().find(name);
  if (found != cityscapes_label_ids().end()) return found->second;
  throw UsageError("prediction format cityscapes: expected the classes of Cityscapes, found \"" + name + "\"");
}

}  // namespace

CityscapesSubmission::CityscapesSubmission(std::filesystem::path folder, const std::vector<data::Class>& classes)
    : folder_(std::move(folder)) {
  std::vector<int64_t> ids;
  for (const data::Class& entry : classes) ids.push_back(label_id(entry.name));
  label_ids_ = at::tensor(ids, at::kLong);
}

std::string CityscapesSubmission::name_of(const std::string& id) {
  static const std::regex pattern("([^_]+_[0-9]{6}_[0-9]{6})(_leftImg8bit)?");
  const std::string name = std::filesystem::path(id).filename().string();
  std::smatch match;
  if (std::regex_match(name, match, pattern)) return match[1].str() + "_labelIds.png";
  throw UsageError(
      "prediction format cityscapes: expected an image that is named <city>_<sequence>_<frame>, as in "
      "berlin_000000_000019_leftImg8bit.png; found \"" +
      id + "\"");
}

void CityscapesSubmission::write(const PredictedImage& image) {
  const std::string name = name_of(image.id);
  const at::Tensor ids = label_ids_.index_select(0, image.classes.reshape(-1)).view(image.classes.sizes());
  write_index(file_for(folder_, name, ""), ids, kNumbers);
}

Ade20kSubmission::Ade20kSubmission(std::filesystem::path folder, const std::vector<data::Class>& classes)
    : folder_(std::move(folder)) {
  if (classes.size() == kAde20kClasses) return;
  throw UsageError("prediction format ade20k: expected the 150 classes of ADE20K, found " +
                   std::to_string(classes.size()));
}

std::string Ade20kSubmission::name_of(const std::string& id) {
  return std::filesystem::path(id).filename().string() + ".png";
}

void Ade20kSubmission::write(const PredictedImage& image) {
  write_index(file_for(folder_, name_of(image.id), ""), image.classes + 1, kNumbers);
}

}  // namespace sshost::output
