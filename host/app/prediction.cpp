#include "app/prediction.h"

#include <ATen/core/Tensor.h>

#include <chrono>
#include <string>
#include <utility>

#include "app/device.h"
#include "app/opened_pipeline.h"
#include "app/settings.h"
#include "app/split_pass.h"
#include "base/error.h"
#include "base/printable.h"
#include "base/seconds_since.h"
#include "bridge/boundary.h"
#include "checkpoint/checkpoint.h"
#include "config/value_error.h"
#include "data/shown.h"
#include "data/strict_images.h"
#include "data/transform_list.h"
#include "file/atomic_file.h"
#include "image/decoding_stop.h"
#include "infer/predictor.h"
#include "infer/row_predictor.h"
#include "output/own_files.h"
#include "output/prediction_rows.h"
#include "run/sample_sizes.h"

namespace sshost::app {
namespace {

namespace fs = std::filesystem;

struct Stopped {};

OpenedModel open(run::Session session, const PredictionRequest& request, Log& log) {
  const at::Device device = device_of(session.pipeline);
  say_changed_libraries(session, checkpoint::read_checkpoint_info(request.checkpoint), log);
  std::optional<data::DatasetInfo> dataset;
  if (request.of_split) dataset = run::dataset_info(session);
  return open_model(std::move(session), request.checkpoint, device, dataset);
}

std::string shown(const PredictionInput& input) { return printable_line(input.path.string()); }

// Called where predicting an image has failed: why, where that is the image's own fault and says nothing about others.
// Anything else is thrown again.
std::string own_fault(const PredictionInput& input) {
  try {
    throw;
  } catch (const data::BrokenSample& error) {
    return error.what();
  } catch (const file::UnwritableName& error) {
    return error.what();
  } catch (...) {
    if (bridge::fail_with_current_exception() != SS_OUT_OF_MEMORY) throw;
    return shown(input) + ": " + std::string(bridge::message());
  }
}

}  // namespace

Prediction::Prediction(run::Session session, PredictionRequest request, Log& log, const std::atomic<bool>& stop)
    : request_(std::move(request)),
      log_(log),
      stop_(stop),
      opened_(open(std::move(session), request_, log)),
      options_(prediction_options(opened_.session, request_.folder, opened_.model->segmentor->outputs(),
                                  opened_.dataset.classes)),
      writer_(options_),
      inference_(*opened_.model->segmentor, opened_.model->store,
                 model::output_classes(opened_.model->segmentor->outputs(), opened_.dataset.classes),
                 opened_.session.pipeline.evaluate),
      transforms_(
          data::make_evaluation_transforms(opened_.session.pipeline, opened_.dataset, *opened_.session.registry)),
      images_(opened_.session.pipeline, options_.formats, request_.streams) {}

std::optional<PredictionCount> Prediction::predict(const std::vector<PredictionInput>& inputs) {
  require_own_files(inputs);
  say_precision(opened_.session.pipeline, opened_.model->store, log_);
  log_.watcher().on_begun();
  const auto begin = std::chrono::steady_clock::now();
  PredictionCount count;
  try {
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (stop_) throw Stopped{};
      predict_or_skip(inputs[i], count);
      log_.watcher().on_predicted(
          {static_cast<int64_t>(i + 1), static_cast<int64_t>(inputs.size()), seconds_since(begin)});
    }
  } catch (const Stopped&) {
    log_.watcher().on_pause();
    return std::nullopt;
  }
  log_.watcher().on_pause();
  say_chosen_precision(opened_.session.pipeline, inference_, log_);
  writer_.finish();
  return count;
}

std::optional<PredictionCount> Prediction::predict_split() {
  const config::Pipeline& pipeline = opened_.session.pipeline;
  const auto [split, why_without_labels] = run::open_images(opened_.session, pipeline.data.evaluate.split);
  if (!why_without_labels.empty()) log_.info("predicted without labels: " + why_without_labels);
  config::with_places(pipeline, [&] { run::require_one_evaluated_size(opened_.session, *split); });
  app::require_own_files(options_, *split);
  log_.watcher().on_begun();
  SplitPass pass{pipeline, *opened_.session.registry, *split, *opened_.model->segmentor, opened_.model->store};
  pass.output = {0, &writer_, !request_.stops_at_first};
  pass.on_broken = request_.stops_at_first ? data::OnBroken::kStop : data::OnBroken::kLeaveOut;
  const SplitOutcome outcome = app::predict_split(pass, log_, stop_);
  if (!outcome.finished) return std::nullopt;
  writer_.finish();
  return PredictionCount{split->size() - outcome.skipped, outcome.skipped};
}

void Prediction::predict_or_skip(const PredictionInput& input, PredictionCount& count) {
  const image::DecodingStop decoding(&stop_);
  try {
    predict_one(input);
    ++count.predicted;
    log_.progress(shown(input) + " -> " + printable_line(input.id));
  } catch (const Stopped&) {
    throw;
  } catch (const infer::NotFinite& error) {
    throw Error(shown(input) + ": " + error.what());
  } catch (...) {
    if (stop_) throw Stopped{};  // the decoder may have given up
    const std::string why = own_fault(input);
    if (request_.stops_at_first) throw Error(why);
    ++count.skipped;
    log_.warning("skipped: " + why);
  }
}

void Prediction::predict_one(const PredictionInput& input) {
  for (const fs::path& file : output::files_of(options_, input.id)) file::require_writable_name(file);
  const OpenedImage opened = images_.open(input.path);
  if (opened.rows) return predict_rows(input, *opened.rows);
  predict_whole(input, images_.read_whole(input.path, opened.reason_against, log_));
}

void Prediction::predict_whole(const PredictionInput& input, const cv::Mat& image) {
  const infer::Scores scores = infer::Predictor(inference_, transforms_).scores(image, input.path.string());
  const infer::Decision decision = inference_.decide(scores);
  const at::Tensor masks = decision.masks.defined() ? decision.masks.cpu() : decision.masks;
  writer_.write({input.id, decision.classes.cpu(), scores, [&image] { return data::shown(image); }, masks});
}

void Prediction::predict_rows(const PredictionInput& input, image::RowReader& rows) {
  output::PredictionRows files(options_, input.id, rows.height(), rows.width());
  const auto begin = std::chrono::steady_clock::now();
  int64_t done = 0;
  infer::RowPredictor(inference_, transforms_).predict(rows, [&](const at::Tensor& classes, const cv::Mat& image) {
    if (stop_) throw Stopped{};
    files.write(classes, image);
    done += classes.size(0);
    log_.watcher().on_predicted({done, rows.height(), seconds_since(begin)});
  });
  require_sound(rows);
  files.commit();
}

// As infer::read_image does of a whole image.
void Prediction::require_sound(const image::RowReader& rows) const {
  const std::string warning = rows.warning();
  if (warning.empty() || !opened_.session.pipeline.data.strict_images) return;
  throw data::BrokenSample(data::strict_refusal(warning));
}

void Prediction::require_own_files(const std::vector<PredictionInput>& inputs) const {
  std::vector<output::PredictionSource> sources;
  std::vector<fs::path> read;
  for (const PredictionInput& input : inputs) {
    read.push_back(input.path);
    sources.push_back({input.path.string(), input.id, [this, &input] {
                         try {
                           return images_.open(input.path).rows != nullptr;
                         } catch (const data::BrokenSample&) {
                           return false;  // it is skipped
                         }
                       }});
  }
  output::require_own_files(options_, sources, read);
}

}  // namespace sshost::app
