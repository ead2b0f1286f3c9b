#include "draft/draft.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/printable.h"
#include "config/default_transforms.h"
#include "config/option_value.h"
#include "config/scalar.h"
#include "draft/annotation_files.h"
#include "draft/bystanders.h"
#include "draft/class_masks.h"
#include "draft/label_survey.h"
#include "draft/layout.h"
#include "file/find_files.h"

namespace sshost::draft {

namespace {

namespace fs = std::filesystem;

// Everything that the text depends on.
struct Guess {
  std::vector<std::string> dataset;  // lines of the data set's options
  std::vector<std::string> splits;   // words for {split}; empty: the data set divides its images
  int64_t side = 320;                // of the images' shorter side, in the middle of all
  bool is_independent = false;       // a pixel may be of several classes
  std::vector<std::string> assumptions;
};

constexpr const char* kAllCategories = "# classes: [person, dog]   these categories alone";
constexpr const char* kBatchSize = "  batch_size: 8\n";

std::string list_of(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + config::flow_yaml(text);
  return "[" + list + "]";
}

std::string class_lines(const std::vector<ClassGuess>& classes) {
  const bool have_colors = std::any_of(classes.begin(), classes.end(), [](const auto& each) { return each.color; });
  if (!have_colors) {
    std::vector<std::string> names;
    for (const ClassGuess& each : classes) names.push_back(each.name);
    return "classes: " + list_of(names);
  }
  std::string lines = "classes:";
  for (const ClassGuess& each : classes) {
    lines += "\n      - {name: " + config::flow_yaml(each.name) +
             (each.color ? ", color: \"" + *each.color + "\"" : "") + "}";
  }
  return lines;
}

// A fifth is evaluated.
std::string division(int64_t seed) {
  return "split: {val: 0.2, seed: " + std::to_string(seed) +
         "}  # a fifth is evaluated; by file names, so that new files move no others.\n"
         "    #   group: \"(patient_\\\\d+)\" keeps together what shows the same";
}

void add_division(Guess& guess) {
  if (!guess.splits.empty()) return;
  guess.dataset.push_back(division(0));
  guess.assumptions.emplace_back(
      "there is no folder for each split: a fifth of the images, drawn by their names, is for "
      "evaluation");
}

void add_label_options(const Layout& layout, const LabelSurvey& survey, Guess& guess) {
  std::vector<std::string>& lines = guess.dataset;
  lines.emplace_back("# Put the right names in, in the order of the numbers.");
  lines.push_back(class_lines(survey.classes));
  if (survey.are_colors) lines.emplace_back("label_colors: true  # the labels are pictures in these colours");
  if (!survey.label_map.empty()) {
    std::string map;
    for (const auto& [number, label] : survey.label_map) {
      map += (map.empty() ? "" : ", ") + std::to_string(number) + ": " + std::to_string(label);
    }
    lines.push_back("label_map: {" + map + "}  # number in the files: class");
  }
  if (survey.tolerance) {
    lines.push_back("label_tolerance: " + std::to_string(*survey.tolerance) +
                    "  # what is so near counts as the same: JPEG, soft edges");
  }
  if (survey.scaled > 0 && survey.of_another_shape == 0) {
    lines.emplace_back("label_size: resize  # labels are in another size than their images");
    guess.assumptions.push_back(std::to_string(survey.scaled) + " of " + std::to_string(survey.compared) +
                                " labels have another size than their image: they are resized");
  }
  if (layout.images_alone + layout.labels_alone > 0) {
    guess.assumptions.push_back(std::to_string(layout.images_alone) + " images have no label and " +
                                std::to_string(layout.labels_alone) + " labels no image");
    const bool are_few = layout.images_alone + layout.labels_alone <= (layout.pairs + 4) / 5;
    if (are_few) lines.emplace_back("unpaired: skip  # some files have no partner");
  }
}

// Where each object has a mask of its own, one of them may have its image's name.
void require_most_paired(const Layout& layout, const fs::path& folder) {
  constexpr int64_t kFew = 3, kMany = 20;
  if (layout.pairs > kFew || layout.all < kMany) return;
  throw UsageError(folder.string() + ": of " + std::to_string(layout.all) + " images " + std::to_string(layout.pairs) +
                   " have a label of the same name, " + layout.images + " and " + layout.labels +
                   ". Where each object has a mask of its own, draw those of one image into one label");
}

// A pattern with its key. Throws where a folder or a file in it is called in a way that a pattern has no way for.
std::string pattern_line(const std::string& key, const std::string& pattern) {
  constexpr std::string_view kSplit = "{split}";
  std::string rest = pattern;
  for (size_t at = rest.find(kSplit); at != std::string::npos; at = rest.find(kSplit)) rest.erase(at, kSplit.size());
  if (rest.find_first_of("{}") != std::string::npos) {
    throw UsageError(
        "expected folders and files without { and } in their names, which mean something in a pipeline's "
        "patterns; found " +
        printable_line(pattern) + ": give them other names");
  }
  return key + ": " + config::quoted_yaml(pattern);
}

std::optional<Guess> guess_pairs(const fs::path& folder, const std::string& root) {
  const std::optional<Layout> layout = find_layout(folder);
  if (!layout) return std::nullopt;
  require_most_paired(*layout, folder);
  const LabelSurvey survey = survey_labels(layout->files, find_class_names(folder));
  if (survey.classes.empty()) return std::nullopt;
  Guess guess;
  guess.splits = layout->splits;
  guess.side = survey.side;
  guess.dataset = {"type: folder", "root: " + config::flow_yaml(root), pattern_line("images", layout->images),
                   pattern_line("labels", layout->labels) + "  # * is the same text as in images"};
  guess.assumptions.push_back(std::to_string(layout->pairs) + " images with labels: " + layout->images + " and " +
                              layout->labels);
  if (!layout->passed_over.empty()) {
    std::string others;
    for (const std::string& each : layout->passed_over) others += (others.empty() ? "" : ", ") + each;
    guess.assumptions.push_back("files of the same names are left: " + others);
  }
  add_division(guess);
  guess.assumptions.insert(guess.assumptions.end(), survey.assumptions.begin(), survey.assumptions.end());
  add_label_options(*layout, survey, guess);
  return guess;
}

std::optional<Guess> guess_coco(const fs::path& folder, const std::string& root) {
  const std::optional<CocoFiles> files = find_coco(folder);
  if (!files) return std::nullopt;
  Guess guess;
  guess.splits = files->splits;
  guess.dataset = {"type: coco", "root: " + config::flow_yaml(root), pattern_line("annotations", files->annotations),
                   pattern_line("images", files->images)};
  guess.assumptions.push_back("COCO's annotations in " + files->annotations + ", images in " + files->images +
                              "; all their categories are classes, behind a background");
  add_division(guess);
  if (files->lacks_images) {
    guess.dataset.emplace_back("missing: skip  # images that the file names and that are not there");
    guess.assumptions.emplace_back("some images that the annotations name are not there: they are left out");
  }
  guess.dataset.emplace_back(kAllCategories);
  return guess;
}

std::optional<Guess> guess_labelme(const fs::path& folder, const std::string& root) {
  const std::optional<LabelmeFiles> files = find_labelme(folder);
  if (!files || files->labels.empty()) return std::nullopt;
  Guess guess;
  guess.splits = files->splits;
  guess.dataset = {"type: labelme", "root: " + config::flow_yaml(root),
                   pattern_line("annotations", files->annotations)};
  guess.assumptions.push_back(std::to_string(files->files) + " files of labelme, " + files->annotations +
                              "; their labels are classes, behind a background");
  add_division(guess);
  guess.dataset.push_back("classes: " + list_of(files->labels));
  return guess;
}

std::optional<Guess> guess_class_masks(const fs::path& folder, const std::string& root) {
  const std::optional<ClassMasks> masks = find_class_masks(folder);
  if (!masks) return std::nullopt;
  Guess guess;
  guess.is_independent = true;
  guess.splits = masks->splits;
  guess.dataset = {"type: folder", "root: " + config::flow_yaml(root), "images: " + config::quoted_yaml(masks->images),
                   "labels: " + config::quoted_yaml(masks->labels) + "  # a mask for each class, of the image's name"};
  guess.assumptions.push_back(std::to_string(masks->pairs) + " images with a mask for each class, " + masks->labels +
                              ": a pixel may be of several classes, or of none (model.outputs: independent)");
  add_division(guess);
  guess.dataset.push_back("classes: " + list_of(masks->classes));
  if (masks->are_smeared) {
    guess.dataset.emplace_back("label_tolerance: 127  # masks are JPEG, or have soft edges: the nearer value counts");
  }
  if (masks->images_alone > 0) {
    guess.assumptions.push_back(std::to_string(masks->images_alone) + " images have no mask of any class");
    if (masks->images_alone <= (masks->pairs + 4) / 5)
      guess.dataset.emplace_back("unpaired: skip  # these images are left out");
  }
  return guess;
}

Guess guess_dataset(const fs::path& folder, const std::string& root) {
  for (const auto& look : {guess_coco, guess_labelme, guess_class_masks, guess_pairs}) {
    if (std::optional<Guess> guess = look(folder, root)) return std::move(*guess);
  }
  const std::vector<file::Seen> seen = file::find_files(folder, "**/*");
  const auto images =
      std::count_if(seen.begin(), seen.end(), [](const auto& each) { return each.kind == SS_FILE_FOUND; });
  std::string others;
  for (const std::string& line : bystanders(folder)) others += "\n  " + line;
  throw UsageError(folder.string() + ": expected images with a label of the same name each (images/a.jpg and " +
                   "labels/a.png, or a.jpg and a_mask.png), COCO's JSON or labelme's; found " + std::to_string(images) +
                   " images, of which no two kinds that can be read have the same names" + others);
}

std::string dataset_lines(const Guess& guess) {
  std::string text;
  for (const std::string& line : guess.dataset) text += "    " + line + "\n";
  return text;
}

std::string split_line(const std::string& word, const std::string& usual) {
  return word == usual ? "" : "    split: " + config::flow_yaml(word) + "\n";
}

std::string yaml_of(const Guess& guess, const std::string& name) {
  const std::string train = guess.splits.empty() ? "train" : word_for_training(guess.splits);
  const std::string evaluate = guess.splits.empty() ? "val" : word_for_evaluation(guess.splits);
  const int64_t side = std::min<int64_t>(guess.side, 320);
  const int64_t crop_side = std::min<int64_t>(config::default_crop(side), 256);
  const std::string crop = to_string(config::Size{crop_side, crop_side}),
                    size = to_string(config::Size{side, 4 * side});
  return "# Written by `sshost new`: see that it is right, above all the classes.\n"
         "#   sshost data preview " +
         name +
         "   draws what training sees\n"
         "#   sshost data doctor " +
         name +
         "    reads all files and says what is wrong\n"
         "#   sshost run " +
         name +
         "            trains, evaluates, and writes a report\n"
         "# `sshost plugins describe pipeline` explains every key, `sshost plugins describe folder` those of a data "
         "set.\n"
         "run: [train, evaluate]\n"
         "seed: 1\n\n"
         "data:\n"
         "  dataset:\n" +
         dataset_lines(guess) + "  train:\n" + split_line(train, "train") +
         "    transforms:\n"
         "      # The shorter side becomes " +
         std::to_string(side) +
         " pixels, times a random factor. Larger ones show more, and take longer.\n"
         "      - {type: resize, size: " +
         size +
         ", scale_range: [0.75, 1.5]}\n"
         "      - {type: random_crop, size: " +
         crop +
         "}\n"
         "      - {type: random_flip}\n"
         "      - {type: photometric_distortion}\n"
         "      - {type: normalize}\n"
         "      - {type: pad, size: " +
         crop +
         "}\n"
         "  evaluate:\n" +
         split_line(evaluate, "val") +
         "    transforms:\n"
         "      - {type: resize, size: " +
         size +
         "}\n"
         "      - {type: normalize}\n\n"
         "# Small enough for a processor. On a GPU, or with more time: depth: 50, output_stride: 8, channels: 512.\n"
         "model:\n" +
         (guess.is_independent ? "  outputs: independent  # each class says by itself whether a pixel is of it\n"
                               : "") +
         "  backbone:\n"
         "    type: resnet\n"
         "    depth: 18\n"
         "    output_stride: 16\n"
         "    # Weights that were trained on ImageNet are worth more than any other setting (torchvision's resnet18):\n"
         "    # weights: resnet18.pth\n"
         "  features: {indices: [1, 2, 3]}\n"
         "  head: {type: aspp, dilations: [1, 6, 12, 18], channels: 128}\n" +
         (guess.is_independent
              ? ""
              : "  memory: {type: mcibi, channels: 128, transform_channels: 64, out_channels: 128}\n") +
         "  auxiliary:\n"
         "    - {type: fcn, feature: -2, channels: 64, convolutions: 1, loss_weight: 0.4}\n\n"
         "train:\n"
         "  steps: 1000\n" +
         kBatchSize +
         "  optimizer: {type: sgd, lr: 0.02, momentum: 0.9, weight_decay: 5e-4}\n"
         "  schedule: {type: poly, power: 0.9}\n"
         "  evaluate_every: 250\n"
         "  keep_best: 1\n";
}

}  // namespace

void Draft::set_seed(int64_t seed) { replace(division(0), division(seed)); }

void Draft::set_batch_size(int64_t size) { replace(kBatchSize, "  batch_size: " + std::to_string(size) + "\n"); }

void Draft::set_classes(const std::vector<std::string>& names) {
  replace(kAllCategories, "classes: " + list_of(names) + "  # one list: the files number them in different ways");
}

void Draft::replace(const std::string& from, const std::string& to) {
  const size_t at = yaml.find(from);
  if (at != std::string::npos) yaml.replace(at, from.size(), to);
}

Draft draft_pipeline(const fs::path& folder, const std::string& root, const std::string& file) {
  Guess guess = guess_dataset(folder, root);
  if (!guess.splits.empty()) {
    const std::string train = word_for_training(guess.splits), evaluate = word_for_evaluation(guess.splits);
    if (train.empty() || evaluate.empty()) {
      throw UsageError(folder.string() +
                       ": expected a folder to train with and one to evaluate, such as train and val; "
                       "found " +
                       list_of(guess.splits));
    }
    guess.assumptions.push_back("split " + train + " is trained with, " + evaluate + " is evaluated");
  }
  return {yaml_of(guess, file), std::move(guess.assumptions)};
}

}  // namespace sshost::draft
