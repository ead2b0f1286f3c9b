// Your own images as labelme leaves them: beside each image a JSON file with the areas that were drawn.
//
//   root/train/a.jpg      root/train/a.json
//   root/val/b.jpg        root/val/b.json
//
// Where all lie together, `split` divides them. Areas are painted in the order in which they were drawn; a pixel in none
// is background. The label "__ignore__" leaves pixels out, as in labelme's own export.
#include <sshost/class_options.hpp>
#include <sshost/dataset.hpp>
#include <sshost/file_dataset.hpp>
#include <sshost/region.hpp>
#include <sshost/size.hpp>
#include <sshost/split_options.hpp>

#include <algorithm>

#include "shapes.h"

namespace labelme {

namespace {

struct Options {
  ss::Path root;
  std::vector<std::string> annotations = {"{split}/*.json"};
  std::optional<ss::SplitOptions> split;
  std::vector<ss::ClassOptions> classes;
  std::string background = "background";
  std::string others = "stop";
  int64_t ignore_index = 255;
};

// The image of a drawing. Paths may have been written on Windows.
std::filesystem::path image_of(const std::filesystem::path& file, std::string path) {
  std::replace(path.begin(), path.end(), '\\', '/');
  return file.parent_path() / path;
}

std::vector<ss::SampleInfo> list_samples(const Options& options, const std::string& split) {
  ss::PairPatterns patterns{options.root.value};
  patterns.are_equal = true;
  for (const std::string& pattern : options.annotations) patterns.images.push_back(ss::with_split(pattern, split));
  std::vector<ss::SampleInfo> samples;
  for (const ss::SampleInfo& file : ss::pair_files(patterns).samples) {
    const Drawing drawing = read_drawing(file.image_path);
    samples.push_back({file.id, image_of(file.image_path, drawing.image_path).string(), file.image_path});
  }
  return options.split ? ss::samples_of_split(std::move(samples), *options.split, split) : samples;
}

class Labelme final : public ss::Dataset {
 public:
  static ss::Schema<Options> schema();

  Labelme(const Options& options, const std::string& split)
      : ss::Dataset(ss::make_classes(ss::behind(options.background, options.classes)), options.ignore_index),
        options_(options) {
    if (options.split && ss::names_split(options.annotations)) {
      throw ss::Error("split: `annotations` names a folder for each split by {split}; expected either that or `split`");
    }
    set_sample_list([=] { return list_samples(options, split); });
  }

  void read(int64_t index, ss::Random&, ss::Sink& sink) const override {
    const ss::SampleInfo& sample = samples()[static_cast<std::size_t>(index)];
    const ss::Image image = read_image(sample.image_path);
    sink.image(image);
    const std::vector<int32_t> label = paint(sample.label_path, image.height(), image.width());
    std::copy(label.begin(), label.end(), sink.wide_label(image.height(), image.width()));
  }

 private:
  int32_t class_of(const std::string& label) const {
    if (label == "__ignore__") return static_cast<int32_t>(ignore_index());
    for (std::size_t i = 0; i < classes().size(); ++i) {
      if (classes()[i].name == label) return static_cast<int32_t>(i);
    }
    if (options_.others == "background" || label == "_background_") return class_of(options_.background);
    if (options_.others == "ignore") return static_cast<int32_t>(ignore_index());
    throw ss::Error("the label \"" + label +
                    "\" is no class; add it to `classes`, or say by `others` what becomes of "
                    "such labels");
  }

  std::vector<int32_t> paint(const std::string& path, int64_t height, int64_t width) const {
    const Drawing drawing = read_drawing(path);
    const bool is_other_size = drawing.height > 0 && (drawing.height != height || drawing.width != width);
    if (is_other_size) {
      throw ss::Error(path + ": was drawn on " + ss::to_string(ss::Size{drawing.height, drawing.width}) +
                      ", the image is " + ss::to_string(ss::Size{height, width}));
    }
    std::vector<int32_t> label(static_cast<std::size_t>(height * width), class_of(options_.background));
    try {
      for (const Shape& shape : drawing.shapes) {
        ss::paint(ss::polygon_runs(shape.polygon, height, width), class_of(shape.label), label, height, width);
      }
    } catch (const ss::Error& error) {
      throw ss::Error(path + ": " + error.what(), SS_IO);
    }
    return label;
  }

  Options options_;
};

ss::Schema<Options> Labelme::schema() {
  return {
      {"root", &Options::root, "folder that the patterns are relative to", ss::required()},
      {"annotations", &Options::annotations,
       "pattern of labelme's files, or several; {split} is the split, * any text without a slash, ** any folders. "
       "Each names its image",
       ss::one_is_list()},
      {"split", &Options::split,
       "divides files that lie together, and whose pattern has no {split}, into train, val and test by a hash of "
       "their names; null: they are all of every split"},
      {"classes", &Options::classes, "labels in the order of their numbers, behind the background", ss::required(),
       ss::at_least_items(1), ss::text_is_first_field()},
      {"background", &Options::background,
       "what the class is called of pixels in no area, the first one where `classes` does not name it"},
      {"others", &Options::others,
       "what areas are of whose label is no class: stop names it and ends, background, or ignore",
       ss::choices({"stop", "background", "ignore"})},
      {"ignore_index", &Options::ignore_index, "the label of pixels that do not count", ss::between(-32768, 65535)}};
}

}  // namespace

}  // namespace labelme

SSHOST_PLUGIN("labelme", "1.0.0",
              ss::dataset<labelme::Labelme, labelme::Options>("labelme", "your own images, drawn on with labelme"))
