#include "app/evaluate_observer.h"

#include "data/shown.h"
#include "file/atomic_file.h"

namespace sshost::app {

void EvaluateObserver::on_image(const evaluate::EvaluatedImage& image) {
  const report::EvaluationStatus status{image.done, image.total, image.seconds};
  Watcher& watcher = log_.watcher();
  image.label.defined() ? watcher.on_evaluated(status) : watcher.on_predicted(status);
  const std::string line = lines_.add(status);
  if (!line.empty()) log_.progress(line);
  // The loader gave the model a transformed image; people want the stored one.
  const auto stored = [&] { return data::shown(loader_.stored(image.index).image); };
  if (output_.writer != nullptr) write({image.id, image.prediction, image.scores, stored, image.masks});
  images_.add(image);
}

void EvaluateObserver::write(const output::PredictedImage& image) try {
  output_.writer->write(image);
} catch (const file::UnwritableName& error) {
  if (!output_.skips_unwritable) throw;
  ++skipped_;
  log_.warning(std::string("skipped: ") + error.what());
}

}  // namespace sshost::app
