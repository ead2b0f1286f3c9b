#ifndef SSHOST_APP_QUANTIZATION_H
#define SSHOST_APP_QUANTIZATION_H

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "app/log.h"
#include "run/session.h"

namespace sshost::app {

struct QuantizationRequest {
  std::filesystem::path checkpoint;  // of float32
  std::filesystem::path target;      // .safetensors
  int64_t calibration_images = 32;   // of data.train.split
  int64_t trial_images = 32;         // of data.evaluate.split, about, by which the activations' ranges are chosen
  double most_changed = 0.005;  // a convolution that changes the class of a larger share of pixels stays in float32
  int64_t compared_images = 0;  // of data.evaluate.split, about, by which both are compared in the end; 0: all
};

// What came of it.
struct QuantizationReport {
  std::string ranges;                          // how the activations' ranges were found
  int64_t int8 = 0;                            // convolutions
  std::map<std::string, std::string> float32;  // the other ones, and why
  double float32_iou = 0;                      // mean IoU of the compared images, in [0, 1]
  double int8_iou = 0;
  int64_t images = 0;          // compared
  uint64_t float32_bytes = 0;  // of the files
  uint64_t int8_bytes = 0;
};

// Writes a checkpoint of the same model that runs in int8 (docs/quantization.md). Nothing where `stop` was set
// meanwhile; what is there then is whole. Throws UsageError before any work where the machine or the checkpoint cannot do it.
std::optional<QuantizationReport> quantize(run::Session session, const QuantizationRequest& request, Log& log,
                                           const std::atomic<bool>& stop);

// {"ranges", "int8_convolutions", "float32": {name: why}, "mean_iou": {"float32", "int8"}, "images",
// "bytes": {"float32", "int8"}}
nlohmann::json to_json(const QuantizationReport& report);

}  // namespace sshost::app

#endif  // SSHOST_APP_QUANTIZATION_H
