#include "parity/prediction.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cstdlib>

#include "base/error.h"
#include "infer/inference.h"
#include "parity/deterministic.h"
#include "parity/published_state.h"

namespace sshost::parity {
namespace {

at::Tensor image_of(const Fixture& fixture) {
  return deterministic_image("input", {1, 3, fixture.integer("height"), fixture.integer("width")}, fixture.seed);
}

// The numbers in a text such as "(65, 97)" or "[0.75, 1.0]".
std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> numbers;
  for (const char* at = text.c_str(); *at != '\0';) {
    char* end = nullptr;
    const double number = std::strtod(at, &end);
    if (end != at) numbers.push_back(number);
    at = end != at ? end : at + 1;
  }
  return numbers;
}

std::array<std::int64_t, 2> pair_of(const Fixture& fixture, const std::string& key) {
  const std::vector<double> numbers = numbers_in(fixture.text(key));
  if (numbers.size() == 2) return {static_cast<std::int64_t>(numbers[0]), static_cast<std::int64_t>(numbers[1])};
  throw Error(fixture.path.string() + ": expected (height, width) as \"" + key + "\", found " + fixture.text(key));
}

bool is_true(const Fixture& fixture, const std::string& key) {
  const std::string& text = fixture.text(key);
  if (text == "True" || text == "true") return true;
  if (text == "False" || text == "false") return false;
  throw Error(fixture.path.string() + ": expected True or False as \"" + key + "\", found " + text);
}

config::EvaluateConfig evaluate_config_of(const Fixture& fixture, const config::EvaluateConfig& pipeline) {
  config::EvaluateConfig config;
  config.scales = numbers_in(fixture.text("scales"));
  config.flip = is_true(fixture, "flip");
  const bool tells_average = fixture.file.metadata.contains("softmax_before_resize");
  config.average_probabilities =
      tells_average ? is_true(fixture, "softmax_before_resize") : pipeline.average_probabilities;
  const std::string& mode = fixture.text("mode");
  if (mode == "slide") config.slide = config::SlideConfig{pair_of(fixture, "crop"), pair_of(fixture, "stride")};
  if (mode != "slide" && mode != "whole") {
    throw Error(fixture.path.string() + ": expected the mode whole or slide, found " + mode);
  }
  if (fixture.file.metadata.contains("passes")) config.passes = fixture.integer("passes");
  return config;
}

// Fixtures keep every n-th row and column of large results.
at::Tensor sampled(const at::Tensor& map, const at::Tensor& expected) {
  const std::int64_t step = (map.size(2) + expected.size(2) - 1) / expected.size(2);
  return map.slice(2, 0, map.size(2), step).slice(3, 0, map.size(3), step);
}

}  // namespace

Difference run_forward(run::Model& model, const Fixture& fixture) {
  fill_by_published_names(*model.segmentor, model.store, fixture.seed, fixture.gain);
  state::ExecutionContext context(model.store, at::detail::createCPUGenerator(0));
  const at::Tensor logits = model.segmentor->logits(context, image_of(fixture).to(model.store.dtype()));
  return compare(logits, fixture.tensor("seg_logits"));
}

Difference run_inference(run::Model& model, const Fixture& fixture, const std::vector<data::Class>& classes,
                         const config::EvaluateConfig& pipeline) {
  fill_by_published_names(*model.segmentor, model.store, fixture.seed, fixture.gain);
  infer::Inference inference(*model.segmentor, model.store, classes, evaluate_config_of(fixture, pipeline));
  const at::Tensor image = image_of(fixture);
  at::Tensor found;
  inference.run(image, {{image.size(2), image.size(3)}},
                [&](std::int64_t, const infer::Scores& scores) { found = scores.tensor(); });
  const at::Tensor& expected = fixture.tensor("seg_logits");
  Difference difference = compare(sampled(found, expected), expected);
  if (const at::Tensor* argmax = fixture.file.find("argmax")) {
    difference.argmax_equal = equal_share(found.argmax(1), argmax->to(at::kLong));
  }
  return difference;
}

}  // namespace sshost::parity
