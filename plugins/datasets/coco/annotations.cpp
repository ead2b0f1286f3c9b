#include "annotations.h"

#include <sshost/regular_file.hpp>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace coco {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kDeepest = 64;  // an "instances" file goes six levels down

struct Annotation {
  std::optional<int64_t> image;
  std::optional<int64_t> category;
  Region region;
};

// Takes what is wanted of the file as it is parsed: the values stand at "annotations.#.segmentation.#.#" and so on,
// where # is a place in a list.
class Collector final : public nlohmann::json_sax<Json> {
 public:
  explicit Collector(std::string path) : path_(std::move(path)) {}

  bool null() override { return true; }
  bool boolean(bool flag) override {
    if (at("annotations.#.iscrowd")) annotation_.region.is_crowd = flag;
    return true;
  }
  bool number_integer(number_integer_t number) override { return take(static_cast<double>(number), number); }
  bool number_unsigned(number_unsigned_t number) override {
    if (number > static_cast<number_unsigned_t>(INT64_MAX)) refuse("a number is too large");
    return take(static_cast<double>(number), static_cast<int64_t>(number));
  }
  bool number_float(number_float_t number, const string_t&) override {
    return take(number, std::abs(number) < 1e15 ? std::llround(number) : 0);
  }
  bool string(string_t& text) override;
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return open(); }
  bool key(string_t& name) override {
    way_.back() = name;
    return true;
  }
  bool end_object() override { return close('{'); }
  bool start_array(std::size_t) override;
  bool end_array() override { return close('['); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    refuse(error.what());
  }

  Annotations finish();

 private:
  [[noreturn]] void refuse(const std::string& why) const { throw ss::Error(path_ + ": " + why, SS_IO); }

  bool at(std::string_view place) const;
  bool take(double number, int64_t whole);
  bool open();
  bool close(char kind);
  void end_entry();
  void store_annotation();

  std::string path_;
  std::vector<std::string> way_;  // keys from the outside in; "#" within a list
  int64_t id_ = 0;
  std::optional<int64_t> given_id_;
  std::string name_;
  Picture picture_;
  Annotation annotation_;
  Annotations result_;
  std::vector<Annotation> annotations_;
};

bool Collector::at(std::string_view place) const {
  for (std::size_t i = 0; i < way_.size(); ++i) {
    const std::size_t dot = std::min(place.find('.'), place.size());
    if (place.substr(0, dot) != way_[i]) return false;
    place.remove_prefix(std::min(dot + 1, place.size()));
  }
  return place.empty();
}

bool Collector::open() {
  if (way_.size() >= kDeepest) refuse("is nested too deeply");
  way_.emplace_back();
  return true;
}

bool Collector::start_array(std::size_t) {
  open();
  way_.back() = "#";
  if (at("annotations.#.segmentation.#.#")) annotation_.region.polygons.emplace_back();
  return true;
}

bool Collector::close(char kind) {
  way_.pop_back();
  if (kind == '{') end_entry();
  return true;
}

bool Collector::take(double number, int64_t whole) {
  Region& region = annotation_.region;
  if (at("images.#.id") || at("categories.#.id")) given_id_ = whole;
  if (at("images.#.height")) picture_.height = whole;
  if (at("images.#.width")) picture_.width = whole;
  if (at("annotations.#.image_id")) annotation_.image = whole;
  if (at("annotations.#.category_id")) annotation_.category = whole;
  if (at("annotations.#.iscrowd")) region.is_crowd = whole != 0;
  if (at("annotations.#.segmentation.#.#")) region.polygons.back().push_back(number);
  if (at("annotations.#.segmentation.counts.#")) region.runs.push_back(whole);
  if (at("annotations.#.segmentation.size.#"))
    (region.runs_height == 0 ? region.runs_height : region.runs_width) = whole;
  return true;
}

bool Collector::string(string_t& text) {
  if (at("images.#.file_name")) picture_.file_name = text;
  if (at("categories.#.name")) name_ = text;
  if (!at("annotations.#.segmentation.counts")) return true;
  try {
    annotation_.region.runs = ss::parse_runs(text);
  } catch (const ss::Error& error) {
    refuse(error.what());
  }
  return true;
}

// Behind each object.
void Collector::end_entry() {
  if (at("images.#")) {
    if (!given_id_ || picture_.file_name.empty()) refuse("an image has no id or no file_name");
    result_.pictures[*given_id_] = std::exchange(picture_, {});
    given_id_.reset();
  } else if (at("categories.#")) {
    if (!given_id_ || name_.empty()) refuse("a category has no id or no name");
    result_.categories[*given_id_] = std::exchange(name_, {});
    given_id_.reset();
  } else if (at("annotations.#")) {
    store_annotation();
  }
}

void Collector::store_annotation() {
  if (!annotation_.image || !annotation_.category) refuse("an annotation has no image_id or no category_id");
  annotation_.region.category = *annotation_.category;
  annotations_.push_back(std::exchange(annotation_, {}));
}

Annotations Collector::finish() {
  if (result_.pictures.empty())
    refuse("names no images; expected COCO's \"instances\": images, annotations, categories");
  for (Annotation& each : annotations_) {
    const auto picture = result_.pictures.find(*each.image);
    if (picture == result_.pictures.end()) {
      refuse("an annotation is of image " + std::to_string(*each.image) + ", which is not among the images");
    }
    if (!result_.categories.contains(*each.category)) {
      refuse("an annotation is of category " + std::to_string(*each.category) + ", which is not among the categories");
    }
    picture->second.regions.push_back(std::move(each.region));
  }
  return std::move(result_);
}

}  // namespace

Annotations read_annotations(const std::filesystem::path& path) {
  std::ifstream file = ss::open_regular_file(path);
  if (!file.is_open()) throw ss::Error(path.string() + ": cannot be opened; expected COCO's annotations", SS_NOT_FOUND);
  Collector collector(path.string());
  Json::sax_parse(file, &collector);
  return collector.finish();
}

}  // namespace coco
