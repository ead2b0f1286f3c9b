#ifndef SSHOST_REPORT_IMAGE_SCORES_H
#define SSHOST_REPORT_IMAGE_SCORES_H

#include <string>
#include <vector>

#include "report/report.h"

namespace sshost::report {

// A table with a line for each image, as spreadsheets and pandas read it (RFC 4180): "image,mean_iou,pixel_accuracy",
// scores in [0, 1]; one that is not defined is left empty.
std::string image_scores_csv(const std::vector<ImageRow>& images);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_IMAGE_SCORES_H
