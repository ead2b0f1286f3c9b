#include "plugin/support.h"

#include <cstddef>
#include <stdexcept>

#include "plugin/load.h"
#include "plugin/text.h"

namespace sshost::plugin {

FakeHost::FakeHost() {
  outer_.table = {};
  outer_.table.size = sizeof(ss_host);
  outer_.table.abi_major = SS_ABI_MAJOR;
  outer_.table.get = [](const ss_host*, ss_string id) -> const void* {
    static const int table = 0;
    return view(id) == "ss.tensor/1" ? &table : nullptr;
  };
  // The table is the first member of Outer, so a pointer to it is one to all of it.
  static_assert(offsetof(Outer, table) == 0);
  outer_.table.fail = [](const ss_host* host, ss_status status, ss_string message) {
    reinterpret_cast<Outer*>(const_cast<ss_host*>(host))->message = view(message);
    return status;
  };
  outer_.table.message = [](const ss_host* host) { return to_abi(reinterpret_cast<const Outer*>(host)->message); };
  outer_.table.log = [](const ss_host* host, ss_log_level, ss_string message) {
    reinterpret_cast<Outer*>(const_cast<ss_host*>(host))->log.emplace_back(view(message));
  };
}

std::filesystem::path library(const std::string& name) {
  return std::filesystem::path(SSHOST_BAD_LIBRARIES) / (name + ".so");
}

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

Registry load_files(const FakeHost& host, const std::vector<std::filesystem::path>& files,
                    std::chrono::milliseconds probe_limit) {
  LoadRequest request;
  request.named = files;
  request.host = host.abi();
  request.has_operator = FakeHost::has_operator;
  request.probe_limit = probe_limit;
  return load_plugins(request);
}

std::string refusal_of(const std::filesystem::path& file, std::chrono::milliseconds probe_limit) {
  const FakeHost host;
  const Registry registry = load_files(host, {file}, probe_limit);
  return registry.refusals().empty() ? "" : to_string(registry.refusals().front());
}

}  // namespace sshost::plugin
