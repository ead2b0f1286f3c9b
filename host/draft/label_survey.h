#ifndef SSHOST_DRAFT_LABEL_SURVEY_H
#define SSHOST_DRAFT_LABEL_SURVEY_H

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/true_values.h"
#include "draft/class_names.h"

namespace sshost::draft {

// Few values in large areas, and no photograph. False where it cannot be read.
bool looks_like_labels(const std::filesystem::path& path);

struct ClassGuess {
  std::string name;
  std::optional<std::string> color;
};

// What the files of labels hold, and what it may stand for.
struct LabelSurvey {
  std::vector<ClassGuess> classes;
  std::map<int32_t, int32_t> label_map;  // empty: the numbers are the classes
  bool are_colors = false;
  std::optional<int64_t> tolerance;  // where files are lossy, or edges soft
  int64_t read = 0;                  // files
  int64_t compared = 0;              // with their images
  int64_t scaled = 0;                // of another size than their image, but of its shape
  int64_t of_another_shape = 0;
  int64_t side = 0;                      // the median of the images' shorter sides
  std::vector<std::string> assumptions;  // for people, a line each
};

// Looks at the labels of all pairs, as far as some seconds go, and at the sizes of some hundred images. `names` are
// those of the classes, where a list of them is there. Throws UsageError where the labels hold one value alone.
LabelSurvey survey_labels(const std::vector<std::pair<std::filesystem::path, std::filesystem::path>>& pairs,
                          const ClassNames& names);

}  // namespace sshost::draft

#endif  // SSHOST_DRAFT_LABEL_SURVEY_H
