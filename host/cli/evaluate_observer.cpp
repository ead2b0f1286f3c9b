#include "cli/evaluate_observer.h"

#include "data/shown.h"
#include "file/atomic_file.h"

namespace sshost::cli {

void EvaluateObserver::on_image(const evaluate::EvaluatedImage& image) {
  const std::string line = progress_.image({image.done, image.total, image.seconds});
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

}  // namespace sshost::cli
