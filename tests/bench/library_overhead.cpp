// What a call of libsshost costs beside the network: the time of a prediction by a network that does next to nothing,
// as a part of the time by MODEL, in turn on the same 512x512 pixels. The small network's own work is in it: a bound
// from above.
//   build/release/bin/bench_library_overhead MODEL SMALL_MODEL
#include <sshost/api.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include "bench/paired.h"

namespace sshost::bench {
namespace {

constexpr int64_t kSize = 512;
constexpr int kRounds = 9;

std::vector<uint8_t> noise() {
  std::mt19937 random(0);
  std::vector<uint8_t> pixels(kSize * kSize * 3);
  for (uint8_t& value : pixels) value = static_cast<uint8_t>(random());
  return pixels;
}

int compare(const std::string& large, const std::string& small) {
  const Model model(large), bare(small);
  const std::vector<uint8_t> pixels = noise();
  const Image image = Image::rgb(pixels.data(), kSize, kSize);
  const PairedTimes times = time_in_pairs(
      kRounds, [&] { (void)bare.predict(image); }, [&] { (void)model.predict(image); });
  std::printf("%-20s %8.2f ms\n", "the small network", 1e3 * times.first);
  std::printf("%-20s %8.2f ms\n", "the model", 1e3 * times.second);
  std::printf("%-20s %8.2f %%\n", "at most", 100 * times.ratio);
  return 0;
}

}  // namespace
}  // namespace sshost::bench

int main(int count, char** arguments) try {
  if (count == 3) return sshost::bench::compare(arguments[1], arguments[2]);
  std::fprintf(stderr, "usage: bench_library_overhead MODEL SMALL_MODEL\n");
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_library_overhead: %s\n", error.what());
  return 1;
}
