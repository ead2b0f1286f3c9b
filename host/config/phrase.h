#ifndef SSHOST_CONFIG_PHRASE_H
#define SSHOST_CONFIG_PHRASE_H

#include <sshost/abi/options.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

// Options of a schema in words.
namespace sshost::config {

inline std::string_view view(ss_string text) { return {text.data, text.data ? text.size : 0}; }

inline std::span<const ss_option* const> options_of(const ss_schema& schema) {
  return {schema.options, schema.option_count};
}

inline bool has_flag(const ss_option& option, std::uint32_t flag) { return (option.flags & flag) != 0; }

inline bool is_size(const ss_option& option) {
  return option.shape == SS_OPTION_LIST && has_flag(option, SS_OPTION_SIZE);
}

// How a size may be written: "[height, width]", or of an option of the host's own "[width, height]".
const char* list_of_sides(const ss_option& option);

std::vector<std::string> names_of(const ss_schema& schema);
std::vector<std::string> choices_of(const ss_option& option);

// "an integer of at least 1", "one of mean, cosine_similarity": one value, whatever the option's shape.
std::string phrase_of_value(const ss_option& option);

// The whole option with its shape: "a list of integers", "a map".
std::string phrase_of(const ss_option& option);

// For tables, without an article: "integer >= 1", "list of numbers in [0, 1]", "mean | cosine_similarity, or null".
std::string type_column(const ss_option& option);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_PHRASE_H
