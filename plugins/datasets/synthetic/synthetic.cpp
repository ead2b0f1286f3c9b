// Shapes on a textured background, made up as they are read: a data set without a download.
//
// Class 0 is the background, each further class is a kind of shape with a colour of its own; colours vary from shape to
// shape, so that neighbours in the list overlap, and light, texture and noise lie over everything. An image depends on
// the seed, the split and its index alone; no split contains an image of another.
#include <sshost/dataset.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "shapes.h"

namespace {

using synthetic::Kind;
using synthetic::kinds;

struct SyntheticOptions {
  int64_t width = 128;
  int64_t height = 96;
  int64_t classes = 6;
  int64_t train_samples = 256;
  int64_t evaluate_samples = 64;
  int64_t shapes = 6;
  double noise = 0.08;
  int64_t seed = 0;
};

// SplitMix64: the same numbers on every machine.
class Numbers {
 public:
  explicit Numbers(uint64_t state) : state_(state) {}

  uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  double between(double low, double high) { return low + static_cast<double>(next() >> 11) * 0x1.0p-53 * (high - low); }
  int64_t below(int64_t bound) { return static_cast<int64_t>(next() % static_cast<uint64_t>(bound)); }
  double bell(double deviation) {  // close to normal, never beyond 3.5 deviations
    const double sum = between(-1, 1) + between(-1, 1) + between(-1, 1) + between(-1, 1);
    return sum * deviation * std::numbers::sqrt3 / 2;
  }

 private:
  uint64_t state_;
};

using Tint = std::array<double, 3>;  // of red, green, blue, around 0..1

// A picture while it is painted.
struct Canvas {
  Canvas(int64_t w, int64_t h) : width(w), height(h), colors(static_cast<std::size_t>(w * h)), label(colors.size()) {}
  int64_t width;
  int64_t height;
  std::vector<Tint> colors;
  std::vector<uint8_t> label;
};

// A grey-ish colour with two waves of random direction over it.
void paint_background(Canvas& canvas, Numbers& random) {
  const double grey = random.between(0.25, 0.7);
  const Tint tint = {grey + random.bell(0.06), grey + random.bell(0.06), grey + random.bell(0.06)};
  std::array<std::array<double, 4>, 2> waves;  // frequency along x and y, phase, height
  for (auto& wave : waves) {
    wave = {random.between(-0.4, 0.4), random.between(-0.4, 0.4), random.between(0, 6.28), random.between(0.03, 0.12)};
  }
  std::size_t at = 0;
  for (int64_t y = 0; y < canvas.height; ++y) {
    for (int64_t x = 0; x < canvas.width; ++x, ++at) {
      double wave_sum = 0;
      for (const auto& [fx, fy, phase, size] : waves) {
        wave_sum += size * std::sin(fx * static_cast<double>(x) + fy * static_cast<double>(y) + phase);
      }
      for (std::size_t c = 0; c < 3; ++c) canvas.colors[at][c] = tint[c] + wave_sum;
    }
  }
}

// One shape of a random place, size, angle and variation of its class's colour, over what is there.
void paint_shape(Canvas& canvas, const Kind& kind, uint8_t label, Numbers& random) {
  const auto width = static_cast<double>(canvas.width);
  const auto height = static_cast<double>(canvas.height);
  const double radius = std::min(width, height) * random.between(0.12, 0.28);
  const double center_x = random.between(0, width);
  const double center_y = random.between(0, height);
  const double angle = random.between(0, 2 * std::numbers::pi);
  const double cosine = std::cos(angle) / radius;
  const double sine = std::sin(angle) / radius;
  Tint tint;
  for (std::size_t c = 0; c < 3; ++c) tint[c] = kind.color[c] / 255.0 + random.bell(0.1);

  std::size_t at = 0;
  for (int64_t y = 0; y < canvas.height; ++y) {
    for (int64_t x = 0; x < canvas.width; ++x, ++at) {
      const double dx = static_cast<double>(x) - center_x;
      const double dy = static_cast<double>(y) - center_y;
      const double u = cosine * dx + sine * dy;
      const double v = cosine * dy - sine * dx;
      if (!kind.covers(u, v)) continue;
      for (std::size_t c = 0; c < 3; ++c) canvas.colors[at][c] = tint[c] * kind.shade(u, v);
      canvas.label[at] = label;
    }
  }
}

// Light that falls off across the picture, and noise; then 8 bits.
void develop(const Canvas& canvas, double noise, Numbers& random, uint8_t* image) {
  const double left = random.between(0.75, 1.15);
  const double right = random.between(0.75, 1.15);
  std::size_t at = 0;
  for (int64_t y = 0; y < canvas.height; ++y) {
    for (int64_t x = 0; x < canvas.width; ++x, ++at) {
      const double light = left + (right - left) * static_cast<double>(x) / static_cast<double>(canvas.width);
      for (const double color : canvas.colors[at]) {
        const double value = 255 * (color * light + random.bell(noise));
        *image++ = static_cast<uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
      }
    }
  }
}

std::vector<ss::ClassInfo> make_classes(int64_t count) {
  std::vector<ss::ClassInfo> classes = {{"background", {0, 0, 0}, {}}};
  for (const Kind& kind : kinds().first(static_cast<std::size_t>(count - 1))) {
    classes.push_back({kind.name, kind.color, {}});
  }
  return classes;
}

class Synthetic final : public ss::Dataset {
 public:
  static ss::Schema<SyntheticOptions> schema() {
    return {{"width", &SyntheticOptions::width, "of an image, in pixels", ss::between(16, 8192)},
            {"height", &SyntheticOptions::height, "of an image, in pixels", ss::between(16, 8192)},
            {"classes", &SyntheticOptions::classes, "the background counts as one",
             ss::between(2, static_cast<double>(kinds().size() + 1))},
            {"train_samples", &SyntheticOptions::train_samples, "images of split train", ss::between(1, 1e7)},
            {"evaluate_samples", &SyntheticOptions::evaluate_samples, "images of split val, and of split test",
             ss::between(1, 1e7)},
            {"shapes", &SyntheticOptions::shapes, "at most so many in an image, at least one", ss::between(1, 1000)},
            {"noise", &SyntheticOptions::noise, "of each pixel: its deviation as a part of the brightest value",
             ss::between(0, 1)},
            {"seed", &SyntheticOptions::seed, "another one gives other images", ss::at_least(0)}};
  }

