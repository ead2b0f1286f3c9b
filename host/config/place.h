#ifndef SSHOST_CONFIG_PLACE_H
#define SSHOST_CONFIG_PLACE_H

#include <filesystem>
#include <string>

namespace sshost::config {

// Where a value of the pipeline was written.
struct Place {
  std::string file;  // as the user named it; for an override the whole argument, such as "--set model.head.type=psp"
  int line = 0;      // from 1 on; 0 for an override, for a default and where only the file is known
  int column = 0;    // from 1 on, in bytes

  friend bool operator==(const Place&, const Place&) = default;
};

// "pipeline.yaml:7:3", or the file alone where there is no line.
std::string to_string(const Place& place);

// True for the place of an override of the command line.
bool is_override(const Place& place);

// The path that `text` written at `place` means: relative to the folder of the file that holds it, or to the working
// directory for an override. Absolute and normalised; it need not exist.
std::filesystem::path absolute_path(const std::string& text, const Place& place);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_PLACE_H
