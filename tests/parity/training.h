// Fixtures of training steps.
#ifndef SSHOST_TESTS_PARITY_TRAINING_H
#define SSHOST_TESTS_PARITY_TRAINING_H

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "parity/difference.h"
#include "parity/fixture.h"
#include "run/model.h"

namespace sshost::parity {

// Relative deviations that the reference's README allows.
struct TrainingTolerance {
  double losses;
  double memory;
  double gradient_norms;
};

// One step of `X.train.json`, beside what was found.
struct TrainingDifference {
  std::map<std::string, double> losses;  // by the fixture's name, relative
  double largest_loss = 0;               // of them
  std::optional<Difference> memory;      // after the step; empty where the model has none
  double gradient_norms = 0;             // the largest relative deviation
  std::string worst_gradient;            // of which parameter
  TrainingTolerance tolerance = {};

  bool within() const;
};

struct TrainingDifferences {
  std::vector<TrainingDifference> steps;
  std::optional<double>
      final_state;          // the largest deviation of a tensor's sum or norm after the last step, of its norm
  std::string worst_state;  // of which tensor
  double final_tolerance = 0;

  bool within() const;
};

// The same fixture's steps twice over.
struct TrainingRun {
  TrainingDifferences own;     // of `model`, each step from the one before
  TrainingDifferences single;  // of `single`, each step from the state of `model`; without steps where there is none
};

// The fixture's SGD steps on deterministic images, with the labels of the file and no dropout. The state is filled
// first, a memory of representations with zeros.
//
// `model` is in float64 and takes one step after the other. Where `single`, a float32 copy of it, is given, its steps
// are compared too, each from the state that `model` has reached: the first steps' gradients have norms of thousands
// and move some weights by several times their norm, which multiplies rounding by four orders of magnitude and more. A
// float32 run of its own soon has little to do with a float64 one, in the published implementation as here.
TrainingRun run_training(run::Model& model, run::Model* single, const Fixture& fixture);

}  // namespace sshost::parity

#endif  // SSHOST_TESTS_PARITY_TRAINING_H
