#ifndef SSHOST_TESTS_CONFIG_SUPPORT_H
#define SSHOST_TESTS_CONFIG_SUPPORT_H

#include <filesystem>
#include <string>
#include <vector>

#include "config/load.h"
#include "config/pipeline.h"
#include "config/schema.h"

namespace sshost::config {

// A folder that is gone after the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const;  // gives the file's path

 private:
  std::filesystem::path path_;
};

// Types of components as plugins would declare them: backbone "net", heads "wide" and "thin", memory "recall", data set
// "shapes".
const ss_schema* test_schemas(std::string_view kind, std::string_view type);

// Reads text as the file "p.yaml".
Pipeline read_text(const std::string& text, const std::vector<std::string>& overrides = {});

// The same, for the notices.
std::vector<std::string> notices_of(const std::string& text, const std::vector<std::string>& overrides);

// The errors that reading gives; none: an empty list.
std::vector<std::string> errors_of(const std::string& text, const std::vector<std::string>& overrides = {});

// A pipeline of the test's types with `head` as its head, and `rest` as further lines at its end.
std::string pipeline_text(const std::string& head = "{type: wide}", const std::string& rest = "");

}  // namespace sshost::config

#endif  // SSHOST_TESTS_CONFIG_SUPPORT_H
