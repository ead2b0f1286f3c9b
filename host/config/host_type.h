#ifndef SSHOST_CONFIG_HOST_TYPE_H
#define SSHOST_CONFIG_HOST_TYPE_H

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/nearest.h"
#include "config/node.h"
#include "config/option_value.h"
#include "config/problems.h"
#include "config/schema.h"

namespace sshost::config {

// What a schema cannot say, such as the length of a pair. `options` are complete and fit the schema.
using OptionCheck = void (*)(const ss_options_object& options, const std::string& key_path, Problems& problems);

// A type that the host itself offers where the pipeline says `type:`, with its options. It stands beside what implements
// it; whoever reads a pipeline is handed all of them.
struct HostType {
  std::string name;
  std::string text;
  Schema schema;
  OptionCheck check = nullptr;  // null: the schema says all

  // Of transforms: whether one leaves what is evaluated as its label is, so that it may stand in
  // data.evaluate.transforms, with what its options have to be there.
  bool evaluates = false;
  OptionCheck check_evaluated = nullptr;
  // Of transforms: what it needs of data.channels. `item`: its map in the pipeline.
  void (*check_channels)(const ss_options_object& options, std::int64_t channels, const Node& item,
                         Problems& problems) = nullptr;

  // Of losses: which outputs can have it.
  bool of_exclusive = true;
  bool of_independent = true;
};

using HostTypeList = std::vector<const HostType*>;

// All types that the host offers, each list in the order in which it is printed. They live as long as the program.
struct HostTypes {
  HostTypeList transforms;
  HostTypeList losses;
  HostTypeList optimizers;
  HostTypeList schedules;
};

// Of what has a HostType as its member `host`.
template <typename Type>
HostTypeList host_types_of(std::span<const Type* const> types) {
  HostTypeList list;
  list.reserve(types.size());
  for (const Type* type : types) list.push_back(&type->host);
  return list;
}

// nullptr where there is none of that name.
const HostType* find_type(const HostTypeList& types, std::string_view name);

std::vector<std::string> names_of(const HostTypeList& types);

// The losses that outputs of a kind can have.
HostTypeList losses_for(const HostTypeList& losses, bool independent);

// All options with their defaults. Throws std::logic_error where one is required.
ss_options_object default_options(const HostType& type);

// The type of that name. Throws UsageError, for `key`, where there is none; `what` is "schedule".
template <typename Type>
const Type& find_type(std::span<const Type* const> types, std::string_view key, std::string_view what,
                      std::string_view name) {
  for (const Type* type : types) {
    if (type->host.name == name) return *type;
  }
  throw UsageError(std::string(key) + ": unknown " + std::string(what) + " \"" + std::string(name) +
                   "\"; there are: " + join_names(names_of(host_types_of(types))));
}

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_HOST_TYPE_H
