// Cityscapes (Cordts et al., "The Cityscapes dataset for semantic urban scene understanding", CVPR 2016): 19 classes.
//
//   root/leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png
//   root/gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png       or ..._gtFine_labelTrainIds.png
//   root/train.txt                      optional, a line an image: aachen/aachen_000000_000019_leftImg8bit
//
// and so for val; split test has no labels, and split trainval is a folder of that name, or else train and val. That is
// the layout of sssegmentation (lists, labelIds) and of mmsegmentation (no lists, labelTrainIds). Of the 34 label ids
// 19 are classes and the others ignored; train ids are the classes themselves, and 255.
#include <sshost/file_dataset.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace {

constexpr int32_t kIgnored = 255;
constexpr int32_t kLabelIds = 34;
constexpr std::array<int32_t, 19> kIdOfClass = {7,  8,  11, 12, 13, 17, 19, 20, 21, 22,
                                                23, 24, 25, 26, 27, 28, 31, 32, 33};
constexpr std::string_view kTrainIds = "_labelTrainIds.png";

struct CityscapesOptions {
  ss::Path root;
};

std::vector<ss::ClassInfo> cityscapes_classes() {
  return {{"road", {128, 64, 128}},
          {"sidewalk", {244, 35, 232}},
          {"building", {70, 70, 70}},
          {"wall", {102, 102, 156}},
          {"fence", {190, 153, 153}},
          {"pole", {153, 153, 153}},
          {"traffic light", {250, 170, 30}},
          {"traffic sign", {220, 220, 0}},
          {"vegetation", {107, 142, 35}},
          {"terrain", {152, 251, 152}},
          {"sky", {70, 130, 180}},
          {"person", {220, 20, 60}},
          {"rider", {255, 0, 0}},
          {"car", {0, 0, 142}},
          {"truck", {0, 0, 70}},
          {"bus", {0, 60, 100}},
          {"train", {0, 80, 100}},
          {"motorcycle", {0, 0, 230}},
          {"bicycle", {119, 11, 32}}};
}

ss::LabelTable table_of_ids() {
  ss::LabelTable table;
  for (int32_t id = 0; id < kLabelIds; ++id) table.set(id, kIgnored);
  for (std::size_t label = 0; label < kIdOfClass.size(); ++label) {
    table.set(kIdOfClass[label], static_cast<int32_t>(label));
  }
  return table;
}

// The names in a list are those of the images without their ending.
std::string without_image_suffix(const std::string& name) {
  const std::string_view suffix = "_leftImg8bit";
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

std::vector<std::pair<std::string, int32_t>> label_ids() {
  std::vector<std::pair<std::string, int32_t>> ids;
  for (const ss::ClassInfo& each : cityscapes_classes()) ids.emplace_back(each.name, kIdOfClass[ids.size()]);
  return ids;
}

bool is_number_of_six_digits(std::string_view text) {
  return text.size() == 6 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// <city>_<sequence>_<frame>, by which the server finds a prediction.
bool names_frame(std::string_view name) {
  const std::size_t sequence = name.find('_');
  if (sequence == 0 || sequence == std::string_view::npos) return false;
  const std::string_view numbers = name.substr(sequence + 1);
  return numbers.size() == 13 && numbers[6] == '_' && is_number_of_six_digits(numbers.substr(0, 6)) &&
         is_number_of_six_digits(numbers.substr(7));
}

std::string submitted_name(std::string_view id) {
  const std::string frame = without_image_suffix(ss::last_part(id));
  if (names_frame(frame)) return frame + "_labelIds.png";
  throw ss::Error(
      "expected an image that is named <city>_<sequence>_<frame>, as in "
      "berlin_000000_000019_leftImg8bit.png; found \"" +
      std::string(id) + "\"");
}

std::vector<ss::SampleInfo> list_folder(const std::filesystem::path& root, const std::string& folder) {
  ss::PairPatterns patterns{root, {"leftImg8bit/" + folder + "/*/*_leftImg8bit.png"}, {}};
  if (folder != "test") {
    const std::string label = "gtFine/" + folder + "/*/*_gtFine";
    patterns.labels = {label + "_labelIds.png", label + std::string(kTrainIds)};
  }
  auto names = ss::read_list(root / (folder + ".txt"));
  if (!names) return ss::pair_all(patterns);
  for (ss::ListedName& name : *names) name.text = without_image_suffix(name.text);
  return ss::pair_named(patterns, *names);
}

std::vector<ss::SampleInfo> list_samples(const std::filesystem::path& root, const std::string& split) {
  std::error_code ignored;
  const bool in_two = split == "trainval" && !std::filesystem::is_directory(root / "leftImg8bit" / split, ignored);
  if (!in_two) return list_folder(root, split);
  std::vector<ss::SampleInfo> samples = list_folder(root, "train");
  for (ss::SampleInfo& sample : list_folder(root, "val")) samples.push_back(std::move(sample));
  return samples;
}

class Cityscapes final : public ss::FileDataset {
 public:
  static ss::Schema<CityscapesOptions> schema() {
    return {{"root", &CityscapesOptions::root,
             "folder with leftImg8bit/{train,val,test} and gtFine/{train,val}, labels being ..._labelIds.png or "
             "..._labelTrainIds.png; train.txt and val.txt choose among the images where they exist",
             ss::required()}};
  }

  // The pixel-level task (cityscapes-dataset.com/submit; the scripts' evalPixelLevelSemanticLabeling.py): files are
  // found by "<city>_<sequence>_<frame>*.png".
  static std::vector<ss::SubmissionLayout> submissions() {
    return {{"cityscapes", "what the Cityscapes server takes: label ids, not train ids",
             ss::values_by_name("Cityscapes", label_ids()), submitted_name}};
  }

  Cityscapes(const CityscapesOptions& options, const std::string& split)
      : ss::FileDataset(cityscapes_classes(), kIgnored, table_of_ids(),
                        [root = options.root.value, split] { return list_samples(root, split); }) {
    ss::checked_split(split, {"train", "val", "trainval", "test"});
  }

  void read(int64_t index, ss::Random& random, ss::Sink& sink) const override {
    const ss::SampleInfo& sample = samples()[static_cast<std::size_t>(index)];
    if (!sample.label_path.ends_with(kTrainIds)) return ss::FileDataset::read(index, random, sink);
    sink.image(read_image(sample.image_path));
    sink.label(ss::Image::label(sample.label_path));
  }
};

}  // namespace

SSHOST_PLUGIN("cityscapes", "1.0.0",
              ss::dataset<Cityscapes, CityscapesOptions>("cityscapes", "Cityscapes street scenes, 19 classes"))
