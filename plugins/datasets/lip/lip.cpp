// Look into Person (Gong et al., "Look into Person: self-supervised structure-sensitive learning", CVPR 2017): 20
// classes, of which left and right arm, leg and shoe change places in a mirror image.
//
//   root/train_images/684_2150041.jpg            or below root/TrainVal_images
//   root/train_segmentations/684_2150041.png     or below root/TrainVal_parsing_annotations
//   root/train_id.txt                            optional, also in TrainVal_images: the names of the images to take
//
// and so for val; split test is testing_images without labels. `root` may also be the folder that holds LIP. That is
// the layout of sssegmentation and mmsegmentation, and that of the archives as they are published. Labels are 0..19,
// and 255.
#include <sshost/file_dataset.hpp>

namespace {

constexpr int32_t kClasses = 20;
constexpr int32_t kIgnored = 255;

struct LipOptions {
  ss::Path root;
};

std::vector<ss::ClassInfo> lip_classes() {
  return {{"background", {0, 0, 0}},
          {"hat", {128, 0, 0}},
          {"hair", {255, 0, 0}},
          {"glove", {0, 85, 0}},
          {"sunglasses", {170, 0, 51}},
          {"upper clothes", {255, 85, 0}},
          {"dress", {0, 0, 85}},
          {"coat", {0, 119, 221}},
          {"socks", {85, 85, 0}},
          {"pants", {0, 85, 85}},
          {"jumpsuits", {85, 51, 0}},
          {"scarf", {52, 86, 128}},
          {"skirt", {0, 128, 0}},
          {"face", {0, 0, 255}},
          {"left arm", {51, 170, 221}, 15},
          {"right arm", {0, 255, 255}, 14},
          {"left leg", {85, 255, 170}, 17},
          {"right leg", {170, 255, 85}, 16},
          {"left shoe", {255, 255, 0}, 19},
          {"right shoe", {255, 170, 0}, 18}};
}

// Where the archives may have been unpacked.
std::vector<std::string> patterns_in(const std::string& archive, const std::string& files) {
  return {files, archive + "/" + files, archive + "/" + archive + "/" + files};
}

std::vector<ss::SampleInfo> list_samples(const std::filesystem::path& root, const std::string& split) {
  const std::filesystem::path base = ss::folder_within(root, "LIP");
  ss::PairPatterns patterns{base, {}, {}};
  if (split == "test") {
    patterns.images = patterns_in("Testing_images", "testing_images/*.jpg");
  } else {
    patterns.images = patterns_in("TrainVal_images", split + "_images/*.jpg");
    patterns.labels = patterns_in("TrainVal_parsing_annotations", split + "_segmentations/*.png");
  }
  const std::string list = split + "_id.txt";
  std::error_code ignored;
  const bool within = !std::filesystem::exists(base / list, ignored);
  return ss::pair_listed(patterns, within ? base / "TrainVal_images" / list : base / list);
}

class Lip final : public ss::FileDataset {
 public:
  static ss::Schema<LipOptions> schema() {
    return {{"root", &LipOptions::root,
             "folder with {train,val}_images and {train,val}_segmentations, also below TrainVal_images and "
             "TrainVal_parsing_annotations; {train,val}_id.txt choose among the images where they exist",
             ss::required()}};
  }

  Lip(const LipOptions& options, const std::string& split)
      : ss::FileDataset(lip_classes(), kIgnored, ss::LabelTable::counting_from(0, kClasses, kIgnored),
                        [root = options.root.value, split] { return list_samples(root, split); }) {
    ss::checked_split(split, {"train", "val", "test"});
  }
};

}  // namespace

SSHOST_PLUGIN("lip", "1.0.0", ss::dataset<Lip, LipOptions>("lip", "Look into Person: human parsing, 20 classes"))
