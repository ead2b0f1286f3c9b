// Your own images with annotations as COCO stores them ("instances" JSON): polygons and run lengths become a label for
// each pixel.
//
//   root/annotations/instances_train2017.json      {"images": [...], "annotations": [...], "categories": [...]}
//   root/train2017/000000000009.jpg                what "file_name" says, below the folder of the images
//
// Splits are train2017 and val2017 then: `annotations` and `images` name them by {split}. Where one file holds all,
// `split` divides it. Regions are painted from the largest to the smallest, so that what lies before something else
// stays; a pixel in none is background.
#include <sshost/annotated_image.hpp>
#include <sshost/class_options.hpp>
#include <sshost/dataset.hpp>
#include <sshost/file_dataset.hpp>
#include <sshost/size.hpp>
#include <sshost/split_options.hpp>

#include <algorithm>
#include <map>
#include <utility>

#include "annotations.h"
#include "category_names.h"

namespace coco {

namespace {

struct Options {
  ss::Path root;
  std::string annotations = "annotations/instances_{split}.json";
  std::string images = "{split}";
  std::optional<ss::SplitOptions> split;
  std::vector<ss::ClassOptions> classes;
  std::optional<std::string> background = "background";
  std::string others = "background";
  std::string crowd = "ignore";
  std::string boxes = "ignore";
  std::string missing = "stop";
  int64_t ignore_index = 255;
};

std::filesystem::path file_of(const Options& options, const std::string& split) {
  return std::filesystem::path(options.root.value) / ss::with_split(options.annotations, split);
}

std::vector<ss::ClassOptions> classes_of(const Options& options, const Annotations& known) {
  std::vector<ss::ClassOptions> classes = options.classes;
  if (classes.empty()) {
    for (const std::string& name : names_of(known.categories)) classes.push_back({name, {}, {}});
  }
  return options.background ? ss::behind(*options.background, std::move(classes)) : classes;
}

// What names the predictions: the path below the folder without its ending, the name alone of a file elsewhere.
std::string sample_id(const std::filesystem::path& folder, const std::filesystem::path& image) {
  std::filesystem::path name = image.lexically_relative(folder);
  if (name.empty() || *name.begin() == "..") name = image.filename();
  return (name.parent_path() / name.stem()).string();
}

class Coco final : public ss::Dataset {
 public:
  static ss::Schema<Options> schema();

  Coco(const Options& options, const std::string& split)
      : Coco(options, split, options.classes.empty() ? read_annotations(file_of(options, split)) : Annotations{}) {}

  void read(int64_t index, ss::Random&, ss::Sink& sink) const override {
    const ss::SampleInfo& sample = samples()[static_cast<std::size_t>(index)];
    const ss::Image image = read_image(sample.image_path);
    sink.image(image);
    const Picture& picture = pictures_.at(sample.id);
    ss::require_annotated_size(sample.label_path, picture.file_name, picture.height, picture.width, image);
    const std::vector<int32_t> label = label_of(picture);
    std::copy(label.begin(), label.end(), sink.wide_label(picture.height, picture.width));
  }

 private:
  // `known`: what the file says, where it had to be read for the classes; else nothing. Such files are large.
  Coco(const Options& options, const std::string& split, Annotations known)
      : ss::Dataset(ss::make_classes(classes_of(options, known)), options.ignore_index),
        options_(options),
        background_(options.background ? class_named(*options.background) : ignored()),
        known_(std::move(known)) {
    if (options.split && ss::names_split({options.annotations})) {
      throw ss::Error("split: `annotations` names a file for each split by {split}; expected either that or `split`");
    }
    set_sample_list([this, split] { return list(split); });
  }

  int32_t ignored() const { return static_cast<int32_t>(ignore_index()); }

  // Its number, or a negative one.
  int32_t class_named(const std::string& name) const {
    for (std::size_t i = 0; i < classes().size(); ++i) {
      if (classes()[i].name == name) return static_cast<int32_t>(i);
    }
    return -1;
  }

