#ifndef SSHOST_APP_PLAN_H
#define SSHOST_APP_PLAN_H

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "app/log.h"
#include "infer/inference.h"
#include "measure/training_bytes.h"
#include "run/model.h"
#include "run/session.h"

namespace sshost::app {

// The image that a plan is for.
struct PlannedImage {
  infer::ImageSize size{512, 512};
  std::string why = "the pipeline has no crop";
};

// What the pipeline trains on: its last crop, or what it pads to.
PlannedImage planned_image(const config::Pipeline& pipeline);

// What a model holds, and what it does for one image.
struct ModelCost {
  int64_t parameters = 0;
  int64_t auxiliary = 0;  // those of the auxiliary heads, among them
  int64_t multiply_adds = 0;
  std::optional<double> seconds;  // of a forward, the median
};

// What a training step takes at its peak.
struct StepMemory {
  int64_t batches = 0;
  int64_t images = 0;  // of each batch
  measure::TrainingMemory estimate;
  std::optional<int64_t> measured;  // bytes
};

// One `sshost plan`: a model with its initial values, or those of the pipeline's `checkpoint`, on the pipeline's device,
// and what it costs. No data is needed.
// Threads: one at a time.
class Plan {
 public:
  // Builds the model. Tells the log's watcher what it does. Throws UsageError where the device is not there.
  Plan(run::Session session, PlannedImage image, Log& log);

  // Throws UsageError where the pipeline could not be trained as it is.
  void require_precision() const;

  // Runs a forward, and times `repeat` of them as inference runs them, in evaluate.precision.
  ModelCost cost(int64_t repeat);

  // Works the memory of a step out of steps of two and of three images; where `is_measured` takes one of `batch` images
  // too. batch 0: the pipeline's.
  StepMemory training(int64_t batch, bool is_measured);

  const PlannedImage& image() const { return image_; }
  const at::Device& device() const { return device_; }

 private:
  state::Precision precision(const at::Tensor& image) const;
  void tell(const std::string& task) const { log_.watcher().on_task(task); }

  run::Session session_;
  PlannedImage image_;
  Log& log_;
  at::Device device_;
  std::unique_ptr<run::Model> model_;
};

// {"batches", "images", "expected_bytes", "constant_bytes", "bytes_an_image", "measured_bytes"}
nlohmann::json to_json(const StepMemory& memory);

// {"name", "height", "width", "size_from", "parameters", "auxiliary_parameters", "multiply_adds", "seconds",
// "training"}; null where it was not asked for.
nlohmann::json to_json(const std::string& name, const PlannedImage& image, const ModelCost& cost,
                       const std::optional<StepMemory>& training);

}  // namespace sshost::app

#endif  // SSHOST_APP_PLAN_H
