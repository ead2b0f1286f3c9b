#ifndef SSHOST_STATE_QUANTISATION_H
#define SSHOST_STATE_QUANTISATION_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sshost::state {

// How an activation is held in 8 bits: value = scale * (code - zero_point), codes from 0 to 255.
struct Codes {
  double scale = 1;  // above 0
  int64_t zero_point = 0;

  bool operator==(const Codes&) const = default;
};

// A convolution that multiplies 8-bit activations with 8-bit weights.
struct QuantisedConv {
  Codes input;                       // of all inputs that it convolves at their first one's size
  std::optional<Codes> output = {};  // all who read it are such convolutions, and get codes; nothing: float32
};

// How a model runs in int8: found on images by `sshost quantize`, kept in its checkpoint. Weights have one scale for
// each output channel, which follows from their values. What is not named here runs in float32.
struct Quantisation {
  std::map<std::string, QuantisedConv> convs;  // by the names of their weights
  std::map<std::string, std::string> kept;     // other convolutions that ran: why they stay in float32
  std::string ranges = {};                     // how the activations' ranges were found: "percentile 99.99", "mse"
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_QUANTISATION_H
