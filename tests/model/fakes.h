// Components written as bare tables of functions, with LibTorch inside instead of a plugin around them. Their options
// say how they misbehave.
#ifndef SSHOST_TESTS_MODEL_FAKES_H
#define SSHOST_TESTS_MODEL_FAKES_H

#include <string>
#include <vector>

#include "config/pipeline.h"
#include "plugin/registry.h"

namespace sshost::test {

// What the fakes were called with, in order; emptied by each test.
std::vector<std::string>& calls();

// Backbone "fake": two 3x3/2 convolutions "first" and "second" of 4 and 8 channels, strides 2 and 4.
// Faults: create, none, null, channels, stride, forward.
// Head "fake": representation = 3x3 convolution "embed" to 6 channels of the last feature plus the mean of each named
// input (options: inputs); classifier = 1x1 convolution "classify". Faults: null, channels, classes, name, shape,
// target, twice, loss, both.
// Memory "fake": coarse = 1x1 convolution "coarse" of the last feature; buffer "memory" [classes, 8], at first 1;
// logits = 1x1 convolution "final" of softmax(coarse) memory, plus that of the context and the resized previous logits
// where there are any. Its update adds 1 to the memory. Predictions: "coarse" (weight 0.4), and after the update the
// ready loss "size" = sum(memory). Faults: logits, statistics.
plugin::Registry fake_registry();

config::ComponentConfig fake_config(const std::string& kind, const std::string& fault = "",
                                    const std::vector<std::string>& inputs = {});

// A backbone with a head; further parts are set on the result.
config::ModelConfig fake_model(const std::string& backbone_fault = "");

}  // namespace sshost::test

#endif  // SSHOST_TESTS_MODEL_FAKES_H
