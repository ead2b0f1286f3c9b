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

#include <algorithm>
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

// Where a listed file is. The published lists begin with a folder of their authors ("/SegNet/CamVid/train/a.png"), and
// others have Windows' separators: of such a path the longest end counts that leads to a file below the root.
std::filesystem::path find(const std::filesystem::path& root, std::string listed, const ss::ListedName& line) {
  std::replace(listed.begin(), listed.end(), '\\', '/');
  const std::filesystem::path path = listed;
  for (auto begin = path.begin(); begin != path.end(); ++begin) {
    if (begin->has_root_directory()) continue;
    std::filesystem::path end;
    for (auto part = begin; part != path.end(); ++part) end /= *part;
    std::error_code unknown;
    if (std::filesystem::exists(root / end, unknown)) return root / end;
  }
  throw ss::Error(line.place() + ": there is no file " + (root / path.relative_path()).string() +
                      ", and none where an end of this path leads below the root",
                  SS_IO);
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
    const std::filesystem::path path = find(root, image, line);
    samples.push_back({path.stem().string(), path.string(), find(root, label, line).string()});
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
