// COCO-Stuff 10k (Caesar, Uijlings and Ferrari, "COCO-Stuff: thing and stuff classes in context", CVPR 2018): 182
// classes, or the 171 of them that occur.
//
//   root/images/COCO_train2014_000000000077.jpg
//   root/annotations/COCO_train2014_000000000077.mat       variable S: 0 is unlabelled, then 1..182; or a .png of these
//   root/imageLists/train.txt                              and test.txt: the names of the images
//
// is the layout of the archive and of sssegmentation. That of mmsegmentation is read too:
//
//   root/images/train2014/COCO_train2014_000000000077.jpg                       and test2014
//   root/annotations/train2014/COCO_train2014_000000000077_labelTrainIds.png    0 is unlabelled, then 1..171
//   root/imagesLists/train.txt                                                  may be missing: the folders then say it
//
// Either kind of labels gives either number of classes; a class that the other kind does not know is never there.
#include <sshost/file_dataset.hpp>

#include "classes.h"
#include "mat_label.h"

namespace {

constexpr int32_t kIgnored = 255;

struct CocoStuffOptions {
  ss::Path root;
  int64_t classes = cocostuff10k::kIds;
};

// From the numbers 1..182.
ss::LabelTable table_of_ids(int64_t classes) {
  if (classes == cocostuff10k::kIds) return ss::LabelTable::counting_from(1, cocostuff10k::kIds, kIgnored);
  ss::LabelTable table = ss::LabelTable::counting_from(cocostuff10k::kIds + 1, 0, kIgnored);
  int32_t label = 0;
  for (const int32_t id : cocostuff10k::used_ids()) table.set(id, label++);
  return table;
}

// From the numbers 1..171 that mmsegmentation stores.
ss::LabelTable table_of_train_ids(int64_t classes) {
  ss::LabelTable table = ss::LabelTable::counting_from(1, cocostuff10k::kUsedIds, kIgnored);
  if (classes == cocostuff10k::kUsedIds) return table;
  int32_t number = 1;
  for (const int32_t id : cocostuff10k::used_ids()) table.set(number++, id - 1);
  return table;
}

// The archive's list, or mmsegmentation's copy of it; nothing where there is none.
std::optional<std::vector<ss::ListedName>> read_split_list(const std::filesystem::path& root,
                                                           const std::string& split) {
  const std::string file = split + ".txt";
  auto names = ss::read_list(root / "imageLists" / file);
  return names ? names : ss::read_list(root / "imagesLists" / file);
}

std::vector<ss::SampleInfo> list_samples(const std::filesystem::path& root, const std::string& split) {
  ss::PairPatterns patterns{root, {}, {}};
  for (const char* each : {"train", "test"}) {
    if (split != each && split != "all") continue;
    const std::string folder = std::string(each) + "2014";
    patterns.images.push_back("images/" + folder + "/*.jpg");
    patterns.labels.push_back("annotations/" + folder + "/*_labelTrainIds.png");
  }
  const auto names = read_split_list(root, split);
  if (!names) return ss::pair_all(patterns);
  for (const char* image : {"images/*.jpg", "images/train2014/*.jpg", "images/test2014/*.jpg"}) {
    patterns.images.emplace_back(image);
  }
  for (const char* label : {"annotations/*.mat", "annotations/*.png", "annotations/train2014/*_labelTrainIds.png",
                            "annotations/test2014/*_labelTrainIds.png"}) {
    patterns.labels.emplace_back(label);
  }
  return ss::pair_named(patterns, *names);
}

class CocoStuff10k final : public ss::FileDataset {
 public:
  static ss::Schema<CocoStuffOptions> schema() {
    return {
        {"root", &CocoStuffOptions::root,
         "folder with images, annotations (.mat, or .png with the same numbers) and imageLists/{train,test,all}.txt; "
         "or with images/{train,test}2014 and annotations/{train,test}2014/*_labelTrainIds.png and, where they are "
         "there, the lists in imagesLists",
         ss::required()},
        {"classes", &CocoStuffOptions::classes, "182: all numbers; 171: those that occur",
         ss::choices({cocostuff10k::kUsedIds, cocostuff10k::kIds})}};
  }

  CocoStuff10k(const CocoStuffOptions& options, const std::string& split)
      : ss::FileDataset(cocostuff10k::classes(options.classes), kIgnored, table_of_ids(options.classes),
                        [root = options.root.value, split] { return list_samples(root, split); }),
        train_ids_(table_of_train_ids(options.classes)) {
    ss::checked_split(split, {"train", "test", "all"});
  }

  void read(int64_t index, ss::Random&, ss::Sink& sink) const override {
    const ss::SampleInfo& sample = samples()[static_cast<std::size_t>(index)];
    const ss::Image image = read_image(sample.image_path);
    sink.image(image);
    if (sample.label_path.ends_with(".mat")) {
      const cocostuff10k::MatLabel label =
          cocostuff10k::read_mat_label(sample.label_path, image.height() * image.width());
      return table().write(label.numbers.data(), label.height, label.width, sink);
    }
    const bool train_ids = sample.label_path.ends_with("_labelTrainIds.png");
    (train_ids ? train_ids_ : table()).write(ss::Image::label(sample.label_path), sink);
  }

 private:
  ss::LabelTable train_ids_;
};

}  // namespace

SSHOST_PLUGIN("cocostuff10k", "1.0.0",
              ss::dataset<CocoStuff10k, CocoStuffOptions>("cocostuff10k", "COCO-Stuff 10k, 182 or 171 classes"))
