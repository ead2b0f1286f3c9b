// A plugin of the build, loaded with a fake host.
#ifndef SSHOST_TESTS_SDK_LOADED_PLUGIN_H
#define SSHOST_TESTS_SDK_LOADED_PLUGIN_H

#include <dlfcn.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "sdk/fake_host.h"

namespace sshost::test {

inline const ss_plugin* load(const std::string& path, const FakeHost& host) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(dlerror());
  const auto entry = reinterpret_cast<ss_plugin_entry_function>(dlsym(library, SS_PLUGIN_ENTRY));
  return entry(host.abi());
}

inline std::vector<std::string> texts(const ss_string* from, uint32_t count) {
  std::vector<std::string> result;
  for (uint32_t i = 0; i < count; ++i) result.push_back(text(from[i]));
  return result;
}

}  // namespace sshost::test

#endif  // SSHOST_TESTS_SDK_LOADED_PLUGIN_H
