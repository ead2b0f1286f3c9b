#include <map>

#include "recipes/comparison.h"

namespace sshost::recipes {
namespace {

// What a recipe calls a data set, and how many classes that has.
struct DataSet {
  std::string theirs;
  int classes;
};

DataSet data_set_of(const Comparison& comparison) {
  static const std::map<std::string, DataSet> known = {{"ade20k", {"ADE20kDataset", 150}},
                                                       {"cityscapes", {"CityScapesDataset", 19}},
                                                       {"cocostuff10k", {"COCOStuff10kDataset", 0}},
                                                       {"lip", {"LIPDataset", 20}},
                                                       {"pascal_context", {"PascalContext", 0}},
                                                       {"voc", {"VOCDataset", 21}},
                                                       {"vspw", {"VSPWDataset", 124}}};
  const std::string type = comparison.ours("data.dataset.type");
  const auto found = known.find(type);
  if (found == known.end()) return {type, 0};
  DataSet set = found->second;
  if (set.classes == 0) set.classes = comparison.ours("data.dataset.classes").get<int>();
  if (type == "pascal_context") set.theirs += set.classes == 59 ? "59Dataset" : "Dataset";
  return set;
}

// One pipeline of transforms: the same ones in the same order, with the same options.
class Transforms {
 public:
  Transforms(Comparison& comparison, std::string theirs, std::string ours)
      : comparison_(comparison), theirs_(std::move(theirs)), ours_(std::move(ours)) {}

  void compare() {
    const std::size_t count = comparison_.recipe().look(theirs_).size();
    for (std::size_t i = 0; i < count; ++i) compare_one(i);
    const std::size_t total = comparison_.ours(ours_).size();
    // One too many of ours would leave the recipe's settings all crossed off.
    if (done_ != total) comparison_.follows(theirs_, total, "transforms beyond the recipe's " + std::to_string(done_));
  }

 private:
  void compare_one(std::size_t index) {
    const std::string path = theirs_ + "/" + std::to_string(index);
    const std::string name = comparison_.recipe().look(path + "/0");
    if (name == "ToTensor") return comparison_.without_meaning(path, "a batch always holds tensors");
    if (name == "EdgeExtractor") {
      return comparison_.without_meaning(path, "adds the edges of the labels, which none of these models reads");
    }
    const std::string key = ours_ + "." + std::to_string(done_++);
    comparison_.follows(path + "/0", name_of(comparison_.ours(key + ".type")), key + ".type");
    compare_options(name, path + "/1", key);
  }

  static Json name_of(const Json& type) {
    static const std::map<Json, std::string> names = {{"resize", "Resize"},
                                                      {"random_crop", "RandomCrop"},
                                                      {"random_flip", "RandomFlip"},
                                                      {"random_rotation", "RandomRotation"},
                                                      {"photometric_distortion", "PhotoMetricDistortion"},
                                                      {"normalize", "Normalize"},
                                                      {"pad", "Padding"}};
    const auto found = names.find(type);
    return found == names.end() ? type : Json(found->second);
  }

  void compare_options(const std::string& name, const std::string& path, const std::string& key) {
    static const std::map<std::string, std::map<std::string, std::string>> options = {
        {"Resize", {{"output_size", "size"}, {"keep_ratio", "keep_ratio"}, {"scale_range", "scale_range"}}},
        {"RandomCrop", {{"crop_size", "size"}, {"one_category_max_ratio", "max_class_ratio"}}},
        {"RandomFlip", {{"prob", "probability"}}},
        {"RandomRotation", {{"prob", "probability"}, {"angle_upper", "max_angle"}}},
        {"PhotoMetricDistortion", {}},
        {"Normalize", {{"mean", "mean"}, {"std", "std"}}},
        {"Padding", {{"output_size", "size"}}}};
    for (const auto& [theirs, ours] : options.at(name)) comparison_.equal(path + "/" + theirs, key + "." + ours);
    if (name == "PhotoMetricDistortion") comparison_.always(path, Json::object(), "the published strengths");
    comparison_.always(path + "/data_type", "tensor", "what is padded is normalised already");
    // The data set itself says which classes are pairs: tests/datasets looks at its own list.
    comparison_.always(path + "/fixed_seg_target_pairs", Json::parse("[[15, 14], [17, 16], [19, 18]]"), "LIP's pairs");
  }

  Comparison& comparison_;
  std::string theirs_;
  std::string ours_;
  std::size_t done_ = 0;  // of ours
};

}  // namespace

void compare_data(Comparison& comparison) {
  const DataSet set = data_set_of(comparison);
  comparison.follows("/dataset/type", set.theirs, "data.dataset.type");
  comparison.follows("/num_classes", set.classes, "the data set's classes");
  comparison.equal("/dataset/train/set", "data.train.split");
  comparison.equal("/dataset/test/set", "data.evaluate.split");
  Transforms(comparison, "/dataset/train/data_pipelines", "data.train.transforms").compare();
  Transforms(comparison, "/dataset/test/data_pipelines", "data.evaluate.transforms").compare();
}

}  // namespace sshost::recipes
