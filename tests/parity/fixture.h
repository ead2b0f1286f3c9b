// The published implementation's numbers for one input, and how far this implementation is from them.
#ifndef SSHOST_TESTS_PARITY_FIXTURE_H
#define SSHOST_TESTS_PARITY_FIXTURE_H

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/session.h"
#include "model/segmentor.h"
#include "model/state_store.h"

namespace sshost::parity {

// Fills every persistent entry of the model by the rule of deterministic.h, under its name in the published checkpoint.
// Throws Error where an entry has none.
void fill_by_published_names(const model::Segmentor& segmentor, model::StateStore& store, std::uint64_t seed,
                             double gain);

// Of the logits or the memory that the fixture holds.
std::int64_t classes_of(const std::filesystem::path& fixture);

struct Difference {
  double max_absolute = 0;    // the largest deviation of an element
  double relative = 0;        // the same, as a part of the largest expected element
  bool argmax_equal = false;  // over axis 1
};

Difference compare(const at::Tensor& found, const at::Tensor& expected);

// `forward/X.safetensors`: the logits of one deterministic image, in inference.
Difference run_forward(const model::Segmentor& segmentor, model::StateStore& store,
                       const std::filesystem::path& fixture);

// One step of `train/X.train.json`, beside what was found: the relative deviation of each quantity.
struct TrainingDifference {
  std::map<std::string, double> losses;
  double memory = 0;           // the largest deviation, as a part of the largest element
  double gradient_norms = 0;   // the largest relative deviation
  std::string worst_gradient;  // of which parameter
};

struct TrainingDifferences {
  std::vector<TrainingDifference> steps;        // of the model, step after step
  std::vector<TrainingDifference> from_states;  // of `single`, each step started from the model's state
};

// `train/X.train.safetensors` with X.train.json beside it: SGD steps on deterministic images with the labels of the file.
//
// The first step moves some weights by several times their norm, so rounding grows by four orders of magnitude for the
// losses and more for the memory: a float32 run of its own soon has little to do with a float64 one. `single`, a float32
// copy of the same model, shows what float32 arithmetic does to each step by itself.
TrainingDifferences run_training(engine::Model& model, engine::Model& single, const std::filesystem::path& fixture);

}  // namespace sshost::parity

#endif  // SSHOST_TESTS_PARITY_FIXTURE_H