  Synthetic(const SyntheticOptions& options, const std::string& split)
      : ss::Dataset(make_classes(options.classes), 255), options_(options), seed_(seed_of(options, split)) {
    const int64_t count = split == "train" ? options.train_samples : options.evaluate_samples;
    std::vector<ss::SampleInfo> samples;
    for (int64_t index = 0; index < count; ++index) {
      samples.push_back({split + "_" + std::to_string(100000 + index).substr(1), "", ""});
    }
    set_samples(std::move(samples));
  }

  void read(int64_t index, ss::Random&, ss::Sink& sink) const override {
    Numbers random(seed_ + static_cast<uint64_t>(index) * 0xD1B54A32D192ED03U);
    Canvas canvas(options_.width, options_.height);
    paint_background(canvas, random);
    const int64_t count = 1 + random.below(options_.shapes);
    for (int64_t shape = 0; shape < count; ++shape) {
      const int64_t kind = random.below(options_.classes - 1);
      paint_shape(canvas, kinds()[static_cast<std::size_t>(kind)], static_cast<uint8_t>(kind + 1), random);
    }
    develop(canvas, options_.noise, random, sink.image(options_.height, options_.width));
    std::copy(canvas.label.begin(), canvas.label.end(), sink.label(options_.height, options_.width));
  }

 private:
  static uint64_t seed_of(const SyntheticOptions& options, const std::string& split) {
    const std::array<std::string_view, 3> splits = {"train", "val", "test"};
    const auto found = std::find(splits.begin(), splits.end(), split);
    if (found == splits.end()) throw ss::Error("split \"" + split + "\": expected train, val or test", SS_NOT_FOUND);
    Numbers numbers(static_cast<uint64_t>(options.seed) * splits.size() +
                    static_cast<uint64_t>(found - splits.begin()));
    return numbers.next();
  }

  SyntheticOptions options_;
  uint64_t seed_;
};

}  // namespace

SSHOST_PLUGIN("synthetic", "1.0.0",
              ss::dataset<Synthetic, SyntheticOptions>("synthetic", "shapes that are made up: nothing to download"))
