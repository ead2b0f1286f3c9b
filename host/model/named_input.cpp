#include "model/named_input.h"

#include <charconv>

namespace sshost::model {

std::optional<NamedInput> parse_named_input(std::string_view name) {
  constexpr std::string_view kBefore = "auxiliary.";
  constexpr std::string_view kAfter = ".logits";
  if (name == "image") return NamedInput{};
  if (!name.starts_with(kBefore) || !name.ends_with(kAfter)) return std::nullopt;
  name.remove_prefix(kBefore.size());
  if (name.size() <= kAfter.size()) return std::nullopt;
  name.remove_suffix(kAfter.size());
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return NamedInput{index};
}

}  // namespace sshost::model
