#ifndef SSHOST_OUTPUT_SUBMISSION_H
#define SSHOST_OUTPUT_SUBMISSION_H

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "data/submission.h"
#include "output/prediction_writer.h"

namespace sshost::output {

// What the server of a benchmark takes, as a data set's plugin lays it out: a folder to be packed into one archive.
class SubmissionFormat final : public PredictionFormat {
 public:
  // Into a folder of the layout's name in `folder`. Throws UsageError where these are not the benchmark's classes.
  SubmissionFormat(data::Submission layout, const std::filesystem::path& folder,
                   const std::vector<data::Class>& classes);

  // Throws UsageError where the benchmark has no file for the image.
  void write(const PredictedImage& image) override;

 private:
  data::Submission layout_;
  std::filesystem::path folder_;
  at::Tensor values_;  // int64 [classes]
};

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_SUBMISSION_H
