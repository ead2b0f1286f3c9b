// Your own images as labelme leaves them: beside each image a JSON file with the areas that were drawn.
//
//   root/train/a.jpg      root/train/a.json
//   root/val/b.jpg        root/val/b.json
//
// Where all lie together, `split` divides them. Areas are painted in the order in which they were drawn, as labelme's
// own export paints them; a pixel in none is background. The label "__ignore__" leaves pixels out, as it does there.
#include <sshost/annotated_image.hpp>
#include <sshost/class_options.hpp>
#include <sshost/dataset.hpp>
#include <sshost/file_dataset.hpp>
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
  std::string missing = "stop";
  int64_t ignore_index = 255;
};

// What was noticed of all files.
struct Notes {
  std::vector<std::string> missing;  // images, each with the file that names it
  int64_t without_area = 0;          // shapes
  std::string example;               // a file that has some of these
};

void tell(const Notes& notes, const Options& options, std::size_t files) {
  if (notes.without_area > 0) {
    ss::log_warning(std::to_string(notes.without_area) +
                    " lines and points are not painted, they have no area: what "
                    "they mark is what lies behind them (such as in " +
                    notes.example + ")");
  }
  if (notes.missing.empty()) return;
  const std::string count = std::to_string(notes.missing.size()) + " of " + std::to_string(files);
  if (options.missing == "skip" && notes.missing.size() < files) {
    return ss::log_warning("images that are not there, " + count + ": left out, as `missing: skip` says");
  }
  throw ss::Error("images that are not there, " + count + ":" + ss::detail::first_lines(notes.missing) +
                      "\nput them where the files say, or leave them out by `missing: skip`",
                  SS_NOT_FOUND);
}

std::string missing_line(const std::filesystem::path& file, const Drawing& drawing) {
  return (file.parent_path() / ss::plain_separators(drawing.image_path)).string() + ", which " + file.string() +
         " names" +
         (drawing.holds_image ? "; the picture stands in that file as imageData: labelme_export_json writes it out"
                              : "");
}

std::vector<ss::SampleInfo> list_samples(const Options& options, const std::string& split) {
  ss::PairPatterns patterns{options.root.value};
  patterns.are_equal = true;
  for (const std::string& pattern : options.annotations) patterns.images.push_back(ss::with_split(pattern, split));
  std::vector<ss::SampleInfo> files = ss::pair_files(patterns).samples, samples;
  if (options.split) files = ss::samples_of_split(std::move(files), *options.split, split);
  Notes notes;
  for (const ss::SampleInfo& file : files) {
    const std::filesystem::path path = file.image_path;
    const Drawing drawing = read_heading(path);
    const auto image = ss::annotated_image(path.parent_path(), drawing.image_path);
    if (image) samples.push_back({file.id, image->string(), file.image_path});
    if (!image) notes.missing.push_back(missing_line(path, drawing));
    if (drawing.without_area > 0) notes.example = file.image_path;
    notes.without_area += drawing.without_area;
  }
  tell(notes, options, files.size());
  return samples;
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
    const Drawing drawing = read_drawing(sample.label_path, {image.height(), image.width()});
    if (drawing.height > 0) {
      ss::require_annotated_size(sample.label_path, sample.image_path, drawing.height, drawing.width, image);
    }
    int32_t* label = sink.wide_label(image.height(), image.width());
    std::fill_n(label, image.height() * image.width(), class_of(options_.background));
    paint(drawing, sample.label_path, label, image.width());
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

  void paint(const Drawing& drawing, const std::string& path, int32_t* label, int64_t width) const {
    try {
      for (const Shape& shape : drawing.shapes) {
        const int32_t number = class_of(shape.label);
        for (const Span& span : shape.area) {
          std::fill(label + span.row * width + span.first, label + span.row * width + span.last + 1, number);
        }
      }
    } catch (const ss::Error& error) {
      throw ss::Error(path + ": " + error.what(), SS_IO);
    }
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
      {"missing", &Options::missing,
       "images that files name and that are not there: stop names them and ends, skip leaves them out",
       ss::choices({"stop", "skip"})},
      {"ignore_index", &Options::ignore_index, "the label of pixels that do not count", ss::between(-32768, 65535)}};
}

}  // namespace

}  // namespace labelme

SSHOST_PLUGIN("labelme", "1.0.0",
              ss::dataset<labelme::Labelme, labelme::Options>("labelme", "your own images, drawn on with labelme"))
