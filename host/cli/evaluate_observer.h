#ifndef SSHOST_CLI_EVALUATE_OBSERVER_H
#define SSHOST_CLI_EVALUATE_OBSERVER_H

#include <cstdint>
#include <filesystem>
#include <vector>

#include "cli/log.h"
#include "data/dataset.h"
#include "engine/observer.h"
#include "report/progress.h"
#include "report/report.h"

namespace sshost::cli {

// What an evaluation leaves besides its metrics.
struct EvaluationOutput {
  int64_t report_images = 0;          // so many images, spread evenly, are kept for the report
  std::filesystem::path predictions;  // every prediction is saved in this folder; empty: none
};

// Shows an evaluation to a person, and keeps or saves predictions beside their images.
class EvaluateObserver final : public engine::EvaluationObserver {
 public:
  EvaluateObserver(report::Console& console, Log& log, const data::Dataset& dataset, EvaluationOutput output)
      : progress_(console), log_(log), reader_(dataset), dataset_(dataset), output_(std::move(output)) {}

  void on_image(const engine::EvaluatedImage& image) override;
  void done() { progress_.done(); }
  std::vector<report::Comparison> take_comparisons() { return std::move(comparisons_); }

 private:
  bool is_for_report(const engine::EvaluatedImage& image) const;

  report::Progress progress_;
  Log& log_;
  data::Reader reader_;
  const data::Dataset& dataset_;
  EvaluationOutput output_;
  std::vector<report::Comparison> comparisons_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_EVALUATE_OBSERVER_H
