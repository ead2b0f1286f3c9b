#ifndef SSHOST_MEASURE_ONE_IMAGE_H
#define SSHOST_MEASURE_ONE_IMAGE_H

#include <optional>
#include <string>

#include "config/pipeline.h"
#include "run/model.h"

namespace sshost::measure {

// Why the model cannot be trained with one image at a time though it can with two: a batch norm behind a global pooling
// has one value then. Nothing where it can. Found out by steps on small images of noise; the model is trained by them.
std::optional<std::string> reason_against_one_image(run::Model& model, const config::TrainConfig& config);

}  // namespace sshost::measure

#endif  // SSHOST_MEASURE_ONE_IMAGE_H
