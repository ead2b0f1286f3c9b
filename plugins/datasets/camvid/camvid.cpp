// CamVid (Brostow, Fauqueur and Cipolla, "Semantic object classes in video", 2009) with the 11 classes that
// segmentation papers use.
//
// The folder `root` holds the list of each split, `train.txt`, `val.txt`, `test.txt`: one line a sample, the image's
// and the label's path relative to `root`, separated by a space. Labels are single-channel images: 0..10, and 11 for
// everything else.
//
//   root/train.txt                      train/0001TP_006690.jpg trainannot/0001TP_006690.png
//   root/train/0001TP_006690.jpg
//   root/trainannot/0001TP_006690.png
#include <sshost/file_dataset.hpp>

#include <filesystem>
#include <sstream>

namespace {

constexpr int64_t kIgnored = 11;

struct CamVidOptions {
  ss::Path root;
};

std::vector<ss::ClassInfo> camvid_classes() {
  return {{"sky", {128, 128, 128}},        {"building", {128, 0, 0}},   {"pole", {192, 192, 128}},
          {"road", {128, 64, 128}},        {"pavement", {60, 40, 222}}, {"tree", {128, 128, 0}},
          {"signsymbol", {192, 128, 128}}, {"fence", {64, 64, 128}},    {"car", {64, 0, 128}},
          {"pedestrian", {64, 64, 0}},     {"bicyclist", {0, 128, 192}}};
}

std::vector<ss::SampleInfo> read_pairs(const std::filesystem::path& root, const std::string& split) {
  const std::filesystem::path list = root / (split + ".txt");
  const auto lines = ss::read_list(list);
  if (!lines) {
    throw ss::Error(list.string() + ": cannot be opened; expected the list of split \"" + split +
                        "\", with the paths of an image and its label on each line",
                    SS_IO);
  }
  std::vector<ss::SampleInfo> samples;
  for (const ss::ListedName& line : *lines) {
    std::istringstream words(line.text);
    std::string image, label, more;
    if (!(words >> image >> label) || words >> more) {
      throw ss::Error(line.place() + ": expected an image and a label, found \"" + line.shown() + "\"");
    }
    samples.push_back({std::filesystem::path(image).stem().string(), (root / image).string(), (root / label).string()});
  }
  return samples;
}

class CamVid final : public ss::FileDataset {
 public:
  static ss::Schema<CamVidOptions> schema() {
    return {{"root", &CamVidOptions::root,
             "folder with train.txt, val.txt and test.txt: an image's and its label's path on each line",
             ss::required()}};
  }

  CamVid(const CamVidOptions& options, const std::string& split)
      : ss::FileDataset(camvid_classes(), kIgnored, ss::LabelTable(),
                        [=] { return read_pairs(options.root.value, split); }) {}
};

}  // namespace

SSHOST_PLUGIN("camvid", "1.0.0", ss::dataset<CamVid, CamVidOptions>("camvid", "CamVid street scenes, 11 classes"))
