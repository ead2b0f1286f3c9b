#include "parity/deterministic.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <cmath>

namespace sshost::parity {
namespace {

constexpr int64_t kElementsOfATask = 1 << 16;

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

// Number `index` of the sequence, in [0, 1).
double uniform(std::uint64_t start, std::uint64_t index) {
  return static_cast<double>(splitmix64(start + (index + 1) * 0x9E3779B97F4A7C15) >> 40) / 16777216.0;
}

// `range` turns u in [0, 1) into a value. A template, since the largest models have 300 million of them.
template <typename Range>
at::Tensor filled(std::string_view name, at::IntArrayRef sizes, std::uint64_t seed, Range range) {
  const at::Tensor tensor = at::empty(sizes, at::kFloat);
  float* values = tensor.mutable_data_ptr<float>();
  const std::uint64_t start = fnv1a64(name) ^ seed;
  at::parallel_for(0, tensor.numel(), kElementsOfATask, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      values[i] = static_cast<float>(range(uniform(start, static_cast<std::uint64_t>(i))));
    }
  });
  return tensor;
}

}  // namespace

at::Tensor deterministic_state(std::string_view name, at::IntArrayRef sizes, std::uint64_t seed, double gain) {
  const auto fill = [&](auto range) { return filled(name, sizes, seed, range); };
  const std::string_view part = name.substr(name.rfind('.') + 1);
  if (part == "running_mean") return fill([](double u) { return (u - 0.5) * 0.2; });
  if (part == "running_var") return fill([](double u) { return 0.5 + u; });
  if (part == "pos_embed" || part == "cls_token") return fill([](double u) { return (u - 0.5) * 0.04; });
  if (part == "memory" && sizes.back() == 2) return fill([](double u) { return u; });
  if (part == "memory") return fill([](double u) { return (u - 0.5) * 2; });
  if (sizes.size() >= 2) {
    const double fan_in = static_cast<double>(c10::multiply_integers(sizes.slice(1)));
    return fill([bound = std::sqrt(gain / fan_in)](double u) { return (2 * u - 1) * bound; });
  }
  if (part == "weight") return fill([](double u) { return 0.5 + 0.5 * u; });
  return fill([](double u) { return (u - 0.5) * 0.2; });
}

at::Tensor deterministic_image(std::string_view name, at::IntArrayRef sizes, std::uint64_t seed) {
  return filled(name, sizes, seed, [](double u) { return u * 4 - 2; });
}

}  // namespace sshost::parity
