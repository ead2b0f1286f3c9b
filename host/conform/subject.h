#ifndef SSHOST_CONFORM_SUBJECT_H
#define SSHOST_CONFORM_SUBJECT_H

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/option_value.h"
#include "config/pipeline.h"
#include "plugin/registry.h"

namespace sshost::conform {

// What is tested: a library, or one of its components with options. Made in the child that tests.
struct Subject {
  std::filesystem::path library;  // canonical
  const plugin::Component* component = nullptr;
  config::ComponentConfig config;  // of the component
  std::string given;               // the options that were given, in YAML

  // The same component with further options, which have to be those of its schema.
  config::ComponentConfig with(const std::string& yaml) const;
};

// A component by kind and name.
struct ComponentName {
  std::string kind;  // "ss.head/1"
  std::string name;
};

// Loads the library into this process. Throws Error where it is refused.
plugin::Registry load_library(const std::filesystem::path& library);

// Complete options out of YAML, a map or nothing. Throws UsageError with all that is wrong.
config::ComponentConfig read_options(const plugin::Component& component, const std::string& yaml);

Subject subject_of(const plugin::Registry& registry, const std::filesystem::path& library, const ComponentName& name,
                   const std::string& options);

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_SUBJECT_H
