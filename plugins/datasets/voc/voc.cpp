// Pascal VOC 2012 (Everingham et al., IJCV 2010) with the further labels of Hariharan et al. (ICCV 2011): 21 classes.
//
//   root/JPEGImages/2007_000032.jpg
//   root/SegmentationClass/2007_000032.png         the further labels too, or those in root/SegmentationClassAug
//   root/ImageSets/Segmentation/trainaug.txt       and train, val, trainval: the names of the images
//
// Where there is no trainaug.txt it is train.txt and aug.txt together. `root` is the folder VOC2012, or VOCdevkit, or
// the one that holds it; that is the layout of sssegmentation and of mmsegmentation. Labels are palette images, of
// which the indices count and not the colours, or grey ones: 0..20, and 255 for borders. Split test has no labels.
#include <sshost/file_dataset.hpp>
#include <sshost/palette.hpp>

#include <array>
#include <string_view>

namespace {

constexpr std::array<std::string_view, 21> kNames = {
    "background", "aeroplane", "bicycle",     "bird",  "boat",        "bottle", "bus",
    "car",        "cat",       "chair",       "cow",   "diningtable", "dog",    "horse",
    "motorbike",  "person",    "pottedplant", "sheep", "sofa",        "train",  "tvmonitor"};
constexpr int32_t kIgnored = 255;

struct VocOptions {
  ss::Path root;
};

std::filesystem::path base_of(const std::filesystem::path& root) {
  return ss::folder_within(ss::folder_within(root, "VOCdevkit"), "VOC2012");
}

std::vector<ss::ListedName> names_of(const std::filesystem::path& lists, const std::string& split) {
  if (auto names = ss::read_list(lists / (split + ".txt"))) return *names;
  const auto train = ss::read_list(lists / "train.txt");
  const auto more = ss::read_list(lists / "aug.txt");
  if (split != "trainaug" || !train || !more) {
    const std::string hint = split == "trainaug" ? ", which may also be train.txt and aug.txt" : "";
    throw ss::Error(
        (lists / (split + ".txt")).string() + ": cannot be opened; expected the list of split \"" + split + "\"" + hint,
        SS_IO);
  }
  std::vector<ss::ListedName> names = *train;
  names.insert(names.end(), more->begin(), more->end());
  return names;
}

std::vector<ss::SampleInfo> list_samples(const std::filesystem::path& root, const std::string& split) {
  const std::filesystem::path base = base_of(root);
  const std::vector<ss::ListedName> names = names_of(base / "ImageSets" / "Segmentation", split);
  ss::PairPatterns patterns{base, {"JPEGImages/*.jpg"}, {}};
  if (split != "test") patterns.labels = {"SegmentationClass/*.png", "SegmentationClassAug/*.png"};
  return ss::pair_named(patterns, names);
}

class Voc final : public ss::FileDataset {
 public:
  static ss::Schema<VocOptions> schema() {
    return {{"root", &VocOptions::root,
             "folder VOC2012, or one that holds it, with JPEGImages, SegmentationClass, perhaps SegmentationClassAug, "
             "and the list of each split in ImageSets/Segmentation",
             ss::required()}};
  }

  Voc(const VocOptions& options, const std::string& split)
      : ss::FileDataset(ss::with_voc_colors(kNames, 0), kIgnored,
                        ss::LabelTable::counting_from(0, static_cast<int32_t>(kNames.size()), kIgnored),
                        [root = options.root.value, split] { return list_samples(root, split); }) {}
};

}  // namespace

SSHOST_PLUGIN("voc", "1.0.0", ss::dataset<Voc, VocOptions>("voc", "Pascal VOC 2012, 21 classes"))
