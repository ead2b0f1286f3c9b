#include "infer/predictor.h"

#include <optional>

#include "base/error.h"
#include "data/batch.h"
#include "data/dataset.h"
#include "data/strict_images.h"
#include "image/image_file.h"

namespace sshost::infer {

cv::Mat read_image(const std::filesystem::path& path, const data::ImageOptions& options) {
  const bool is_rgb = options.channels == 3;
  image::Image image = image::read_image(path, is_rgb ? image::Mode::kRgb : image::Mode::kSamples);
  if (options.strict && !image.warning.empty()) {
    throw Error(data::strict_refusal(image.warning));
  }
  if (image.pixels.channels() != options.channels) {
    throw Error("image " + path.string() + ": expected " + std::to_string(options.channels) +
                " channels, as data.channels says, found " + std::to_string(image.pixels.channels()));
  }
  if (image.pixels.depth() != CV_8U) image.pixels.convertTo(image.pixels, CV_32F);
  return image.pixels;
}

Scores Predictor::scores(const cv::Mat& image, const std::string& name) {
  data::Sample sample{image, {}, {}};
  data::Random random(0);  // what evaluates draws nothing
  try {
    data::apply(transforms_, sample, random);
  } catch (const data::BrokenSample& error) {
    throw data::BrokenSample(name + ": " + error.what());
  }
  const data::Batch batch = data::make_batch({&sample, 1});
  std::optional<Scores> scores;
  inference_.run(batch.images, {{image.rows, image.cols}}, [&](int64_t, const Scores& of_image) { scores = of_image; });
  return *std::move(scores);
}

}  // namespace sshost::infer
