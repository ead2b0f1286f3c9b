// Your own images: files paired by pattern.
//
//   root/images/train/a.jpg      root/labels/train/a.png
//   root/images/val/b.jpg        root/labels/val/b.png
//
// is what the default patterns read. What the stars of both patterns stand for has to be the same for an image and its
// label, so that other layouts fit too (Cityscapes: "leftImg8bit/{split}/*/*_leftImg8bit.png" with
// "gtFine/{split}/*/*_gtFine_labelIds.png"). Labels are single-channel images or palette images of class numbers.
#include <sshost/dataset.hpp>

#include <charconv>
#include <map>

#include "pattern.h"

namespace {

constexpr int64_t kLargestLabel = 65535;

struct ClassOptions {
  std::string name;
  std::optional<std::string> color;
  std::optional<std::string> mirrored;

  static ss::Schema<ClassOptions> schema() {
    return {{"name", &ClassOptions::name, "what it is called", ss::required()},
            {"color", &ClassOptions::color, "in predictions, as \"#rrggbb\"; null: one is chosen"},
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
};

// The palette of Pascal VOC: bits of the number spread over the three colours; 0, which would be black, is left out.
ss::Color chosen_color(std::size_t index) {
  ss::Color color{};
  std::size_t rest = index + 1;
  for (int bit = 7; rest != 0; --bit, rest >>= 3) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      color[channel] = static_cast<uint8_t>(color[channel] | ((rest >> channel & 1) << bit));
    }
  }
  return color;
}

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
    classes.push_back({from.name, from.color ? parse_color(*from.color) : chosen_color(index), {}});
  }
  for (std::size_t index = 0; index < options.size(); ++index) {
    if (!options[index].mirrored) continue;
    const int32_t other = class_named(options, *options[index].mirrored);
    classes[index].mirrored = other;
    classes[static_cast<std::size_t>(other)].mirrored = static_cast<int32_t>(index);
  }
  return classes;
}

// For each number that a file may hold its class; empty: files hold classes already.
std::vector<int32_t> make_table(const FolderOptions& options) {
  if (options.label_map.empty()) return {};
  std::vector<int32_t> table(kLargestLabel + 1, static_cast<int32_t>(options.ignore_index));
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
    table[static_cast<std::size_t>(stored)] = static_cast<int32_t>(value);
  }
  return table;
}

using Files = std::map<std::string, std::filesystem::path>;

Files find(const FolderOptions& options, const std::string& pattern, const std::string& split) {
  const std::string filled = folder::with_split(pattern, split);
  Files files = folder::find_files(options.root.value, filled);
  if (files.empty()) {
    throw ss::Error("no file matches " + (std::filesystem::path(options.root.value) / filled).string(), SS_NOT_FOUND);
  }
  return files;
}

// The files whose key is not in `others`, one a line; at most 20.
std::string list_unpaired(const Files& files, const Files& others, const std::string& what) {
  std::string text;
  int count = 0;
  for (const auto& [key, path] : files) {
    if (others.contains(key)) continue;
    if (++count <= 20) text += "\n  " + path.string() + what;
  }
  if (count > 20) text += "\n  and " + std::to_string(count - 20) + " more" + what;
  return text;
}

std::vector<ss::SampleInfo> pair_files(const FolderOptions& options, const std::string& split) {
  const Files images = find(options, options.images, split);
  std::vector<ss::SampleInfo> samples;
  if (!options.labels) {
    for (const auto& [key, path] : images) samples.push_back({key, path.string(), ""});
    return samples;
  }
  const Files labels = find(options, *options.labels, split);
  const std::string unpaired =
      list_unpaired(images, labels, " has no label") + list_unpaired(labels, images, " has no image");
  if (!unpaired.empty()) {
    throw ss::Error("files without a partner in split \"" + split +
                    "\"; remove them, or correct the patterns `images` and `labels`:" + unpaired);
  }
  for (const auto& [key, path] : images) samples.push_back({key, path.string(), labels.at(key).string()});
  return samples;
}

class Folder final : public ss::Dataset {
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
         ss::at_least(-32768)}};
  }

  Folder(const FolderOptions& options, const std::string& split)
      : ss::Dataset(make_classes(options.classes), options.ignore_index), table_(make_table(options)) {
    set_samples(pair_files(options, split));
  }

  void read(int64_t index, ss::Random&, ss::Sink& sink) const override {
    const ss::SampleInfo& sample = samples()[static_cast<std::size_t>(index)];
    sink.image(ss::Image::rgb(sample.image_path));
    if (sample.label_path.empty()) return;
    const ss::Image stored = ss::Image::label(sample.label_path);
    if (table_.empty()) return sink.label(stored);
    int32_t* label = sink.wide_label(stored.height(), stored.width());
    for (int64_t i = 0; i < stored.elements(); ++i) label[i] = table_[static_cast<std::size_t>(stored[i])];
  }

 private:
  std::vector<int32_t> table_;
};

}  // namespace

SSHOST_PLUGIN("folder", "1.0.0", ss::dataset<Folder, FolderOptions>("folder", "your own images, paired by pattern"))
