#include "annotations.h"

#include <sshost/regular_file.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

namespace coco {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kDeepest = 64;  // an "instances" file goes six levels down

struct Annotation {
  std::optional<int64_t> image;
  std::optional<int64_t> category;
  Region region;
  std::vector<double> flat;  // a polygon that is stored without the list around it
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
  void store_picture();
  void store_category();
  void store_annotation();
  void take_id(int64_t id);
  int64_t id_of(const std::string& text);
  void forget_groups(const std::set<int64_t>& used);

  std::string path_;
  std::vector<std::string> way_;  // keys from the outside in; "#" within a list
  std::optional<int64_t> given_id_;
  std::string name_;
  std::string group_;
  std::map<int64_t, std::string> groups_;  // of each category
  std::map<std::string, int64_t> text_ids_;
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
  take_id(whole);
  if (at("images.#.height")) picture_.height = whole;
  if (at("images.#.width")) picture_.width = whole;
  if (at("annotations.#.iscrowd")) region.is_crowd = whole != 0;
  if (at("annotations.#.bbox.#")) region.box.push_back(number);
  if (at("annotations.#.segmentation.#")) annotation_.flat.push_back(number);
  if (at("annotations.#.segmentation.#.#") || at("annotations.#.segmentation.#.#.#"))
    region.polygons.back().push_back(number);
  if (at("annotations.#.segmentation.counts.#")) region.runs.push_back(whole);
  if (at("annotations.#.segmentation.size.#"))
    (region.runs_height == 0 ? region.runs_height : region.runs_width) = whole;
  return true;
}

void Collector::take_id(int64_t id) {
  if (at("images.#.id") || at("categories.#.id")) given_id_ = id;
  if (at("annotations.#.image_id")) annotation_.image = id;
  if (at("annotations.#.category_id")) annotation_.category = id;
}

// Of "12" the number; of other texts one that no file has.
int64_t Collector::id_of(const std::string& text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && rest == end) return number;
  return text_ids_.emplace(text, INT64_MIN + static_cast<int64_t>(text_ids_.size())).first->second;
}

bool Collector::string(string_t& text) {
  if (way_.size() == 3 && way_.back().ends_with("id")) take_id(id_of(text));
  if (at("images.#.file_name")) picture_.file_name = text;
  if (at("categories.#.name")) name_ = text;
  if (at("categories.#.supercategory")) group_ = text;
  if (at("annotations.#.segmentation.#") || at("annotations.#.segmentation.#.#")) {
    refuse("a coordinate of a polygon is text, \"" + text.substr(0, 20) + "\"; expected a number, without quotes");
  }
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
  if (at("images.#")) store_picture();
  if (at("categories.#")) store_category();
  if (at("annotations.#")) store_annotation();
}

void Collector::store_picture() {
  if (!given_id_ || picture_.file_name.empty()) refuse("an image has no id or no file_name");
  const std::string name = picture_.file_name;
  const auto [earlier, is_new] = result_.pictures.emplace(*given_id_, std::exchange(picture_, {}));
  if (!is_new) {
    refuse("two images have the id " + std::to_string(*given_id_) + ", " + earlier->second.file_name + " and " + name +
           ": which of them an annotation is of is not known; give each an id of its own, as where files were merged");
  }
  given_id_.reset();
}

void Collector::store_category() {
  if (!given_id_ || name_.empty()) refuse("a category has no id or no name");
  const auto [earlier, is_new] = result_.categories.emplace(*given_id_, name_);
  if (!is_new && earlier->second != name_) {
    refuse("two categories have the id " + std::to_string(*given_id_) + ", \"" + earlier->second + "\" and \"" + name_ +
           "\"; give each an id of its own");
  }
  groups_[*given_id_] = std::exchange(group_, {});
  name_.clear();
  given_id_.reset();
}

// [x, y, ...], [[x, y, ...], ...] or [[x, y], ...] as polygons.
std::vector<std::vector<double>> polygons_of(Annotation& annotation) {
  std::vector<std::vector<double>> polygons = std::move(annotation.region.polygons);
  if (!annotation.flat.empty()) polygons.push_back(std::move(annotation.flat));
  const bool are_corners = polygons.size() >= 3 && std::all_of(polygons.begin(), polygons.end(),
                                                               [](const auto& each) { return each.size() == 2; });
  if (!are_corners) return polygons;
  std::vector<double> polygon;
  for (const std::vector<double>& corner : polygons) polygon.insert(polygon.end(), corner.begin(), corner.end());
  return {polygon};
}

void Collector::store_annotation() {
  if (!annotation_.image || !annotation_.category) refuse("an annotation has no image_id or no category_id");
  Region& region = annotation_.region;
  region.category = *annotation_.category;
  region.polygons = polygons_of(annotation_);
  result_.flawed_polygons += static_cast<int64_t>(std::erase_if(
      region.polygons, [](const auto& polygon) { return polygon.size() < 6 || polygon.size() % 2 != 0; }));
  if (region.box.size() != 4) region.box.clear();
  ++result_.regions;
  result_.without_outline += !region.has_outline();
  annotations_.push_back(std::exchange(annotation_, {}));
}

void Collector::forget_groups(const std::set<int64_t>& used) {
  std::erase_if(result_.categories, [&](const auto& category) {
    const auto& [id, name] = category;
    const std::string& group = groups_[id];
    const bool is_top = group.empty() || group == "none";
    const bool has_others =
        std::any_of(groups_.begin(), groups_.end(), [&, &own = name](const auto& each) { return each.second == own; });
    return is_top && has_others && !used.contains(id);
  });
}

Annotations Collector::finish() {
  if (result_.pictures.empty())
    refuse("names no images; expected COCO's \"instances\": images, annotations, categories");
  std::set<int64_t> used;
  for (Annotation& each : annotations_) {
    const auto picture = result_.pictures.find(*each.image);
    if (picture == result_.pictures.end()) {
      refuse("an annotation is of image " + std::to_string(*each.image) + ", which is not among the images");
    }
    if (!result_.categories.contains(*each.category)) {
      refuse("an annotation is of category " + std::to_string(*each.category) + ", which is not among the categories");
    }
    used.insert(*each.category);
    picture->second.regions.push_back(std::move(each.region));
  }
  forget_groups(used);
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
