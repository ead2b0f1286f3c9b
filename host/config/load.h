#ifndef SSHOST_CONFIG_LOAD_H
#define SSHOST_CONFIG_LOAD_H

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "config/node.h"
#include "config/problems.h"

namespace sshost::config {

// So many files may become one pipeline; one that is extended twice counts twice.
inline constexpr std::size_t kMostFiles = 100;

// Reads a pipeline with the files that it `extends` (a path or a list of paths, relative to the file that names them;
// a later one goes over an earlier one, the file itself over all), then puts `overrides` over it ("a.b=value", the
// value in YAML; a number in the path is an index of a list).
//
// Maps merge, lists and scalars replace, and a map whose `type` changes replaces the one below it. An override of a
// `type` alone keeps the options beside it and marks them (Node::written_for): check_options drops those that the new
// type does not have, with a notice.
//
// What leaves nothing to read (no such file, not UTF-8, a syntax error, a circle of `extends`, more than kMostFiles files
// or more values than YamlBudget has) throws UsageError with its place, but not with text of the file, which `extends`
// may have taken for a pipeline; any other mistake, such as a key given twice, goes to `problems`.
Node load_pipeline_file(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                        Problems& problems);

// The same for text that is already in memory, such as the pipeline in a checkpoint; `name` stands for the file. It
// cannot extend a file: that would be one of the reader's, and the text is whoever's.
Node load_pipeline_text(const std::string& text, const std::string& name, const std::vector<std::string>& overrides,
                        Problems& problems);

// A library that the pipeline names, or a folder of libraries.
struct NamedPlugin {
  std::filesystem::path path;  // absolute
  Place place;
  std::string key_path;  // "plugins.0"
};

// All of `plugins:`. Values of a wrong kind are skipped: read_pipeline reports them.
std::vector<NamedPlugin> read_plugins(const Node& root);

// The libraries of types that are paths, such as that of model.head.type.
std::vector<NamedPlugin> read_type_paths(const Node& root);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_LOAD_H
