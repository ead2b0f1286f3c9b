// Your own images: files paired by pattern.
//
//   root/images/train/a.jpg      root/labels/train/a.png
//   root/images/val/b.jpg        root/labels/val/b.png
//
// is what the default patterns read. What the stars of both patterns stand for has to be the same for an image and its
// label, so that other layouts fit too (Cityscapes: "leftImg8bit/{split}/*/*_leftImg8bit.png" with
// "gtFine/{split}/*/*_gtFine_labelIds.png"). Files that lie together are divided by `split`. Labels are single-channel
// images or palette images of class numbers, or with `label_colors` pictures in which each class has its color, or a
// mask for each class.
#include <sshost/dataset.hpp>

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "class_masks.h"
#include "label_reader.h"
#include "list_samples.h"
#include "options.h"

namespace folder {

namespace {

class Folder final : public ss::Dataset {
 public:
  static ss::Schema<Options> schema();

  Folder(const Options& options, const std::string& split)
      : ss::Dataset(ss::make_classes(options.classes),
                    are_class_masks(options) ? int64_t{kIgnoredSet} : options.ignore_index),
        labels_(are_class_masks(options) ? Options{} : options),
        tolerance_(options.label_tolerance),
        resizes_(options.label_size == "resize"),
        split_(split),
        strangers_(split, options.label_colors) {
    check_patterns(options);
    if (are_class_masks(options)) set_label_kind(SS_LABEL_SET);
    set_sample_list([this, options, split] { return list_samples(options, split, masks_); });
  }

  ~Folder() override {
    if (resized_.empty()) return;
    ss::log_info("folder: split " + split_ + ": " + std::to_string(resized_.size()) +
                 " labels were resized to their images, as `label_size: resize` says");
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void read(int64_t index, ss::Random&, ss::Sink& sink) const override {
    const ss::SampleInfo& sample = samples()[static_cast<std::size_t>(index)];
    const ss::Image image = read_image(sample.image_path);
    sink.image(image);
    if (sample.label_path.empty()) return;
    Label label = read_label(sample);
    strangers_.add(index, sample.label_path, label.strangers);
    if (resizes_ && (label.height != image.height() || label.width != image.width())) {
      label = resized(label, image.height(), image.width());
      note_resized(index, sample.label_path);
    }
    std::copy(label.classes.begin(), label.classes.end(), sink.wide_label(label.height, label.width));
  }

 private:
  Label read_label(const ss::SampleInfo& sample) const {
    const auto masks = masks_.find(sample.id);
    return masks == masks_.end() ? labels_.read(sample.label_path) : read_masks(masks->second, tolerance_);
  }

  void note_resized(int64_t index, const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const bool is_new = resized_.insert(index).second;
    if (!is_new || resized_.size() > 1) return;
    ss::log_warning(path + ": this label is resized to its image; how many are is told at the end");
  }

  LabelReader labels_;  // of labels that are numbers or colours
  std::optional<int64_t> tolerance_;
  bool resizes_;
  std::string split_;
  mutable MaskPaths masks_;  // once the samples are listed; empty where labels are no masks of classes
  mutable StrangerLog strangers_;
  mutable std::mutex mutex_;  // of what follows
  mutable std::set<int64_t> resized_;
};

ss::Schema<Options> Folder::schema() {
  return {
      {"root", &Options::root, "folder that the patterns are relative to", ss::required()},
      {"images", &Options::images,
       "pattern of the images, or several; {split} is the split, * any text without a slash, ** any folders, {a,b} one "
       "of both; without an ending: images of any format",
       ss::one_is_list()},
      {"labels", &Options::labels,
       "the same for the labels: those whose stars stand for the same text belong together; with {class}, as in "
       "masks/{class}/*.png, a mask of two values for each class, of which a pixel may have several; null: there are "
       "none",
       ss::one_is_list()},
      {"split", &Options::split,
       "divides images that lie together, and whose patterns have no {split}, into train, val and test, by a hash of "
       "their names: a file more or less moves no other; null: they are all of every split"},
      {"classes", &Options::classes, "in the order of their numbers", ss::required(), ss::at_least_items(1),
       ss::text_is_first_field()},
      {"ignore_index", &Options::ignore_index, "the label of pixels that do not count",
       ss::between(-32768, kLargestLabel)},
      {"label_map", &Options::label_map,
       "class of each number in the label files, such as {7: 0, 8: 1}, others being ignored; empty: they are classes",
       ss::at_least(-32768)},
      {"label_colors", &Options::label_colors,
       "the labels are pictures in the classes' colors; other colors are ignored, and label_map is not used"},
      {"label_tolerance", &Options::label_tolerance,
       "with label_map or label_colors: a number, or a color, that is none of them counts as the nearest one, where "
       "that "
       "is at most so far away: for JPEG and soft edges; null: it is ignored",
       ss::between(0, kLargestLabel)},
      {"label_size", &Options::label_size,
       "what becomes of a label that is not as large as its image: stop refuses it, resize takes the nearest pixels",
       ss::choices({"stop", "resize"})},
      {"unpaired", &Options::unpaired,
       "what becomes of images without a label and labels without an image: stop names them and ends, skip passes over "
       "them",
       ss::choices({"stop", "skip"})}};
}

}  // namespace

}  // namespace folder

SSHOST_PLUGIN("folder", "1.4.0",
              ss::dataset<folder::Folder, folder::Options>("folder", "your own images, paired by pattern"))
