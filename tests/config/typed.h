#ifndef SSHOST_TESTS_CONFIG_TYPED_H
#define SSHOST_TESTS_CONFIG_TYPED_H

#include <memory>
#include <span>
#include <string>

#include "config/checker.h"
#include "config/host_type.h"
#include "config/load.h"
#include "config/pipeline.h"

namespace sshost::config {

// One of the host's own types with the options that its schema makes of this YAML. Throws UsageError where there is no
// such type, or the options do not fit.
template <typename Type>
TypedConfig typed(std::span<const Type* const> types, const std::string& name, const std::string& yaml = "{}") {
  const HostType& type = find_type(types, "test", "type", name).host;
  Problems problems;
  const Node node = load_pipeline_text(yaml, "test.yaml", {}, problems);
  auto options = check_options(node, &type.schema.abi(), name, {}, problems);
  problems.throw_if_any();
  return {name, std::make_shared<const ss_options_object>(std::move(options))};
}

}  // namespace sshost::config

#endif  // SSHOST_TESTS_CONFIG_TYPED_H
