#ifndef SSHOST_DRAFT_ANNOTATION_FILES_H
#define SSHOST_DRAFT_ANNOTATION_FILES_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sshost::draft {

// JSON files of COCO's "instances", and the folder of their images, as patterns below the folder.
struct CocoFiles {
  std::string annotations;
  std::string images;
  std::vector<std::string> splits;  // the words for {split}; empty: one file
  bool lacks_images = false;        // they name some that are not there
};
std::optional<CocoFiles> find_coco(const std::filesystem::path& folder);

// The JSON files of labelme.
struct LabelmeFiles {
  std::string annotations;
  std::vector<std::string> splits;
  std::vector<std::string> labels;  // that were drawn, sorted
  int64_t files = 0;
};
std::optional<LabelmeFiles> find_labelme(const std::filesystem::path& folder);

}  // namespace sshost::draft

#endif  // SSHOST_DRAFT_ANNOTATION_FILES_H
