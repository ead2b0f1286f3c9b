#include "config/host_type.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "config/checker.h"

namespace sshost::config {

const HostType* find_type(const HostTypeList& types, std::string_view name) {
  const auto found =
      std::find_if(types.begin(), types.end(), [name](const HostType* type) { return type->name == name; });
  return found == types.end() ? nullptr : *found;
}

std::vector<std::string> names_of(const HostTypeList& types) {
  std::vector<std::string> names;
  names.reserve(types.size());
  for (const HostType* type : types) names.push_back(type->name);
  return names;
}

HostTypeList losses_for(const HostTypeList& losses, bool independent) {
  HostTypeList fitting;
  std::copy_if(losses.begin(), losses.end(), std::back_inserter(fitting),
               [independent](const HostType* loss) { return independent ? loss->of_independent : loss->of_exclusive; });
  return fitting;
}

ss_options_object default_options(const HostType& type) {
  Problems problems;
  ss_options_object options = check_options(Node{}, &type.schema.abi(), type.name, {}, problems);
  if (problems.any()) throw std::logic_error(type.name + " has options without a default");
  return options;
}

}  // namespace sshost::config
