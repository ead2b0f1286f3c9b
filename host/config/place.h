#ifndef SSHOST_CONFIG_PLACE_H
#define SSHOST_CONFIG_PLACE_H

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace sshost::config {

// The name of what a value was written in. Copies share it: every value of a pipeline has one, and that of an override
// is its whole argument.
class SourceName {
 public:
  SourceName() = default;
  SourceName(std::string text) : text_(std::make_shared<const std::string>(std::move(text))) {}  // NOLINT: a string
  SourceName(const char* text) : SourceName(std::string(text)) {}                                // NOLINT: a string

  const std::string& text() const;
  bool empty() const { return text().empty(); }

  friend bool operator==(const SourceName& a, const SourceName& b) {
    return a.text_ == b.text_ || a.text() == b.text();
  }

 private:
  std::shared_ptr<const std::string> text_;  // null: empty
};

// Where a value of the pipeline was written.
struct Place {
  SourceName file;  // as the user named it; for an override the whole argument, such as "--set model.head.type=psp"
  int line = 0;     // from 1 on; 0 for an override, for a default and where only the file is known
  int column = 0;   // from 1 on, in bytes

  friend bool operator==(const Place&, const Place&) = default;
};

// "pipeline.yaml:7:3", or the file alone where there is no line. A long override is cut short.
std::string to_string(const Place& place);

// True for the place of an override of the command line.
bool is_override(const Place& place);

// The path that `text` written at `place` means: relative to the folder of the file that holds it, or to the working
// directory for an override. Absolute and normalised; it need not exist.
std::filesystem::path absolute_path(const std::string& text, const Place& place);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_PLACE_H
