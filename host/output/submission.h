#ifndef SSHOST_OUTPUT_SUBMISSION_H
#define SSHOST_OUTPUT_SUBMISSION_H

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "output/prediction_writer.h"

namespace sshost::output {

// What the server of a benchmark takes: a folder to be packed into one archive.

// The pixel-level task of Cityscapes (cityscapes-dataset.com/submit; the scripts' evalPixelLevelSemanticLabeling.py):
// grey PNGs of the images' size with label ids, not train ids, found by "<city>_<sequence>_<frame>*.png". All files lie
// in the one folder, named <city>_<sequence>_<frame>_labelIds.png.
class CityscapesSubmission final : public PredictionFormat {
 public:
  // Classes are told by their names. Throws UsageError where one is no class of Cityscapes.
  CityscapesSubmission(std::filesystem::path folder, const std::vector<data::Class>& classes);

  // Throws UsageError where the id does not end in <city>_<6 digits>_<6 digits>, with or without "_leftImg8bit".
  void write(const PredictedImage& image) override;
  static std::string name_of(const std::string& id);  // of the image's file in the folder

 private:
  std::filesystem::path folder_;
  at::Tensor label_ids_;  // int64 [classes]
};

// Scene parsing on ADE20K (sceneparsing.csail.mit.edu; its development kit's README): grey PNGs of the images' size and
// name, such as ADE_test_00000001.png, with 1 to 150 for the classes in their order; 0 would be what is no class.
class Ade20kSubmission final : public PredictionFormat {
 public:
  // Throws UsageError where there are not 150 classes.
  Ade20kSubmission(std::filesystem::path folder, const std::vector<data::Class>& classes);
  void write(const PredictedImage& image) override;
  static std::string name_of(const std::string& id);  // of the image's file in the folder

 private:
  std::filesystem::path folder_;
};

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_SUBMISSION_H
