#include "cli/evaluate_observer.h"

namespace sshost::cli {

void EvaluateObserver::on_image(const evaluate::EvaluatedImage& image) {
  const std::string line = progress_.image({image.done, image.total, image.seconds});
  if (!line.empty()) log_.progress(line);
  // The loader gave the model a transformed image; people want the stored one.
  const auto stored = [&] { return loader_.stored(image.index).image; };
  if (output_.writer != nullptr) output_.writer->write({image.id, image.prediction, image.scores, stored, image.masks});
  images_.add(image);
}

}  // namespace sshost::cli
