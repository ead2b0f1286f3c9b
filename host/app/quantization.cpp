#include "app/quantization.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "app/opened_model.h"
#include "app/opened_pipeline.h"
#include "app/split_pass.h"
#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/weight_ending.h"
#include "config/value_error.h"
#include "data/transform_list.h"
#include "infer/calibration.h"
#include "layer/kernel/int8_conv.h"
#include "run/initial_weights.h"
#include "run/sample_sizes.h"

namespace sshost::app {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSensitivityImages = 2;

struct Stopped {};

std::string percent(double part) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", 100 * part);
  return text;
}

void require_target(const fs::path& target) {
  if (checkpoint::format_for(target) == checkpoint::WeightFormat::kSafetensors) return;
  throw UsageError("--output " + target.string() + ": expected a name that ends in .safetensors");
}

void require_unit() {
  if (layer::kernel::has_int8_conv()) return;
  throw UsageError(
      "expected a machine that multiplies 8-bit numbers (AVX-512 VNNI or AVX-VNNI), on which int8 can be measured; "
      "this one does not");
}

class Quantization {
 public:
  Quantization(run::Session session, const QuantizationRequest& request, Log& log, const std::atomic<bool>& stop)
      : request_(request),
        log_(log),
        stop_(stop),
        opened_(open(std::move(session))),
        pipeline_(opened_.session.pipeline),
        evaluated_(run::open_dataset(opened_.session, pipeline_.data.evaluate.split)) {
    pipeline_.evaluate.precision.reset();
    config::with_places(pipeline_, [&] { run::require_one_evaluated_size(opened_.session, *evaluated_); });
  }

  QuantizationReport run() {
    const infer::RangeMethod& first = infer::range_methods().front();
    calibrate();
    find_sensitive(calibration_->quantisation(first));
    choose_ranges();
    return save_and_compare();
  }

 private:
  OpenedModel open(run::Session session) const {
    const checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(request_.checkpoint);
    say_changed_libraries(session, info, log_);
    OpenedModel opened = open_model(std::move(session), request_.checkpoint, at::kCPU);
    if (opened.model->store.quantisation() == nullptr) return opened;
    throw UsageError(request_.checkpoint.string() + ": expected weights in float32, found a model that is in int8");
  }

  std::vector<data::Class> classes() const {
    return model::output_classes(opened_.model->segmentor->outputs(), opened_.dataset.classes);
  }

  void require_not_stopped() const {
    if (stop_) throw Stopped{};
  }

  // Images to learn from, without what training does to them at random.
  void calibrate() {
    const auto split = run::open_dataset(opened_.session, pipeline_.data.train.split);
    data::LoaderOptions options;
    options.workers = pipeline_.data.workers;
    options.seed = pipeline_.seed;
    options.shuffle = true;
    options.need_labels = false;
    options.stop = &stop_;
    if (pipeline_.data.skips_broken_samples()) options.on_broken = data::OnBroken::kLeaveOut;
    const plugin::Registry& registry = *opened_.session.registry;
    data::Loader loader(*split, data::make_evaluation_transforms(pipeline_, split->info(), registry), options);
    calibration_.emplace(*opened_.model->segmentor, opened_.model->store, classes(), pipeline_.evaluate);
    const int64_t wanted = std::min(request_.calibration_images, split->size());
    loader.start(1);
    for (int64_t done = 0; done < wanted; ++done) {
      log_.watcher().on_task("calibrating, image " + std::to_string(done + 1) + " of " + std::to_string(wanted) +
                             " ...");
      const auto batch = loader.next();
      require_not_stopped();
      if (!batch) break;
      calibration_->add(batch->images);
      if (done < kSensitivityImages) images_.push_back(batch->images);
    }
    log_.info("calibrated on " + std::to_string(wanted) + " images of the split " + split->split());
  }

