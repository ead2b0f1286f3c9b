#ifndef SSHOST_MODEL_NAMED_INPUT_H
#define SSHOST_MODEL_NAMED_INPUT_H

#include <cstddef>
#include <optional>
#include <string_view>

namespace sshost::model {

// An input that a head wants besides the features.
struct NamedInput {
  std::optional<std::size_t> auxiliary;  // the logits of that auxiliary head; else the image
};

// Reads "image" or "auxiliary.<N>.logits"; nothing for another name.
std::optional<NamedInput> parse_named_input(std::string_view name);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_NAMED_INPUT_H
