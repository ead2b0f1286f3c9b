// Stripes of three classes, and what its benchmark takes: a folder for each sequence, 16 bits, numbers of its own.
#include <sshost/dataset.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace {

constexpr int64_t kSide = 32;

struct StripesOptions {
  int64_t frames = 4;
};

class Stripes final : public ss::Dataset {
 public:
  static ss::Schema<StripesOptions> schema() {
    return {{"frames", &StripesOptions::frames, "how many images", ss::at_least(1)}};
  }
  static std::vector<ss::SubmissionLayout> submissions() {
    return {{"stripes", "what the server of stripes takes: 1000 and more, a folder for each sequence",
             ss::values_by_name("stripes", {{"red", 1000}, {"green", 2000}, {"blue", 65535}}),
             [](std::string_view id) { return std::string(id) + "_result.png"; }, SS_SUBMISSION_PNG16}};
  }

  Stripes(const StripesOptions& options, const std::string&)
      : Dataset({{"red", {255, 0, 0}}, {"green", {0, 255, 0}}, {"blue", {0, 0, 255}}}, 255) {
    std::vector<ss::SampleInfo> samples;
    for (int64_t i = 0; i < options.frames; ++i) samples.push_back({"sequence/" + std::to_string(i), "", ""});
    set_samples(std::move(samples));
  }

  void read(int64_t, ss::Random&, ss::Sink& sink) const override {
    uint8_t* image = sink.image(kSide, kSide);
    uint8_t* label = sink.label(kSide, kSide);
    for (int64_t i = 0; i < kSide * kSide; ++i) {
      label[i] = static_cast<uint8_t>(i % kSide * 3 / kSide);
      for (int64_t channel = 0; channel < 3; ++channel) image[3 * i + channel] = channel == label[i] ? 255 : 0;
    }
  }
};

}  // namespace

SSHOST_PLUGIN("somebody_elses_benchmark", "0.1.0",
              ss::dataset<Stripes, StripesOptions>("stripes", "stripes of three colours"))
