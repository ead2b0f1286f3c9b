#ifndef SSHOST_DRAFT_CLASS_MASKS_H
#define SSHOST_DRAFT_CLASS_MASKS_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sshost::draft {

// Masks of two values for each class, of which a pixel may have several, in folders or files that are named by the
// class: masks/cat/a.png and masks/dog/a.png, or a_cat.png and a_dog.png.
struct ClassMasks {
  std::string images;                // pattern below the folder
  std::string labels;                // likewise, with {class}
  std::vector<std::string> classes;  // sorted
  std::vector<std::string> splits;   // the words for {split}; empty: none
  int64_t pairs = 0;                 // images with a mask of any class
  int64_t images_alone = 0;          // without any
  bool are_smeared = false;          // JPEG, or soft edges
};

// Nothing where there are no two such classes, with masks of the same images.
std::optional<ClassMasks> find_class_masks(const std::filesystem::path& folder);

}  // namespace sshost::draft

#endif  // SSHOST_DRAFT_CLASS_MASKS_H