  std::vector<ss::SampleInfo> list(const std::string& split) const;
  void take_categories(const std::filesystem::path& file, const Annotations& found) const;
  void tell_what_has_no_area(const std::filesystem::path& file, const Annotations& found) const;
  void tell_missing(const std::filesystem::path& file, const std::vector<std::string>& missing, std::size_t all) const;
  int32_t label_of(const Region& region) const;
  std::vector<int32_t> label_of(const Picture& picture) const;

  Options options_;
  int32_t background_;
  mutable Annotations known_;                             // until the samples are listed
  mutable std::map<int64_t, int32_t> class_of_category_;  // both once the samples are listed
  mutable std::map<std::string, Picture> pictures_;       // by the sample's id
};

std::vector<ss::SampleInfo> Coco::list(const std::string& split) const {
  const std::filesystem::path file = file_of(options_, split);
  const std::filesystem::path folder =
      std::filesystem::path(options_.root.value) / ss::with_split(options_.images, split);
  Annotations found = known_.pictures.empty() ? read_annotations(file) : std::exchange(known_, {});
  take_categories(file, found);
  std::vector<ss::SampleInfo> samples;
  std::vector<std::string> missing;
  for (auto& [id, picture] : found.pictures) {
    const std::optional<std::filesystem::path> path = ss::annotated_image(folder, picture.file_name);
    if (!path) {
      missing.push_back((folder / picture.file_name).string());
      continue;
    }
    const std::string sample = sample_id(folder, *path);
    samples.push_back({sample, path->string(), file.string()});
    if (!pictures_.emplace(sample, std::move(picture)).second) {
      throw ss::Error(file.string() + ": two images are named " + sample);
    }
  }
  tell_missing(file, missing, found.pictures.size());
  tell_what_has_no_area(file, found);
  return options_.split ? ss::samples_of_split(std::move(samples), *options_.split, split) : samples;
}

void Coco::take_categories(const std::filesystem::path& file, const Annotations& found) const {
  std::vector<std::string> wanted;
  for (const ss::ClassOptions& each : options_.classes) {
    if (each.name != options_.background) wanted.push_back(each.name);
  }
  require_categories(wanted, names_of(found.categories), file.string());
  for (const auto& [id, name] : found.categories) {
    const int32_t known = class_named(name);
    class_of_category_[id] = known >= 0 ? known : options_.others == "ignore" ? ignored() : background_;
  }
}

void Coco::tell_missing(const std::filesystem::path& file, const std::vector<std::string>& missing,
                        std::size_t all) const {
  if (missing.empty()) return;
  const std::string count = std::to_string(missing.size()) + " of " + std::to_string(all);
  const std::string what = file.string() + " names images that are not there, " + count;
  if (options_.missing == "skip" && missing.size() < all) {
    return ss::log_warning(what + ": left out, as `missing: skip` says");
  }
  throw ss::Error(what + ":" + ss::detail::first_lines(missing) +
                      "\ncorrect `images`, the folder that they lie in, or leave them out by `missing: skip`",
                  SS_NOT_FOUND);
}

void Coco::tell_what_has_no_area(const std::filesystem::path& file, const Annotations& found) const {
  if (found.flawed_polygons > 0) {
    ss::log_warning(file.string() + ": " + std::to_string(found.flawed_polygons) +
                    " polygons have fewer than three corners, or an odd number of values: they cover nothing");
  }
  if (found.without_outline == 0 || options_.boxes == "class") return;
  const std::string what = file.string() + ": " + std::to_string(found.without_outline) + " of " +
                           std::to_string(found.regions) + " annotations have no outline (`segmentation`)";
  if (found.without_outline == found.regions && options_.boxes == "ignore") {
    throw ss::Error(what +
                    ", there is nothing to learn the shape of objects from; `boxes: class` takes each box for "
                    "its object");
  }
  ss::log_warning(what + (options_.boxes == "ignore" ? ": the pixels of their boxes are ignored, as `boxes` says"
                                                     : ": they are background, as `boxes` says"));
}

int32_t Coco::label_of(const Region& region) const {
  if (!region.has_outline() && options_.boxes == "ignore") return ignored();
  return region.is_crowd && options_.crowd == "ignore" ? ignored() : class_of_category_.at(region.category);
}

// What a region covers. Several polygons are the parts of one object.
std::vector<ss::RunLengths> runs_of(const Region& region, const Picture& picture, bool takes_boxes) {
  if (!region.has_outline()) {
    if (!takes_boxes || region.box.empty()) return {};
    const double left = region.box[0], top = region.box[1], right = left + region.box[2], bottom = top + region.box[3];
    return {ss::polygon_runs({left, top, right, top, right, bottom, left, bottom}, picture.height, picture.width)};
  }
  if (!region.runs.empty()) {
    const bool fits = region.runs_height == picture.height && region.runs_width == picture.width;
    if (!fits) throw ss::Error("run lengths of another size than their image");
    return {region.runs};
  }
  std::vector<ss::RunLengths> parts;
  for (const std::vector<double>& polygon : region.polygons) {
    parts.push_back(ss::polygon_runs(polygon, picture.height, picture.width));
  }
  return parts;
}

std::vector<int32_t> Coco::label_of(const Picture& picture) const {
  struct Painted {
    std::vector<ss::RunLengths> parts;
    int64_t area;
    int32_t label;
  };
  std::vector<Painted> regions;
  for (const Region& region : picture.regions) {
    Painted painted{runs_of(region, picture, options_.boxes != "background"), 0, label_of(region)};
    for (const ss::RunLengths& part : painted.parts) painted.area += ss::area_of(part);
    regions.push_back(std::move(painted));
  }
  std::stable_sort(regions.begin(), regions.end(),
                   [](const auto& one, const auto& two) { return one.area > two.area; });
  std::vector<int32_t> label(static_cast<std::size_t>(picture.height * picture.width), background_);
  for (const Painted& region : regions) {
    for (const ss::RunLengths& part : region.parts) {
      ss::paint(part, region.label, label, picture.height, picture.width);
    }
  }
  return label;
}

ss::Schema<Options> Coco::schema() {
  return {
      {"root", &Options::root, "folder that the other paths are relative to", ss::required()},
      {"annotations", &Options::annotations, "the file of a split, COCO's \"instances\"; {split} is the split"},
      {"images", &Options::images, "folder in which the images lie; {split} is the split"},
      {"split", &Options::split,
       "divides the images of one file, whose name has no {split}, into train, val and test by a hash of their names; "
       "null: they are all of every split"},
      {"classes", &Options::classes,
       "names of categories in the order of their numbers, behind the background; empty: all of the file, in the order "
       "of their ids",
       ss::text_is_first_field()},
      {"background", &Options::background,
       "what the class is called of pixels that no annotation covers, the first one where `classes` does not name it; "
       "null: such pixels are ignored"},
      {"others", &Options::others, "what annotations are of whose category is no class",
       ss::choices({"background", "ignore"})},
      {"crowd", &Options::crowd, "annotations of crowds: ignore leaves their pixels out, class takes them as any other",
       ss::choices({"ignore", "class"})},
      {"boxes", &Options::boxes,
       "what annotations are that have a box but no outline: ignore leaves the pixels of the box out, class takes the "
       "box for the object, background paints nothing. How many there are is said",
       ss::choices({"ignore", "class", "background"})},
      {"missing", &Options::missing,
       "images that the file names and that are not there: stop names them and ends, skip leaves them out",
       ss::choices({"stop", "skip"})},
      {"ignore_index", &Options::ignore_index, "the label of pixels that do not count", ss::between(-32768, 65535)}};
}

}  // namespace

}  // namespace coco

SSHOST_PLUGIN("coco", "1.0.0", ss::dataset<coco::Coco, coco::Options>("coco", "your own images, annotated as in COCO"))
