// The built data set plugins, opened as a pipeline opens them.
#ifndef SSHOST_TESTS_DATASETS_SUPPORT_H
#define SSHOST_TESTS_DATASETS_SUPPORT_H

#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "data/dataset.h"

namespace sshost::data {

// Data set `type` with these options in YAML; relative paths start at `folder`. UsageError where the options do not fit
// the plugin's schema, Error where it does not open.
std::unique_ptr<Dataset> open_dataset(const std::string& type, const std::string& yaml, const std::string& split,
                                      const std::filesystem::path& folder = ".");

// What opening or reading sample 0 says; empty where both work.
std::string dataset_error(const std::string& type, const std::string& yaml, const std::string& split,
                          const std::filesystem::path& folder = ".");

Sample read_one(const Dataset& dataset, int64_t index, uint64_t seed = 0);

// A folder that is gone when the test is.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write_text(const std::string& name, const std::string& text) const;
  void write_image(const std::string& name, const cv::Mat& pixels) const;  // BGR, or one channel

 private:
  std::filesystem::path path_;
};

}  // namespace sshost::data

#endif  // SSHOST_TESTS_DATASETS_SUPPORT_H
