#include "data/dataset.h"

#include <optional>
#include <set>

#include "bridge/error.h"
#include "data/sink.h"
#include "error.h"

namespace sshost::data {

namespace {

std::string to_string(ss_string text) { return std::string(bridge::view(text)); }

std::string size_of(const cv::Mat& mat) { return std::to_string(mat.rows) + "x" + std::to_string(mat.cols); }

// More is a mistake: predictions hold a plane for each.
constexpr uint32_t kMostClasses = 1U << 16;

void check_mirrored(const std::vector<Class>& classes, const std::string& who) {
  const auto count = static_cast<int64_t>(classes.size());
  for (int64_t index = 0; index < count; ++index) {
    const int64_t other = classes[index].mirrored;
    if (other >= 0 && other < count && classes[other].mirrored == index) continue;
    throw Error(who + ": class " + std::to_string(index) + " (" + classes[index].name + ") mirrors class " +
                std::to_string(other) + ", which is no class or does not mirror it back");
  }
}

bool names_a_file(const std::string& id) {
  const std::filesystem::path path(id);
  if (id.empty() || path.is_absolute() || !path.has_filename()) return false;
  for (const auto& part : path) {
    if (part == ".." || part == ".") return false;
  }
  return true;
}

// The first pixel of a label (CV_32S) that is neither a class nor the ignored label.
std::optional<cv::Point> first_stranger(const cv::Mat& label, const DatasetInfo& info) {
  const auto classes = static_cast<int64_t>(info.classes.size());
  for (int row = 0; row < label.rows; ++row) {
    const auto* values = label.ptr<int32_t>(row);
    for (int column = 0; column < label.cols; ++column) {
      const int64_t value = values[column];
      if ((value < 0 || value >= classes) && value != info.ignore_index) return cv::Point(column, row);
    }
  }
  return std::nullopt;
}

uint64_t next_number(void* self) { return static_cast<Random*>(self)->next(); }

}  // namespace

Dataset::Dataset(const ss_component& component, const std::filesystem::path& library, ss_options options,
                 const std::string& split)
    : table_(*static_cast<const ss_dataset_table*>(component.table)),
      who_("dataset " + to_string(component.name) + " (" + library.string() + ")") {
  ss_dataset_spec spec{};
  spec.size = sizeof(spec);
  spec.split = bridge::to_ss_string(split);
  bridge::check(table_.create(options, &spec, &self_), who_ + ", split " + split);
  try {
    read_info();
    size_ = table_.count(self_);
    if (size_ < 1) throw Error(who_ + ": split " + split + " has no samples (" + std::to_string(size_) + ")");
    check_ids();
  } catch (...) {
    table_.destroy(self_);
    throw;
  }
}

Dataset::~Dataset() { table_.destroy(self_); }

void Dataset::read_info() {
  ss_dataset_info info{};
  info.size = sizeof(info);
  bridge::check(table_.info(self_, &info), who_);
  if (info.class_count < 1 || info.class_count > kMostClasses || info.classes == nullptr) {
    throw Error(who_ + ": " + std::to_string(info.class_count) + " classes, expected 1.." +
                std::to_string(kMostClasses));
  }
  for (uint32_t index = 0; index < info.class_count; ++index) {
    const ss_class& from = info.classes[index];
    info_.classes.push_back({to_string(from.name), {from.red, from.green, from.blue}, from.mirrored});
  }
  info_.ignore_index = info.ignore_index;
  const bool in_range = info_.ignore_index >= INT32_MIN && info_.ignore_index <= INT32_MAX;
  if (!in_range || (info_.ignore_index >= 0 && info_.ignore_index < classes())) {
    throw Error(who_ + ": the ignored label is " + std::to_string(info_.ignore_index) + ", which is class \"" +
                (in_range ? info_.classes[info_.ignore_index].name : "out of int32") +
                "\" or out of range; expected a number that is no class");
  }
  check_mirrored(info_.classes, who_);
}

void Dataset::check_ids() const {
  std::set<std::string> seen;
  for (int64_t index = 0; index < size_; ++index) {
    const std::string id = describe(index).id;
    if (!names_a_file(id)) {
      throw Error(name_of(index) + ": the id has to be a file name, or a relative path without \"..\"");
    }
    if (!seen.insert(id).second) {
      throw Error(name_of(index) + ": an earlier sample has this id too; predictions would overwrite each other");
    }
  }
}

Dataset::Description Dataset::describe(int64_t index) const {
  ss_sample_info info{};
  info.size = sizeof(info);
  bridge::check(table_.describe(self_, index, &info), who_ + ", sample " + std::to_string(index));
  return {to_string(info.id), to_string(info.image_path), to_string(info.label_path)};
}

std::string Dataset::name_of(int64_t index) const {
  const Description description = describe(index);
  std::string name = who_ + ", sample " + std::to_string(index) + " \"" + description.id + "\"";
  if (!description.image_path.empty()) name += " (" + description.image_path + ")";
  return name;
}

Reader::Reader(const Dataset& dataset) : dataset_(dataset) {
  bridge::check(dataset_.table_.open_reader(dataset_.self_, &self_), dataset_.who_);
}

Reader::~Reader() { dataset_.table_.close_reader(dataset_.self_, self_); }

Sample Reader::read(int64_t index, Random& random) {
  Sink sink;
  const ss_sample_sink sink_abi = sink.abi();
  const ss_random random_abi{&random, &next_number};
  const ss_status status = dataset_.table_.read(dataset_.self_, self_, index, &random_abi, &sink_abi);
  if (status != SS_OK) bridge::check(status, dataset_.name_of(index));

  if (sink.image().empty()) throw Error(dataset_.name_of(index) + ": read gave no image");
  Sample sample{sink.image(), {}, dataset_.describe(index).id};
  if (sink.label().empty()) return sample;
  if (sink.label().size() != sink.image().size()) {
    throw Error(dataset_.name_of(index) + ": the image is " + size_of(sink.image()) + ", its label " +
                size_of(sink.label()) + "; expected the same size (" + dataset_.describe(index).label_path + ")");
  }
  sink.label().convertTo(sample.label, CV_32S);
  if (const auto at = first_stranger(sample.label, dataset_.info_)) {
    throw Error(dataset_.name_of(index) + ", label " + dataset_.describe(index).label_path + ": " +
                std::to_string(sample.label.at<int32_t>(*at)) + " at row " + std::to_string(at->y) + ", column " +
                std::to_string(at->x) + " is neither a class (0.." + std::to_string(dataset_.classes() - 1) +
                ") nor the ignored label (" + std::to_string(dataset_.info_.ignore_index) +
                "); correct the file, or the data set's options where they choose the classes");
  }
  return sample;
}

}  // namespace sshost::data
