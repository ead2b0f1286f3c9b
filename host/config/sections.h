#ifndef SSHOST_CONFIG_SECTIONS_H
#define SSHOST_CONFIG_SECTIONS_H

#include "config/pipeline.h"
#include "config/schema.h"
#include "config/section.h"

namespace sshost::config {

// What stands for a `loss`.
inline constexpr const char* kDefaultLoss = "cross_entropy";
inline constexpr const char* kIndependentLoss = "bce";
inline constexpr const char* kDefaultLosses = "[{type: cross_entropy}]";

// Every key of a pipeline but `extends`. Maps with a `type`, whose options depend on it, are opaque in it.
const Section<Pipeline>& pipeline_section();

// The host's own keys beside a component's options: of an auxiliary head, and what a map of `weights` holds.
const Section<AuxiliaryConfig>& auxiliary_section();
const Section<WeightsConfig>& weights_section();

// Their schemas.
const Schema& pipeline_schema();
const Schema& auxiliary_schema();
const Schema& weights_schema();

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_SECTIONS_H
