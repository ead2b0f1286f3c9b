// Your own images: files paired by pattern.
//
//   root/images/train/a.jpg      root/labels/train/a.png
//   root/images/val/b.jpg        root/labels/val/b.png
//
// is what the default patterns read. What the stars of both patterns stand for has to be the same for an image and its
// label, so that other layouts fit too (Cityscapes: "leftImg8bit/{split}/*/*_leftImg8bit.png" with
// "gtFine/{split}/*/*_gtFine_labelIds.png"). Labels are single-channel images or palette images of class numbers, or
// with `label_colors` pictures in which each class has its color.
#include <sshost/file_dataset.hpp>
#include <sshost/palette.hpp>

#include <charconv>
#include <map>

namespace {

constexpr int64_t kLargestLabel = 65535;

struct ClassOptions {
  std::string name;
  std::optional<std::string> color;
  std::optional<std::string> mirrored;

  static ss::Schema<ClassOptions> schema() {
    return {
        {"name", &ClassOptions::name, "what it is called", ss::required()},
        {"color", &ClassOptions::color, "in predictions, as \"#rrggbb\"; null: one is chosen, black for a background"},
        {"mirrored", &ClassOptions::mirrored,
         "name of the class that a flipped image shows instead (left and right arm)"}};
  }
};

struct FolderOptions {
  ss::Path root;
  std::string images = "images/{split}/*.jpg";
  std::optional<std::string> labels = "labels/{split}/*.png";
  std::vector<ClassOptions> classes;
  int64_t ignore_index = 255;
  std::map<std::string, int64_t> label_map;
  bool label_colors = false;
  std::string unpaired = "stop";
};

ss::Color parse_color(const std::string& text) {
  uint32_t value = 0;
  const char* end = text.data() + text.size();
  const bool shape = text.size() == 7 && text.front() == '#';
  if (!shape || std::from_chars(text.data() + 1, end, value, 16).ptr != end) {
    throw ss::Error("color \"" + text + "\": expected \"#rrggbb\", such as \"#804080\"");
  }
  return {static_cast<uint8_t>(value >> 16), static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}

int32_t class_named(const std::vector<ClassOptions>& classes, const std::string& name) {
  for (std::size_t index = 0; index < classes.size(); ++index) {
    if (classes[index].name == name) return static_cast<int32_t>(index);
  }
  throw ss::Error("mirrored: there is no class \"" + name + "\"");
}

std::vector<ss::ClassInfo> make_classes(const std::vector<ClassOptions>& options) {
  std::vector<ss::ClassInfo> classes;
  for (std::size_t index = 0; index < options.size(); ++index) {
    const ClassOptions& from = options[index];
    const ss::Color chosen = ss::is_background(from.name) ? ss::Color{} : ss::own_color(index);
    classes.push_back({from.name, from.color ? parse_color(*from.color) : chosen, {}});
  }
  for (std::size_t index = 0; index < options.size(); ++index) {
    if (!options[index].mirrored) continue;
    const int32_t other = class_named(options, *options[index].mirrored);
    classes[index].mirrored = other;
    classes[static_cast<std::size_t>(other)].mirrored = static_cast<int32_t>(index);
  }
  return classes;
}

ss::LabelTable make_table(const FolderOptions& options) {
  ss::LabelTable table;
  if (options.label_map.empty()) return table;
  table.set_all(static_cast<int32_t>(options.ignore_index));
  const auto classes = static_cast<int64_t>(options.classes.size());
  for (const auto& [key, value] : options.label_map) {
    int64_t stored = -1;
    const char* end = key.data() + key.size();
    const bool number = std::from_chars(key.data(), end, stored).ptr == end && stored >= 0 && stored <= kLargestLabel;
    if (!number) throw ss::Error("label_map: \"" + key + "\" is no label; expected a number in 0..65535");
    if ((value < 0 || value >= classes) && value != options.ignore_index) {
      throw ss::Error("label_map: " + key + " maps to " + std::to_string(value) + ", which is neither a class (0.." +
                      std::to_string(classes - 1) + ") nor ignore_index");
    }
    table.set(stored, static_cast<int32_t>(value));
  }
  return table;
}

// Classes by their colors, for labels that are pictures.
class ColorTable {
 public:
  explicit ColorTable(const FolderOptions& options) : ignored_(static_cast<int32_t>(options.ignore_index)) {
    if (!options.label_colors) return;
    for (const ClassOptions& each : options.classes) {
      if (!each.color) throw ss::Error("label_colors: class \"" + each.name + "\" has no color");
      const bool is_new = labels_.emplace(parse_color(*each.color), static_cast<int32_t>(labels_.size())).second;
      if (!is_new) throw ss::Error("label_colors: class \"" + each.name + "\" has another class's color");
    }
  }

  // Pixels of a color that is no class's are ignored.
  void write(const ss::Image& picture, ss::Sink& sink) const {
    int32_t* label = sink.wide_label(picture.height(), picture.width());
    const auto* pixel = static_cast<const uint8_t*>(picture.pixels());
    for (int64_t i = 0; i < picture.height() * picture.width(); ++i, pixel += 3) {
      const auto found = labels_.find({pixel[0], pixel[1], pixel[2]});
      label[i] = found == labels_.end() ? ignored_ : found->second;
    }
  }

 private:
  int32_t ignored_;
  std::map<ss::Color, int32_t> labels_;
};

std::vector<ss::SampleInfo> list_files(const FolderOptions& options, const std::string& split) {
  ss::PairPatterns patterns{options.root.value, {ss::with_split(options.images, split)}, {}};
  if (options.labels) patterns.labels = {ss::with_split(*options.labels, split)};
  try {
    return ss::pair_all(patterns, options.unpaired == "skip" ? ss::Unpaired::kSkip : ss::Unpaired::kStop);
  } catch (const ss::Error& error) {
    const std::string advice =
        error.status() == SS_NOT_FOUND
            ? "\ncorrect the root or the patterns `images` and `labels`: capital letters count, as in *.JPG"
            : "\nremove such files, correct the patterns `images` and `labels`, or pass over them with `unpaired: "
              "skip`";
    throw ss::Error("split \"" + split + "\": " + error.what() + advice, error.status());
  }
}

class Folder final : public ss::FileDataset {
 public:
  static ss::Schema<FolderOptions> schema() {
    return {
        {"root", &FolderOptions::root, "folder that the patterns are relative to", ss::required()},
        {"images", &FolderOptions::images, "pattern of the images; {split} is the split, * any text without a slash"},
        {"labels", &FolderOptions::labels,
         "pattern of the labels: those whose stars stand for the same text belong together; null: there are none"},
        {"classes", &FolderOptions::classes, "in the order of their numbers", ss::required(), ss::at_least_items(1)},
        {"ignore_index", &FolderOptions::ignore_index, "the label of pixels that do not count",
         ss::between(-32768, kLargestLabel)},
        {"label_map", &FolderOptions::label_map,
         "class of each number in the label files, such as {7: 0, 8: 1}, others being ignored; empty: they are classes",
         ss::at_least(-32768)},
        {"label_colors", &FolderOptions::label_colors,
         "the labels are pictures in the classes' colors; other colors are ignored, and label_map is not used"},
        {"unpaired", &FolderOptions::unpaired,
         "what becomes of images without a label and labels without an image: stop names them and ends, skip passes "
         "over "
         "them",
         ss::choices({"stop", "skip"})}};
  }

  Folder(const FolderOptions& options, const std::string& split)
      : ss::FileDataset(make_classes(options.classes), options.ignore_index, make_table(options),
                        [=] { return list_files(options, split); }),
        colors_(options),
        reads_colors_(options.label_colors) {}

  void read(int64_t index, ss::Random& random, ss::Sink& sink) const override {
    const ss::SampleInfo& sample = samples()[static_cast<std::size_t>(index)];
    if (!reads_colors_ || sample.label_path.empty()) return ss::FileDataset::read(index, random, sink);
    sink.image(ss::Image::rgb(sample.image_path));
    colors_.write(ss::Image::color_label(sample.label_path), sink);
  }

 private:
  ColorTable colors_;
  bool reads_colors_;
};

}  // namespace

SSHOST_PLUGIN("folder", "1.2.0", ss::dataset<Folder, FolderOptions>("folder", "your own images, paired by pattern"))