  void find_sensitive(const state::Quantisation& all) {
    if (request_.most_changed >= 1) return;  // none is
    const std::string of = " of " + std::to_string(all.convs.size()) + " convolutions ...";
    for (const at::Tensor& image : images_) {
      const auto shares = infer::sensitivities(
          *opened_.model->segmentor, opened_.model->store, classes(), pipeline_.evaluate, all, image, [&](size_t done) {
            log_.watcher().on_task("what int8 changes, " + std::to_string(done) + of);
            require_not_stopped();
          });
      for (const auto& [name, share] : shares) {
        changed_[name] += share / static_cast<double>(images_.size());
      }
    }
    for (const auto& [name, share] : changed_) {
      if (share > request_.most_changed)
        kept_[name] = "in int8 it changes the class of " + percent(share) + " of the pixels";
    }
    if (kept_.size() == all.convs.size()) {
      throw Error("each convolution in int8 alone changes the class of more than " + percent(request_.most_changed) +
                  " of the pixels: nothing can be quantised. Is the model trained?");
    }
  }

  void choose_ranges() {
    const int64_t every = std::max<int64_t>(1, evaluated_->size() / request_.trial_images);
    double best = -1;
    for (const infer::RangeMethod& method : infer::range_methods()) {
      auto made = std::make_shared<const state::Quantisation>(calibration_->quantisation(method, kept_));
      opened_.model->store.quantise(made);
      const double iou = evaluate(every).metrics.mean_iou;
      log_.info("ranges by " + method.name + ": mean IoU " + percent(iou));
      if (!(iou > best)) continue;
      best = iou;
      chosen_ = std::move(made);
    }
    if (!chosen_) throw Error("no mean IoU could be measured: the labels of the evaluated split say nothing");
  }

  QuantizationReport save_and_compare() {
    state::StateStore& store = opened_.model->store;
    const int64_t every =
        request_.compared_images > 0 ? std::max<int64_t>(1, evaluated_->size() / request_.compared_images) : 1;
    QuantizationReport report{chosen_->ranges, static_cast<int64_t>(chosen_->convs.size()), chosen_->kept};
    store.quantise(nullptr);
    const evaluate::Evaluation before = evaluate(every);
    report.float32_iou = before.metrics.mean_iou;
    report.images = before.images;
    store.quantise(chosen_);
    checkpoint::save_model(request_.target, store, checkpoint::read_checkpoint_info(request_.checkpoint));
    checkpoint::load_model(request_.target, store, run::loading_of(opened_.session, opened_.dataset.classes));
    report.int8_iou = evaluate(every).metrics.mean_iou;  // of the file as it is
    report.float32_bytes = fs::file_size(request_.checkpoint);
    report.int8_bytes = fs::file_size(request_.target);
    return report;
  }

  evaluate::Evaluation evaluate(int64_t every) {
    SplitPass pass{pipeline_, *opened_.session.registry, *evaluated_, *opened_.model->segmentor, opened_.model->store};
    pass.every = every;
    SplitOutcome outcome = evaluate_split(pass, log_, stop_);
    if (!outcome.finished) throw Stopped{};
    return *std::move(outcome.evaluation);
  }

  const QuantizationRequest& request_;
  Log& log_;
  const std::atomic<bool>& stop_;
  OpenedModel opened_;
  config::Pipeline& pipeline_;
  std::unique_ptr<data::Dataset> evaluated_;
  std::optional<infer::Calibration> calibration_;
  std::vector<at::Tensor> images_;           // by which sensitivity is measured
  std::map<std::string, double> changed_;    // the share of pixels whose class a convolution changes
  std::map<std::string, std::string> kept_;  // in float32, and why
  std::shared_ptr<const state::Quantisation> chosen_;
};

}  // namespace

std::optional<QuantizationReport> quantize(run::Session session, const QuantizationRequest& request, Log& log,
                                           const std::atomic<bool>& stop) {
  require_target(request.target);
  require_unit();
  try {
    Quantization work(std::move(session), request, log, stop);
    log.watcher().on_begun();
    return work.run();
  } catch (const Stopped&) {
    log.watcher().on_pause();
    return std::nullopt;
  }
}

nlohmann::json to_json(const QuantizationReport& report) {
  return {{"ranges", report.ranges},   {"int8_convolutions", report.int8},
          {"float32", report.float32}, {"mean_iou", {{"float32", report.float32_iou}, {"int8", report.int8_iou}}},
          {"images", report.images},   {"bytes", {{"float32", report.float32_bytes}, {"int8", report.int8_bytes}}}};
}

}  // namespace sshost::app
