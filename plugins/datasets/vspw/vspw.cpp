// VSPW (Miao et al., "VSPW: a large-scale dataset for video scene parsing in the wild", CVPR 2021): 124 classes.
//
//   root/data/127_-hIVCYO4C90/origin/00000124.jpg
//   root/data/127_-hIVCYO4C90/mask/00000124.png
//   root/train.txt                      and val.txt, test.txt: the names of the clips
//
// `root` is the folder VSPW_480p (or VSPW), or the one that holds it; that is the layout of sssegmentation, and of the
// archive itself. A sample of split train is a clip, of which each read draws a frame; of the others it is a frame.
// Labels are 0 and 253..255, which are ignored, and 1..124. Split test has no labels.
#include <sshost/file_dataset.hpp>

#include "classes.h"

namespace {

constexpr int32_t kClasses = 124;
constexpr int32_t kIgnored = 255;

struct VspwOptions {
  ss::Path root;
  std::optional<std::string> frames;
};

ss::LabelTable make_table() {
  ss::LabelTable table = ss::LabelTable::counting_from(1, kClasses, kIgnored);
  table.set(253, kIgnored);
  table.set(254, kIgnored);
  return table;
}

std::filesystem::path base_of(const std::filesystem::path& root) {
  return ss::folder_within(ss::folder_within(root, "VSPW_480p"), "VSPW");
}

std::vector<ss::ListedName> clips_of(const std::filesystem::path& base, const std::string& split) {
  const std::filesystem::path list = base / (split + ".txt");
  if (auto clips = ss::read_list(list)) return *clips;
  throw ss::Error(list.string() + ": cannot be opened; expected the clips of split \"" + split + "\"", SS_IO);
}

// The frames of one clip, in their order.
std::vector<ss::SampleInfo> frames_of(const std::filesystem::path& base, const std::string& clip, bool labelled) {
  ss::PairPatterns patterns{base, {"data/" + clip + "/origin/*.jpg"}, {}};
  if (labelled) patterns.labels = {"data/" + clip + "/mask/*.png"};
  std::vector<ss::SampleInfo> frames = ss::pair_all(patterns);
  for (ss::SampleInfo& frame : frames) frame.id = clip + "/" + frame.id;
  return frames;
}

std::vector<ss::SampleInfo> list_frames(const std::filesystem::path& root, const std::string& split) {
  const std::filesystem::path base = base_of(root);
  std::vector<ss::SampleInfo> samples;
  for (const ss::ListedName& clip : clips_of(base, split)) {
    for (ss::SampleInfo& frame : frames_of(base, clip.text, split != "test")) samples.push_back(std::move(frame));
  }
  return samples;
}

std::vector<ss::SampleInfo> list_clips(const std::filesystem::path& root, const std::string& split) {
  const std::filesystem::path base = base_of(root);
  std::vector<ss::SampleInfo> samples;
  for (const ss::ListedName& clip : clips_of(base, split)) {
    const std::filesystem::path folder = base / "data" / clip.text;
    if (!std::filesystem::is_directory(folder)) {
      throw ss::Error(clip.place() + ": " + folder.string() + ": no such folder", SS_NOT_FOUND);
    }
    samples.push_back({clip.text, (folder / "origin").string(), (folder / "mask").string()});
  }
  return samples;
}

bool takes_clips(const VspwOptions& options, const std::string& split) {
  return options.frames ? *options.frames == "one" : split == "train";
}

class Vspw final : public ss::FileDataset {
 public:
  static ss::Schema<VspwOptions> schema() {
    return {{"root", &VspwOptions::root,
             "folder VSPW_480p, or one that holds it, with data/<clip>/{origin,mask} and the clips of each split in "
             "{train,val,test}.txt",
             ss::required()},
            {"frames", &VspwOptions::frames,
             "of a clip: one, drawn at each read, or all, as samples of their own; null: one for split train, all for "
             "the others",
             ss::choices({"one", "all"})}};
  }

  Vspw(const VspwOptions& options, const std::string& split)
      : ss::FileDataset(vspw::classes(), kIgnored, make_table(),
                        [options, split] {
                          const std::filesystem::path root = options.root.value;
                          return takes_clips(options, split) ? list_clips(root, split) : list_frames(root, split);
                        }),
        base_(options.root.value),
        draws_(takes_clips(options, split)),
        labelled_(split != "test") {
    ss::checked_split(split, {"train", "val", "test"});
  }

  void read(int64_t index, ss::Random& random, ss::Sink& sink) const override {
    if (!draws_) return ss::FileDataset::read(index, random, sink);
    const std::string& clip = samples()[static_cast<std::size_t>(index)].id;
    const std::vector<ss::SampleInfo> frames = frames_of(base_of(base_), clip, labelled_);
    const ss::SampleInfo& frame = frames[random.next() % frames.size()];
    sink.image(read_image(frame.image_path));
    if (labelled_) table().write(ss::Image::label(frame.label_path), sink);
  }

 private:
  std::filesystem::path base_;
  bool draws_;
  bool labelled_;
};

}  // namespace

SSHOST_PLUGIN("vspw", "1.0.0", ss::dataset<Vspw, VspwOptions>("vspw", "VSPW video scenes, 124 classes"))
