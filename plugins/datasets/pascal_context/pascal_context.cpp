// Pascal Context (Mottaghi et al., "The role of context for object detection and semantic segmentation in the wild",
// CVPR 2014): 59 classes, or 60 with the background.
//
//   root/JPEGImages/2008_000002.jpg
//   root/SegmentationClassContext/2008_000002.png
//   root/ImageSets/SegmentationContext/train.txt       and val.txt: the names of the images
//
// `root` is the folder VOC2010, or VOCdevkit, or the one that holds it; that is the layout of sssegmentation and of
// mmsegmentation. Labels are 0 for the background, which counts as a class or is ignored, 1..59, and 255.
#include <sshost/file_dataset.hpp>

#include "classes.h"

namespace {

constexpr int32_t kIgnored = 255;

struct PascalContextOptions {
  ss::Path root;
  int64_t classes = 60;
};

std::vector<ss::ClassInfo> classes_of(const PascalContextOptions& options) {
  std::vector<ss::ClassInfo> classes = pascal_context::classes();
  if (options.classes == 59) classes.erase(classes.begin());
  return classes;
}

ss::LabelTable table_of(const PascalContextOptions& options) {
  return ss::LabelTable::counting_from(options.classes == 59 ? 1 : 0, static_cast<int32_t>(options.classes), kIgnored);
}

std::vector<ss::SampleInfo> list_samples(const std::filesystem::path& root, const std::string& split) {
  const std::filesystem::path base = ss::folder_within(ss::folder_within(root, "VOCdevkit"), "VOC2010");
  const std::filesystem::path list = base / "ImageSets" / "SegmentationContext" / (split + ".txt");
  const auto names = ss::read_list(list);
  if (!names) {
    throw ss::Error(list.string() + ": cannot be opened; expected the list of split \"" + split + "\"", SS_IO);
  }
  return ss::pair_named({base, {"JPEGImages/*.jpg"}, {"SegmentationClassContext/*.png"}}, *names);
}

class PascalContext final : public ss::FileDataset {
 public:
  static ss::Schema<PascalContextOptions> schema() {
    return {{"root", &PascalContextOptions::root,
             "folder VOC2010, or one that holds it, with JPEGImages, SegmentationClassContext, and the list of each "
             "split in ImageSets/SegmentationContext",
             ss::required()},
            {"classes", &PascalContextOptions::classes, "60: the background is one of them; 59: it is ignored",
             ss::choices({59, 60})}};
  }

  PascalContext(const PascalContextOptions& options, const std::string& split)
      : ss::FileDataset(classes_of(options), kIgnored, table_of(options),
                        [root = options.root.value, split] { return list_samples(root, split); }) {}
};

}  // namespace

SSHOST_PLUGIN("pascal_context", "1.0.0",
              ss::dataset<PascalContext, PascalContextOptions>("pascal_context", "Pascal Context, 60 or 59 classes"))
