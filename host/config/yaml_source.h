#ifndef SSHOST_CONFIG_YAML_SOURCE_H
#define SSHOST_CONFIG_YAML_SOURCE_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sshost::config {

// The lines of a YAML text, for what its parser does not tell: where a value was left out, what stands there in its
// place, and what people forget to quote. The text outlives it. Lines and columns count from 1 on, in bytes.
class YamlSource {
 public:
  explicit YamlSource(std::string_view text);

  // Whether a null is written there: null or ~.
  bool has_null_at(int line, int column) const;

  // "#ff0000" where nothing else stands behind the key that begins there; else empty. A comment as people write them
  // has a space behind its "#".
  std::string comment_behind_key(int line, int column, std::string_view key) const;

  // The same of a list's element, "- #ff0000", above the line where the next element or whatever follows begins.
  std::string comment_of_item_above(int line) const;

  // A value that begins as something else than text does and goes on as text: {split}/*.jpg, [0-9]*.png, *.jpg, %d.
  struct Unquoted {
    int line;
    int column;
    std::string advice;
  };

  // The first tab in front of what stands on a line, up to `last_line`.
  struct Tab {
    int line;
    int column;
  };
  std::optional<Tab> find_tab(int last_line) const;

  // The last one on the lines up to `last_line`. For a text that has not been understood: a guess at the reason.
  std::optional<Unquoted> find_unquoted(int last_line) const;

 private:
  std::string_view line(int number) const;

  std::vector<std::string_view> lines_;
};

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_YAML_SOURCE_H
