#include "plugin/library.h"

#include <dlfcn.h>

#include <array>
#include <atomic>
#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <string>
#include <system_error>

#include "plugin/refusal.h"
#include "plugin/text.h"

namespace sshost::plugin {
namespace {

// Keeps the library mapped when Boost's object closes it; dlopen's own flag, which Boost passes on.
constexpr auto kNeverUnload = static_cast<boost::dll::load_mode::type>(RTLD_NODELETE);

// The dynamic linker's words out of Boost's: "... (dlerror system message: <words>): <errno's text>".
std::string linker_message(const std::string& text) {
  const std::string_view begin = "dlerror system message: ";
  const size_t at = text.find(begin);
  if (at == std::string::npos) return text;
  const size_t from = at + begin.size();
  const size_t end = text.rfind("): ");
  return text.substr(from, end == std::string::npos || end < from ? std::string::npos : end - from);
}

// Never destroyed, and only ever longer: a signal handler reads it.
constexpr size_t kMostRemembered = 1024;
constinit std::array<std::atomic<const char*>, kMostRemembered> opened{};

void remember(const std::filesystem::path& path) {
  const char* kept = strdup(path.c_str());  // for good
  for (std::atomic<const char*>& slot : opened) {
    const char* empty = nullptr;
    if (slot.compare_exchange_strong(empty, kept)) return;
  }
}

}  // namespace

const char* plugin_of_address(const void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0 || info.dli_fname == nullptr) return nullptr;
  for (const std::atomic<const char*>& slot : opened) {
    const char* path = slot.load();
    if (path == nullptr) return nullptr;
    if (std::strcmp(path, info.dli_fname) == 0) return path;
  }
  return nullptr;
}

ss_plugin_entry_function open_library(const std::filesystem::path& path) try {
  using boost::dll::load_mode::rtld_local;
  using boost::dll::load_mode::rtld_now;
  const boost::dll::shared_library library(path, rtld_now | rtld_local | kNeverUnload);
  if (!library.has(SS_PLUGIN_ENTRY)) {
    throw Refused("expected the exported function " SS_PLUGIN_ENTRY ", found no such symbol");
  }
  remember(path);
  return &library.get<const ss_plugin*(const ss_host*)>(SS_PLUGIN_ENTRY);
} catch (const std::system_error& error) {
  throw Refused("the dynamic linker cannot load it: " + linker_message(error.what()));
} catch (const Refused&) {
  throw;
} catch (const std::exception& error) {
  throw Refused(std::string("one of its static constructors threw an exception: ") + error.what());
} catch (...) {
  throw Refused("one of its static constructors threw an exception");
}

const ss_plugin* call_entry(ss_plugin_entry_function entry, const ss_host& host) {
  const ss_plugin* plugin = nullptr;
  try {
    plugin = entry(&host);
  } catch (const std::exception& error) {
    throw Refused(std::string("its function " SS_PLUGIN_ENTRY " threw an exception: ") + error.what());
  } catch (...) {
    throw Refused("its function " SS_PLUGIN_ENTRY " threw an exception");
  }
  if (plugin != nullptr) return plugin;
  const std::string message(view(host.message(&host)));
  throw Refused("its function " SS_PLUGIN_ENTRY " failed: " + (message.empty() ? "no message" : message));
}

}  // namespace sshost::plugin
