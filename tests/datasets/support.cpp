#include "datasets/support.h"

#include <opencv2/imgcodecs.hpp>

#include "base/error.h"
#include "bridge/host_table.h"
#include "bridge/tables.h"
#include "config/checker.h"
#include "config/load.h"
#include "plugin/load.h"

namespace sshost::data {

namespace {

const plugin::Registry& registry() {
  static const bridge::Host host("0.0.0", [](ss_log_level, std::string_view) {});
  static const plugin::Registry loaded = [] {
    plugin::LoadRequest request;
    for (const char* name : {"ade20k", "camvid", "cityscapes", "coco", "cocostuff10k", "folder", "labelme", "lip",
                             "pascal_context", "synthetic", "voc", "vspw"}) {
      request.named.push_back(std::filesystem::path(SSHOST_PLUGIN_DIR) / (std::string(name) + ".so"));
    }
    request.host = host.abi();
    request.has_operator = bridge::has_operator;
    plugin::Registry made = plugin::load_plugins(request);
    made.require_named_files();
    return made;
  }();
  return loaded;
}

}  // namespace

namespace {

ss_options_object checked_options(const plugin::Component& component, const std::string& type, const std::string& yaml,
                                  const std::filesystem::path& folder) {
  config::Problems problems;
  const std::string file = (std::filesystem::absolute(folder) / "test.yaml").string();
  const config::Node node = config::load_pipeline_text(yaml, file, {}, problems);
  ss_options_object options = config::check_options(node, component.options(), type, {}, problems);
  problems.throw_if_any();
  return options;
}

}  // namespace

std::unique_ptr<Dataset> open_dataset(const std::string& type, const std::string& yaml, const std::string& split,
                                      const std::filesystem::path& folder) {
  const plugin::Component& component = registry().find(SS_DATASET_1, type);
  const ss_options_object options = checked_options(component, type, yaml, folder);
  return std::make_unique<Dataset>(*component.descriptor, component.path, &options, split);
}

DatasetInfo dataset_info(const std::string& type, const std::string& yaml, const std::string& split) {
  const plugin::Component& component = registry().find(SS_DATASET_1, type);
  const ss_options_object options = checked_options(component, type, yaml, ".");
  return DatasetComponent(*component.descriptor, component.path, &options, split).info();
}

std::vector<Submission> submissions_offered_by(const std::string& type) {
  return submissions_of(registry().find(SS_DATASET_1, type));
}

std::string dataset_error(const std::string& type, const std::string& yaml, const std::string& split,
                          const std::filesystem::path& folder) {
  try {
    read_one(*open_dataset(type, yaml, split, folder), 0);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

Sample read_one(const Dataset& dataset, int64_t index, uint64_t seed) {
  Reader reader(dataset);
  Random random(seed);
  return reader.read(index, random);
}

void write_text(const test::TempFolder& folder, const std::string& name, const std::string& text) {
  const std::filesystem::path path = folder / name;
  std::filesystem::create_directories(path.parent_path());
  test::write_bytes(path, text);
}

void write_image(const test::TempFolder& folder, const std::string& name, const cv::Mat& pixels) {
  const std::filesystem::path path = folder / name;
  std::filesystem::create_directories(path.parent_path());
  if (!cv::imwrite(path.string(), pixels)) throw Error("cannot write " + path.string());
}

}  // namespace sshost::data
