#ifndef SSHOST_OUTPUT_COCO_PREDICTIONS_H
#define SSHOST_OUTPUT_COCO_PREDICTIONS_H

#include <filesystem>
#include <optional>
#include <utility>

#include "file/atomic_file.h"
#include "output/prediction_writer.h"

namespace sshost::output {

// <folder>/coco.json, in the form of COCO's results (cocodataset.org/#format-results): a list with an element
// {"image_id", "category_id", "segmentation": {"size": [h, w], "counts": compressed run lengths}} for each class of
// each image. "category_id" is the class's number, from 0 on. "image_id" is the number that COCO's file names end with
// ("000000000139", "COCO_val2014_000000000139" -> 139), and otherwise the image's id as text.
class CocoPredictions final : public PredictionFormat {
 public:
  explicit CocoPredictions(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void write(const PredictedImage& image) override;
  void finish() override;

 private:
  void begin();

  std::filesystem::path folder_;
  std::optional<file::AtomicFile> file_;  // from the first image on
  bool is_first_ = true;
};

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_COCO_PREDICTIONS_H
