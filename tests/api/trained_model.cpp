#include "api/trained_model.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "cli/program.h"

namespace sshost::api {
namespace {

namespace fs = std::filesystem;

std::string pipeline(const std::string& head) {
  return "run: [train]\nseed: 3\nthreads: 1\noutput: run\n"
         "data:\n"
         "  dataset: {type: synthetic, classes: 5, height: 64, width: 64, train_samples: 4, evaluate_samples: 2}\n"
         "  train: {transforms: [{type: normalize}]}\n"
         "  evaluate: {transforms: [{type: normalize}]}\n"
         "model:\n"
         "  backbone: {type: resnet, depth: 18, output_stride: 8}\n"
         "  features: {indices: [3]}\n"
         "  head: {type: " +
         head +
         ", channels: 16}\n"
         "train: {steps: 1, batch_size: 2, optimizer: {type: sgd, lr: 0.01}}\n";
}

void run(const fs::path& folder, const std::vector<std::string>& arguments) {
  const cli::Outcome outcome = cli::run_program(folder, arguments);
  if (outcome.exit_code != 0) throw std::runtime_error(arguments[0] + ": " + outcome.out + outcome.err);
}

}  // namespace

TrainedModel::TrainedModel(const std::string& head) : checkpoint_(folder_ / "run/checkpoints/step-000001.safetensors") {
  test::write_bytes(folder_ / "p.yaml", pipeline(head));
  run(folder_.path(), {"run", "p.yaml"});
}

cv::Mat TrainedModel::predicted_by_program(const cv::Mat& rgb) const {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  cv::imwrite((folder_ / "photo.png").string(), bgr);
  run(folder_.path(),
      {"predict", "photo.png", "--checkpoint", checkpoint_.string(), "--format", "index", "--output", "masks"});
  return cv::imread((folder_ / "masks/photo.index.png").string(), cv::IMREAD_UNCHANGED);
}

cv::Mat noise(int height, int width, uint64_t seed) {
  cv::Mat image(height, width, CV_8UC3);
  cv::RNG random(seed);
  random.fill(image, cv::RNG::UNIFORM, 0, 256);
  return image;
}

}  // namespace sshost::api
