#include "infer/predictor.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "base/error.h"
#include "data/batch.h"
#include "data/dataset.h"
#include "image/image_file.h"

namespace sshost::infer {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 8> kEndings = {".jpg", ".jpeg", ".png",  ".bmp",
                                                      ".tif", ".tiff", ".webp", ".ppm"};

bool is_image(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

// A link that leads nowhere, or in a circle, counts: whoever reads it is told.
bool may_be_file(const fs::directory_entry& entry) {
  std::error_code error;
  const fs::file_status status = entry.status(error);
  return fs::is_regular_file(status) || (entry.is_symlink(error) && !fs::exists(status));
}

}  // namespace

std::vector<fs::path> find_images(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) throw UsageError("no such image or folder: " + path.string());
  if (!fs::is_directory(status)) return {path};
  std::vector<fs::path> images;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (is_image(entry.path()) && may_be_file(entry)) images.push_back(entry.path());
  }
  if (images.empty()) throw UsageError("no image in " + path.string() + " (JPEG, PNG, BMP, TIFF, WebP or PPM)");
  std::sort(images.begin(), images.end());
  return images;
}

cv::Mat read_image(const fs::path& path, bool strict_images) {
  const image::Image image = image::read_image(path, image::Mode::kRgb);
  if (!strict_images || image.warning.empty()) return image.pixels;
  throw Error(image.warning + "; data.strict_images takes such a file for broken");
}

at::Tensor Predictor::scores(const cv::Mat& image, const std::string& name) {
  data::Sample sample{image, {}, {}};
  data::Random random(0);  // what evaluates draws nothing
  try {
    data::apply(transforms_, sample, random);
  } catch (const data::BrokenSample& error) {
    throw data::BrokenSample(name + ": " + error.what());
  }
  const data::Batch batch = data::make_batch({&sample, 1});
  at::Tensor scores;
  inference_.run(batch.images, {{image.rows, image.cols}},
                 [&](int64_t, const at::Tensor& of_image) { scores = of_image; });
  return scores;
}

}  // namespace sshost::infer
