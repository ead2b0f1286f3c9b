// A small model that the program has trained for a step, and what the program predicts with it.
#ifndef SSHOST_TESTS_API_TRAINED_MODEL_H
#define SSHOST_TESTS_API_TRAINED_MODEL_H

#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>

#include "temp_folder.h"

namespace sshost::api {

class TrainedModel {
 public:
  // With the head of that type, "fcn" or "psp". Throws std::runtime_error with what the program said.
  explicit TrainedModel(const std::string& head);

  const std::filesystem::path& checkpoint() const { return checkpoint_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  // The class of each pixel of an RGB image, as `sshost predict --format index` writes it.
  cv::Mat predicted_by_program(const cv::Mat& rgb) const;

 private:
  test::TempFolder folder_;
  std::filesystem::path checkpoint_;
};

// [height, width, 3] of noise.
cv::Mat noise(int height, int width, uint64_t seed);

}  // namespace sshost::api

#endif  // SSHOST_TESTS_API_TRAINED_MODEL_H
