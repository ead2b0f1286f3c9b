// ADE20K as the scene parsing benchmark of 2016 has it (Zhou et al., "Scene parsing through ADE20K dataset", CVPR
// 2017): 150 classes.
//
//   root/ADEChallengeData2016/images/training/ADE_train_00000001.jpg         split train
//   root/ADEChallengeData2016/annotations/training/ADE_train_00000001.png
//   root/ADEChallengeData2016/images/validation/..., annotations/validation/...  split val
//   root/ADEChallengeData2016/images/testing/...                             split test, without labels
//   root/ADEChallengeData2016/train.txt, val.txt                             optional: the names of the images to take
//
// `root` may also be the folder ADEChallengeData2016 itself. With the lists it is the layout of sssegmentation, without
// them that of mmsegmentation. Labels are 0 for what is no class, which is ignored, and 1..150.
#include <sshost/file_dataset.hpp>

#include "classes.h"

namespace {

constexpr int32_t kClasses = 150;
constexpr int32_t kIgnored = 255;

struct Ade20kOptions {
  ss::Path root;
};

std::string folder_of(const std::string& split) {
  ss::checked_split(split, {"train", "val", "test"});
  return split == "train" ? "training" : split == "val" ? "validation" : "testing";
}

std::vector<ss::SampleInfo> list_samples(const std::filesystem::path& root, const std::string& split) {
  const std::filesystem::path base = ss::folder_within(root, "ADEChallengeData2016");
  const std::string folder = folder_of(split);
  ss::PairPatterns patterns{base, {"images/" + folder + "/*.jpg"}, {}};
  if (split != "test") patterns.labels = {"annotations/" + folder + "/*.png"};
  return ss::pair_listed(patterns, base / (split + ".txt"));
}

class Ade20k final : public ss::FileDataset {
 public:
  static ss::Schema<Ade20kOptions> schema() {
    return {{"root", &Ade20kOptions::root,
             "folder ADEChallengeData2016, or the one that holds it, with images/{training,validation} and "
             "annotations/{training,validation}; train.txt and val.txt choose among them where they exist",
             ss::required()}};
  }

  // Scene parsing (sceneparsing.csail.mit.edu; its development kit's README): names such as ADE_test_00000001.png, and
  // 1 to 150 for the classes in their order; 0 would be what is no class.
  static std::vector<ss::SubmissionLayout> submissions() {
    return {{"ade20k", "what the scene parsing server takes: 1 to 150, under the images' names",
             ss::values_counting_from("ADE20K", 1, kClasses), ss::last_part_of_id()}};
  }

  Ade20k(const Ade20kOptions& options, const std::string& split)
      : ss::FileDataset(ade20k::classes(), kIgnored, ss::LabelTable::counting_from(1, kClasses, kIgnored),
                        [root = options.root.value, split] { return list_samples(root, split); }) {
    folder_of(split);
  }
};

}  // namespace

SSHOST_PLUGIN("ade20k", "1.0.0", ss::dataset<Ade20k, Ade20kOptions>("ade20k", "ADE20K scenes, 150 classes"))
