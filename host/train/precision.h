#ifndef SSHOST_TRAIN_PRECISION_H
#define SSHOST_TRAIN_PRECISION_H

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <optional>
#include <string>

namespace sshost::train {

// What the forward of a training is computed in by automatic mixed precision (model::StepOptions::autocast); nothing
// for "float32". `precision` is the pipeline's train.precision: throws ValueError where the device has no gradients in
// it.
std::optional<at::ScalarType> autocast_of(const std::string& precision, at::Device device);

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_PRECISION_H
