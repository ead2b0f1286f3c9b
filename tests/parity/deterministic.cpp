#include "parity/deterministic.h"

#include <ATen/ops/from_blob.h>

#include <cmath>
#include <functional>
#include <string>

namespace sshost::parity {
namespace {

std::uint64_t fnv1a64(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return hash;
}

std::uint64_t splitmix64(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

// What a tensor's value is, as a function of u in [0, 1).
std::function<double(double)> range_of(std::string_view name, at::IntArrayRef sizes, double gain) {
  const std::string_view part = name.substr(name.rfind('.') + 1);
  if (part == "num_batches_tracked") return [](double) { return 0.0; };
  if (part == "running_mean") return [](double u) { return (u - 0.5) * 0.2; };
  if (part == "running_var") return [](double u) { return 0.5 + u; };
  if (part == "pos_embed" || part == "cls_token") return [](double u) { return (u - 0.5) * 0.04; };
  if (part == "memory" && sizes.back() == 2) return [](double u) { return u; };
  if (part == "memory") return [](double u) { return (u - 0.5) * 2; };
  if (sizes.size() >= 2) {
    const double fan_in = static_cast<double>(c10::multiply_integers(sizes.slice(1)));
    return [bound = std::sqrt(gain / fan_in)](double u) { return (2 * u - 1) * bound; };
  }
  if (part == "weight") return [](double u) { return 0.5 + 0.5 * u; };
  return [](double u) { return (u - 0.5) * 0.2; };
}

at::Tensor tensor_of(std::string_view name, at::IntArrayRef sizes, std::uint64_t seed,
                     const std::function<double(double)>& range) {
  std::vector<float> values;
  for (const double u : uniform_sequence(name, seed, c10::multiply_integers(sizes))) {
    values.push_back(static_cast<float>(range(u)));
  }
  return at::from_blob(values.data(), sizes, at::kFloat).clone();
}

}  // namespace

std::vector<double> uniform_sequence(std::string_view name, std::uint64_t seed, std::int64_t count) {
  const std::uint64_t start = fnv1a64(name) ^ seed;
  std::vector<double> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t z = splitmix64(start + (i + 1) * 0x9E3779B97F4A7C15);
    values[i] = static_cast<double>(z >> 40) / 16777216.0;
  }
  return values;
}

at::Tensor deterministic_state(std::string_view name, at::IntArrayRef sizes, std::uint64_t seed, double gain) {
  return tensor_of(name, sizes, seed, range_of(name, sizes, gain));
}

at::Tensor deterministic_image(std::string_view name, at::IntArrayRef sizes, std::uint64_t seed) {
  return tensor_of(name, sizes, seed, [](double u) { return u * 4 - 2; });
}

}  // namespace sshost::parity
