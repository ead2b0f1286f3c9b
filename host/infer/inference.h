#ifndef SSHOST_INFER_INFERENCE_H
#define SSHOST_INFER_INFERENCE_H

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/pipeline.h"
#include "data/sample.h"
#include "infer/scores.h"
#include "infer/sliding_windows.h"
#include "model/segmentor.h"
#include "state/state_store.h"

namespace sshost::infer {

// What the model computes of an image is not finite. The text says in which layer first; whoever knows the image's name
// puts it in front.
struct NotFinite : Error {
  NotFinite(int64_t of_image, const std::string& where)
      : Error("the model's output is not finite (NaN or infinite), first in " + where), image(of_image) {}
  int64_t image;  // of the batch
};

// What a model says of an image, on the model's device.
struct Decision {
  // int64 [h, w]: the data set's number of each pixel's class. Of independent outputs, of which a pixel may have several:
  // the likeliest of them; the background, or -1 where the data set has none, where there is none.
  at::Tensor classes;
  at::Tensor masks;  // bool [classes, h, w] of independent outputs: from evaluate.threshold on; else undefined
};

// A model's scores of an image, averaged over several views of it: scales, mirror images, and windows that slide over
// each. The only place that knows how the published recipes infer; what evaluates, predicts and compares goes through
// it.
//
// Each scale of the input is run as a whole or in windows, and so is its mirror image, which is turned back with left
// and right classes swapped. The result is resized bilinearly to the wanted size and added to one sum, so that the
// memory that is needed does not depend on the number of views.
//
// What is averaged are logits, or probabilities: those of a whole view are taken at the model's resolution, before any
// resizing, and those of a window after its logits were resized to the window's size.
//
// With several passes, each but the first gives the model's memory the mean logits over all views of the pass before
// (at the input's size, cut and mirrored as the view is) as `previous_logits`. (MCIBI++: Jin et al., "MCIBI++: Soft
// Mining Contextual Information Beyond Image for Semantic Segmentation", TPAMI 2022, coarse-to-fine inference.)
//
// The segmentor and the store outlive it. Threads: one at a time.
class Inference {
 public:
  // `classes` are those of the outputs (model::output_classes). Throws UsageError where a scale is not positive, or
  // left/right pairs of classes do not fit each other. `prepared` is where the layers' prepared weights are kept, for
  // those who make many objects for the same values of the store; null: in this one, during whose life the store keeps
  // its values.
  Inference(const model::Segmentor& segmentor, state::StateStore& store, const std::vector<data::Class>& classes,
            const config::EvaluateConfig& config, state::Prepared* prepared = nullptr);

  // Image n of the batch, and its mean scores at the n-th size, on the model's device.
  using Use = std::function<void(int64_t n, const Scores& scores)>;

  // images [N, C, H, W], normalised, on any device. Calls `use` for each image in turn. Images go through the model
  // together where each is seen once, else one after the other. Throws NotFinite.
  void run(const at::Tensor& images, const std::vector<ImageSize>& sizes, const Use& use);

  // The next `count` rows of an image, normalised, [1, 3, count, width].
  using NextRows = std::function<at::Tensor(int64_t count)>;
  // Mean scores of the rows that come next, [1, classes, rows, width] on the model's device; valid during the call.
  using UseRows = std::function<void(const at::Tensor& scores)>;

  // What `run` gives for one image in windows, without the image or its scores ever being there as a whole: rows are
  // asked for, and handed on, from the top to the bottom. Held are as many rows of both as a window is high, so memory
  // grows with the image's width alone. Throws UsageError where reason_against_rows has something to say,
  // and NotFinite.
  void run_rows(ImageSize size, const NextRows& next_rows, const UseRows& use);

  // Why these settings need the whole image: they do not slide, or see it at several scales or in several passes. Empty
  // where they do not.
  static std::string reason_against_rows(const config::EvaluateConfig& config);

  // What the scores of an image say of its pixels, for outputs of either kind.
  Decision decide(const Scores& scores) const;

  const model::Outputs& outputs() const { return segmentor_.outputs(); }

  // What it computes in; with evaluate.precision: auto known once something was computed.
  state::Precision precision() const { return context_.precision; }

  // From now on, `watch` is told of the convolutions; null: nobody is.
  void watch_convs(state::ConvWatch* watch) { context_.conv_watch = watch; }

 private:
  struct Pass {
    at::Tensor previous;  // mean logits of the pass before; undefined in the first
    bool averages_probabilities;
  };

  // The last pass, which gives what is asked for.
  Pass last_pass(const at::Tensor& previous = {}) const { return {previous, config_.average_probabilities}; }

  at::Tensor logits(const at::Tensor& images, const at::Tensor& previous);
  void settle_precision(const at::Tensor& images, const at::Tensor& previous);
  at::Tensor mean_over_scales(const at::Tensor& images, ImageSize size, const Pass& pass);
  at::Tensor scores_of_view(const at::Tensor& view, const Pass& pass);
  at::Tensor whole(const at::Tensor& view, const Pass& pass);
  void slide(const SlidingWindows& grid, std::span<const Window> windows, int64_t first_row, const at::Tensor& view,
             const Pass& pass, bool is_mirrored, at::Tensor& sum);
  void slide(const at::Tensor& view, const Pass& pass, bool is_mirrored, at::Tensor& sum);
  at::Tensor mirrored(const at::Tensor& scores) const;
  Pass mirrored(const Pass& pass) const;

  const model::Segmentor& segmentor_;
  state::StateStore& store_;
  state::Prepared own_prepared_;
  state::ExecutionContext context_;
  config::EvaluateConfig config_;
  std::vector<state::Precision> candidates_;  // until one of several was chosen
  int64_t first_image_ = 0;                   // of the batch: the one that the first of the model's input is
  at::Tensor mirrored_classes_;  // int64 [classes] on the model's device; undefined where each is its own mirror image
};

}  // namespace sshost::infer

#endif  // SSHOST_INFER_INFERENCE_H
