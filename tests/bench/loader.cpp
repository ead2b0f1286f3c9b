// Images per second of the loader on CamVid's training pipeline, on one thread, beside the same work written with
// OpenCV alone for this one pipeline: read, resize at random, crop, flip, normalise into the batch. No seed by sample,
// no class ratio, no checks: a bound from above.
//   build/release/bin/bench_loader configs/camvid/fcn_resnet50.yaml
#include <cstdio>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>
#include <vector>

#include "bench/paired.h"
#include "data/loader.h"
#include "data/transform_list.h"
#include "run/session.h"

namespace sshost::bench {
namespace {

constexpr int kCrop = 256;  // of configs/camvid
constexpr int kRounds = 3;

// One epoch through the loader.
int64_t load(const run::Session& session, const data::Dataset& dataset) {
  data::LoaderOptions options;
  options.batch_size = session.pipeline.train.batch_size;
  options.shuffle = options.drop_last = true;
  data::Loader loader(dataset, data::make_training_transforms(session.pipeline, dataset.info(), *session.registry),
                      options);
  loader.start(1);
  int64_t images = 0;
  while (const auto batch = loader.next()) images += batch->images.size(0);
  return images;
}

cv::Mat crop_at(const cv::Mat& map, cv::Point corner, const cv::Scalar& fill) {
  const cv::Rect wanted(corner, cv::Size(kCrop, kCrop));
  const cv::Mat inside = map(wanted & cv::Rect(cv::Point(), map.size()));
  cv::Mat padded;
  cv::copyMakeBorder(inside, padded, 0, kCrop - inside.rows, 0, kCrop - inside.cols, cv::BORDER_CONSTANT, fill);
  return padded;
}

class OpenCvLoop {
 public:
  explicit OpenCvLoop(const data::Dataset& dataset) {
    for (int64_t i = 0; i < dataset.size(); ++i) descriptions_.push_back(dataset.describe(i));
  }

  // As many images as an epoch of whole batches has.
  void run(int64_t images) {
    for (int64_t i = 0; i < images; ++i) {
      if (i % kBatch == 0) batch_ = std::vector<float>(kBatch * 3 * kCrop * kCrop);
      read(descriptions_[static_cast<size_t>(i)], static_cast<size_t>(i % kBatch));
    }
  }

 private:
  static constexpr int64_t kBatch = 4;

  void read(const data::Dataset::Description& files, size_t slot) {
    cv::Mat image = cv::imread(files.image_path, cv::IMREAD_COLOR);
    cv::Mat label = cv::imread(files.label_path, cv::IMREAD_UNCHANGED);
    const double scale = std::uniform_real_distribution(0.75, 2.0)(random_);
    cv::resize(image, image, {}, scale, scale, cv::INTER_LINEAR);
    cv::resize(label, label, image.size(), 0, 0, cv::INTER_NEAREST);
    const cv::Point corner(offset(image.cols), offset(image.rows));
    image = crop_at(image, corner, {});
    label = crop_at(label, corner, cv::Scalar::all(255));
    if (random_() % 2 == 0) {
      cv::flip(image, image, 1);
      cv::flip(label, label, 1);
    }
    image.convertTo(image, CV_32F);
    cv::subtract(image, cv::Scalar(103.53, 116.28, 123.675), image);
    cv::divide(image, cv::Scalar(57.375, 57.12, 58.395), image);
    std::vector<cv::Mat> planes;
    for (size_t channel = 0; channel < 3; ++channel) {
      planes.emplace_back(kCrop, kCrop, CV_32F, batch_.data() + (slot * 3 + 2 - channel) * kCrop * kCrop);
    }
    cv::split(image, planes);
    label.convertTo(label, CV_32S);
  }

  int offset(int size) { return size > kCrop ? static_cast<int>(random_() % static_cast<size_t>(size - kCrop)) : 0; }

  std::vector<data::Dataset::Description> descriptions_;
  std::vector<float> batch_;
  std::mt19937_64 random_{0};
};

int run(const std::string& pipeline) {
  const run::Session session = run::open_session(pipeline, {}, [](ss_log_level, std::string_view) {});
  const auto dataset = run::open_dataset(session, session.pipeline.data.train.split);
  const int64_t images = load(session, *dataset);
  OpenCvLoop loop(*dataset);
  const PairedTimes times = time_in_pairs(
      kRounds, [&] { load(session, *dataset); }, [&] { loop.run(images); });
  std::printf("loader       %7.1f images/s\n", static_cast<double>(images) / times.first);
  std::printf("OpenCV alone %7.1f images/s\n", static_cast<double>(images) / times.second);
  std::printf("ratio        %7.2f of the bound\n", 1 / times.ratio);
  return 0;
}

}  // namespace
}  // namespace sshost::bench

int main(int count, char** arguments) try {
  if (count == 2) return sshost::bench::run(arguments[1]);
  std::fprintf(stderr, "usage: bench_loader configs/camvid/fcn_resnet50.yaml\n");
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_loader: %s\n", error.what());
  return 1;
}
