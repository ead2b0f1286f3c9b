// What stands for `transforms` where a pipeline gives none.
#ifndef SSHOST_CONFIG_DEFAULT_TRANSFORMS_H
#define SSHOST_CONFIG_DEFAULT_TRANSFORMS_H

#include <cstdint>
#include <string>

#include "config/pipeline.h"

namespace sshost::config {

// Images are brought to this at most.
inline constexpr std::int64_t kDefaultShorterSide = 512;

// Of the crops, for images with this shorter side: a multiple of 32 within it and kDefaultShorterSide, 32 at least.
std::int64_t default_crop(std::int64_t shorter_side);

// YAML: random scale around this shorter side (kDefaultShorterSide at most), crop, flip, colours, normalise, pad.
std::string default_train_transforms(std::int64_t shorter_side);

// YAML: normalise; `resizes`: behind the scale that training has, so that the model sees things as large as there.
std::string default_evaluate_transforms(std::int64_t shorter_side, bool resizes);

// Replaces those that `pipeline` does not give by those, of `types`, for its data set's images. Those of evaluation follow the
// training's: they stay where the pipeline gives these.
void fit_default_transforms(Pipeline& pipeline, const HostTypes& types, std::int64_t shorter_side, bool resizes);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_DEFAULT_TRANSFORMS_H
