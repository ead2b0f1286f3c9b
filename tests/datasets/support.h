// The built data set plugins, opened as a pipeline opens them.
#ifndef SSHOST_TESTS_DATASETS_SUPPORT_H
#define SSHOST_TESTS_DATASETS_SUPPORT_H

#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/submission.h"
#include "temp_folder.h"

namespace sshost::data {

// Data set `type` with these options in YAML; relative paths start at `folder`. UsageError where the options do not fit
// the plugin's schema, Error where it does not open.
std::unique_ptr<Dataset> open_dataset(const std::string& type, const std::string& yaml, const std::string& split,
                                      const std::filesystem::path& folder = ".");

// Its classes, which may not need its files.
DatasetInfo dataset_info(const std::string& type, const std::string& yaml, const std::string& split);

// The layouts for submissions that data set `type` offers.
std::vector<Submission> submissions_offered_by(const std::string& type);

// What opening or reading sample 0 says; empty where both work.
std::string dataset_error(const std::string& type, const std::string& yaml, const std::string& split,
                          const std::filesystem::path& folder = ".");

Sample read_one(const Dataset& dataset, int64_t index, uint64_t seed = 0);

// Writes into `folder`, making the folders between.
void write_text(const test::TempFolder& folder, const std::string& name, const std::string& text);
void write_image(const test::TempFolder& folder, const std::string& name, const cv::Mat& pixels);  // BGR, or 1 channel

}  // namespace sshost::data

#endif  // SSHOST_TESTS_DATASETS_SUPPORT_H
