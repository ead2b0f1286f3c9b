// The Tversky loss (Salehi et al., MLMI 2017) with a focus on what is hard (Abraham and Khan, ISBI 2019): the mean over
// classes of (1 - TP / (TP + a FP + b FN))^(1 / gamma). With gamma 1 it is the plain one.
#include <sshost/loss.hpp>

namespace {

struct Options {
  double false_positives = 0.3;
  double false_negatives = 0.7;
  double gamma = 1;
  double smooth = 1;
};

class Tversky final : public ss::Loss {
 public:
  static ss::Schema<Options> schema() {
    return {{"false_positives", &Options::false_positives, "a: what a pixel weighs that is wrongly called so",
             ss::at_least(0)},
            {"false_negatives", &Options::false_negatives, "b: what a pixel weighs that is missed", ss::at_least(0)},
            {"gamma", &Options::gamma, "above 1: classes that are nearly right count less", ss::between(0.1, 10)},
            {"smooth", &Options::smooth, "pixels, added to both sides of the fraction", ss::at_least(1e-6)}};
  }

  Tversky(const Options& options, const ss::LossSpec& spec)
      : Loss(ss::Divisor::parts), options_(options), spec_(spec) {}

  ss::Tensor compute(ss::Context&, const ss::LossInputs& in) const override {
    const auto [probabilities, own] = regions(in);
    const ss::Tensor hits = over_pixels(probabilities * own);
    const ss::Tensor wrong = options_.false_positives * (over_pixels(probabilities) - hits) +
                             options_.false_negatives * (over_pixels(own) - hits);
    const ss::Tensor missed = wrong / (hits + wrong + options_.smooth);
    const ss::Tensor powered = options_.gamma == 1 ? missed : ss::pow(missed + 1e-12, 1 / options_.gamma);
    // Without any label there is nothing to be wrong about.
    const ss::Tensor any = ss::clamp_max(ss::sum(in.known()), 1.0);
    return ss::mean(powered) * any / in.divisor;
  }

 private:
  struct Regions {
    ss::Tensor probabilities, own;  // [N, classes, H, W], 0 where there is no label
  };

  Regions regions(const ss::LossInputs& in) const {
    const ss::Tensor known = in.known();
    if (spec_.independent) return {ss::sigmoid(in.logits) * known, ss::to(in.labels == 1, in.logits.dtype())};
    const ss::Tensor map = ss::unsqueeze(known, 1);
    const ss::Tensor classes = ss::one_hot(ss::clamp_min(in.labels, 0), spec_.classes);  // [N, H, W, classes]
    return {ss::softmax(in.logits, 1) * map, ss::to(ss::permute(classes, {0, 3, 1, 2}), in.logits.dtype()) * map};
  }

  static ss::Tensor over_pixels(const ss::Tensor& map) { return ss::sum(map, {0, 2, 3}); }

  Options options_;
  ss::LossSpec spec_;
};

}  // namespace

SSHOST_PLUGIN("tversky_loss", "1.0.0",
              ss::loss<Tversky, Options>("focal_tversky", "1 - TP / (TP + a FP + b FN), the hard classes first"))
