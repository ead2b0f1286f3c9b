// A folder with a pipeline in which the program runs.
#ifndef SSHOST_TESTS_CLI_PIPELINE_FOLDER_H
#define SSHOST_TESTS_CLI_PIPELINE_FOLDER_H

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/program.h"
#include "temp_folder.h"

namespace sshost::cli {

class PipelineFolder : public testing::Test {
 protected:
  // The pipeline is "p.yaml"; beside it lie these libraries of the tests.
  explicit PipelineFolder(const std::string& pipeline, const std::vector<std::string>& libraries = {}) {
    test::write_bytes(file("p.yaml"), pipeline);
    for (const std::string& name : libraries) {
      std::filesystem::copy_file(std::filesystem::path(SSHOST_TEST_PLUGIN_DIR) / name, file(name));
    }
  }

  std::filesystem::path file(const std::string& name) const { return folder_ / name; }
  Outcome run(const std::vector<std::string>& arguments) const { return run_program(folder_.path(), arguments); }

  test::TempFolder folder_;
};

// What a pipeline with the null backbone and the null head needs.
inline const std::vector<std::string> kNullLibraries = {"null_backbone.so", "null_head.so"};

}  // namespace sshost::cli

#endif  // SSHOST_TESTS_CLI_PIPELINE_FOLDER_H
