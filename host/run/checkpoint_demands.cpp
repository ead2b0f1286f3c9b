#include "run/checkpoint_demands.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "config/node.h"
#include "config/option_value.h"
#include "config/scalar.h"

namespace sshost::run {
namespace {

constexpr int64_t kMostThreads = 256;
constexpr int64_t kMostWorkers = 64;
constexpr double kMostImagesAtOnce = 256;
constexpr double kMostPixels = 4096.0 * 4096;          // of an image, at the largest scale; most networks take some GB
constexpr double kMostPixelsAtOnce = 4 * kMostPixels;  // of a batch
constexpr size_t kMostTransforms = 100;
constexpr double kMostScale = 4;
constexpr double kMostViews = 512;   // each counted by its part of the image's pixels; published are up to 50
constexpr int64_t kLeastStride = 8;  // of windows

class Demands {
 public:
  Demands(const config::Pipeline& pipeline, config::Problems& problems) : pipeline_(pipeline), problems_(problems) {}

  void check() {
    at_most("threads", pipeline_.threads, kMostThreads);
    at_most("data.workers", pipeline_.data.workers, kMostWorkers);
    check_transforms("data.train.transforms", pipeline_.data.train.transforms, 1);
    const double pixels = check_transforms("data.evaluate.transforms", pipeline_.data.evaluate.transforms, own_scale());
    const double images = kMostPixelsAtOnce / std::max(pixels, 1.0);
    at_most("evaluate.batch_size", pipeline_.evaluate.batch_size,
            static_cast<int64_t>(std::clamp(images, 1.0, kMostImagesAtOnce)));
    check_scales();
    check_windows();
    check_views();
  }

 private:
  bool is_users(const std::string& path) const {
    return config::is_override(config::deepest_at(pipeline_.written, path).place);
  }

  void refuse(const std::string& path, const std::string& expected, const std::string& found) {
    if (is_users(path)) return;
    problems_.error(config::deepest_at(pipeline_.written, path).place, path,
                    "expected " + expected + " in the pipeline of a checkpoint, which may be anybody's, found " +
                        found + "; where you want that: --set " + path + "=...");
  }

  void at_most(const std::string& path, int64_t found, int64_t most) {
    if (found > most) refuse(path, "at most " + std::to_string(most), std::to_string(found));
  }

  double largest_scale() const {
    return *std::max_element(pipeline_.evaluate.scales.begin(), pipeline_.evaluate.scales.end());
  }

  // By which the checkpoint's own word makes an image longer that is evaluated.
  double own_scale() const { return is_users("evaluate.scales") ? 1 : std::max(largest_scale(), 1.0); }

  // Returns the pixels of the largest image that they make; 0 where they leave it as it is.
  double check_transforms(const std::string& path, const std::vector<config::TransformConfig>& transforms,
                          double scale) {
    if (transforms.size() > kMostTransforms) {
      refuse(path, "at most " + std::to_string(kMostTransforms) + " transforms", std::to_string(transforms.size()));
    }
    double largest = 0;
    for (size_t i = 0; i < transforms.size(); ++i) {
      if (transforms[i].component) continue;  // what its options mean is the plugin's, which is trusted or not loaded
      const std::string item = config::join_path(path, std::to_string(i));
      largest = std::max(largest, check_size(item, *transforms[i].options, scale));
    }
    return largest;
  }

  // Of the host's transforms that have one, whatever they are called. Returns its pixels.
  double check_size(const std::string& path, const ss_options_object& options, double scale) {
    const ss_options_object* written = options.find("size");
    if (written == nullptr || written->is_null()) return 0;
    const config::Size size = config::size_of(*written);
    const ss_options_object* range = options.find("scale_range");
    if (range != nullptr && !range->is_null()) scale *= config::doubles_of(*range).back();
    const double pixels = static_cast<double>(size.height) * static_cast<double>(size.width) * scale * scale;
    if (pixels > kMostPixels) {
      refuse(path + ".size", "at most " + config::format_double(kMostPixels) + " pixels",
             config::to_string(size) + (scale == 1 ? "" : ", " + config::format_double(scale) + " times as long"));
    }
    return pixels;
  }

  void check_scales() {
    if (largest_scale() <= kMostScale) return;
    refuse("evaluate.scales", "factors of at most " + config::format_double(kMostScale),
           config::format_double(largest_scale()));
  }

  void check_windows() {
    const auto& slide = pipeline_.evaluate.slide;
    if (!slide || std::min(slide->stride[0], slide->stride[1]) >= kLeastStride) return;
    refuse("evaluate.stride", "at least " + std::to_string(kLeastStride) + " pixels",
           config::to_string(config::Size{slide->stride[0], slide->stride[1]}));
  }

  // How often each pixel of an image goes through the model.
  double views() const {
    const config::EvaluateConfig& config = pipeline_.evaluate;
    double views = 0;
    for (const double scale : config.scales) views += scale * scale;
    views *= static_cast<double>((config.flip ? 2 : 1) * config.passes);
    if (!config.slide) return views;
    for (size_t side = 0; side < 2; ++side) {
      views *= static_cast<double>(config.slide->crop_size[side]) / static_cast<double>(config.slide->stride[side]);
    }
    return views;
  }

  void check_views() {
    const double found = views();
    if (found <= kMostViews || is_users("evaluate.passes") || is_users("evaluate.stride")) return;
    refuse("evaluate.scales",
           "scales, flip, passes and windows that see a pixel " + config::format_double(kMostViews) + " times at most",
           config::format_double(found));
  }

  const config::Pipeline& pipeline_;
  config::Problems& problems_;
};

}  // namespace

void check_demands(const config::Pipeline& pipeline, config::Problems& problems) {
  Demands(pipeline, problems).check();
}

}  // namespace sshost::run
