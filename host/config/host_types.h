#ifndef SSHOST_CONFIG_HOST_TYPES_H
#define SSHOST_CONFIG_HOST_TYPES_H

#include <span>
#include <string>
#include <string_view>

#include "config/option_value.h"
#include "config/problems.h"
#include "config/schema.h"

namespace sshost::config {

// A type that the host itself offers where the pipeline says `type:`, with its options.
struct HostType {
  std::string name;
  std::string text;
  Schema schema;
  // What a schema cannot say, such as the length of a pair; nullptr: nothing.
  void (*check)(const ss_options_object& options, const std::string& key_path, Problems& problems) = nullptr;
};

// Data transforms: resize, random_crop, random_flip, random_rotation, photometric_distortion, normalize, pad.
std::span<const HostType> transform_types();

// Losses: cross_entropy, bce, focal, kl, dice, tversky, lovasz.
std::span<const HostType> loss_types();

// The names of those that outputs of this kind can have.
std::vector<std::string> losses_for(bool independent);

// Optimisers: sgd, adamw.
std::span<const HostType> optimizer_types();

// Learning rate schedules: poly, cosine, step, constant.
std::span<const HostType> schedule_types();

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_HOST_TYPES_H
