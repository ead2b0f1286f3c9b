#ifndef SSHOST_DRAFT_LAYOUT_H
#define SSHOST_DRAFT_LAYOUT_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sshost::draft {

// Where the images of a folder and their labels lie, as patterns below it.
struct Layout {
  std::string images;
  std::string labels;
  std::vector<std::string>
      splits;  // the words for {split}: train, val, test or what they are called; empty: no {split}
  int64_t pairs = 0;
  int64_t all = 0;           // files in the folder that are images, labels among them
  int64_t images_alone = 0;  // without a label
  int64_t labels_alone = 0;
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> files;  // image and label, all of them
  std::vector<std::string>
      passed_over;  // folders (or endings of names) with files of the same names, which may be meant
};

// The layout that pairs most images; of several, the one whose names speak for it: photographs before pictures with the
// labels painted on them, classes before instances. Nothing where there are no two kinds of files with the same names.
std::optional<Layout> find_layout(const std::filesystem::path& folder);

// "images/train/x" with the word for a split replaced: "images/{split}/x" and "train".
struct WithoutSplit {
  std::string path;
  std::string split;  // empty: there was none
};
WithoutSplit without_split(const std::string& path);

// Of the words for splits, the one for "train", "val" and so on; empty where there is none.
std::string word_for_training(const std::vector<std::string>& splits);
std::string word_for_evaluation(const std::vector<std::string>& splits);

}  // namespace sshost::draft

#endif  // SSHOST_DRAFT_LAYOUT_H
