// Pipelines: a file, those that it extends, and overrides. An input is files, "0", "1" and so on, with a byte 1 between
// them, and after a byte 2 overrides, with a byte 3 between them. The first file is read as what a checkpoint holds, too.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/load.h"
#include "config/parse_yaml.h"
#include "config/pipeline.h"
#include "config/schema.h"
#include "fuzz/written_file.h"

namespace {

using namespace sshost;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.emplace_back(text);
  return parts;
}

// One component of every kind, with an option of every sort.
const ss_schema* schemas(std::string_view, std::string_view type) {
  using namespace config;
  static const Schema all({integer("i", "8", "").between(0, 100), real("r", "0.5", ""), boolean("b", "true", ""),
                           string("s", "", "").nullable(), path("p", "", "").nullable(),
                           integer("l", "[1, 2]", "").list(1), string("c", "a", "").one_of({"a", "b"}),
                           structure("m", Schema({integer("k", "3", "")}), "")});
  if (type != "x") throw UsageError("there is only x");
  return &all.abi();
}

// One type of the host's own wherever there is one, with an option of every sort; it bears the names of defaults.
const config::HostTypes& host_types() {
  using namespace config;
  const auto named = [](const char* name) {
    return HostType{
        .name = name,
        .text = "",
        .schema = Schema({real("weight", "1", "").at_least(0), real("scale_range", "", "").list(2).nullable(),
                          config::size("size", ListOrder::kWidthHeight, "").nullable()}),
        .evaluates = true};
  };
  static const HostType types[] = {
      named("resize"),    named("random_crop"), named("random_flip"),   named("photometric_distortion"),
      named("normalize"), named("pad"),         named("cross_entropy"), named("bce"),
      named("sgd"),       named("poly")};
  static const HostTypes all{{&types[0], &types[1], &types[2], &types[3], &types[4], &types[5]},
                             {&types[6], &types[7]},
                             {&types[8]},
                             {&types[9]}};
  return all;
}

// Every value has a place, and no text is longer than what was read.
void check(const config::Node& node) {
  if (node.place.file.empty()) __builtin_trap();
  if (node.scalar.size() > config::kLongestYaml || node.key_path.size() > 2 * config::kLongestYaml) __builtin_trap();
  for (const config::Node& item : node.items) check(item);
  for (const config::Node::Entry& entry : node.entries) check(entry.value);
}

template <typename Load>
void read(Load&& load) {
  config::Problems problems;
  try {
    const config::Node root = load(problems);
    check(root);
    config::read_plugins(root);
    config::read_type_paths(root);
    config::read_pipeline(root, schemas, host_types(), problems);
    if (problems.lines().size() > 101) __builtin_trap();
  } catch (const UsageError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\2');
  const std::vector<std::string> files = split(input.substr(0, end), '\1');
  std::vector<std::string> overrides;
  if (end != std::string_view::npos) overrides = split(input.substr(end + 1), '\3');
  for (size_t i = 0; i < files.size() && i < 10; ++i) {
    std::ofstream(test::fuzz_folder() / std::to_string(i), std::ios::binary) << files[i];
  }
  read([&](config::Problems& problems) {
    return config::load_pipeline_file(test::fuzz_folder() / "0", overrides, problems);
  });
  read([&](config::Problems& problems) { return config::load_pipeline_text(files[0], "c", overrides, problems); });
  return 0;
}
