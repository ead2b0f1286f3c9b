// The ss_host that plugins receive.
//
// Lifetime: it has to outlive every plugin; a plugin is never unloaded, so this is the process.
// Threads: `add` before a plugin is loaded; everything else on any thread, `set_log` too.
#ifndef SSHOST_BRIDGE_HOST_TABLE_H
#define SSHOST_BRIDGE_HOST_TABLE_H

#include <sshost/abi/host.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace sshost::bridge {

// Receives one line of a plugin; called on the plugin's thread.
using LogFunction = std::function<void(ss_log_level level, std::string_view message)>;

class Host {
 public:
  // With the tables of tables.h. `version` is the host's own, such as "0.1.0".
  Host(std::string version, LogFunction log);
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // From now on lines go to `log`. One plugin may work for several users of this host; its lines do not say for whom.
  // The one before.
  LogFunction set_log(LogFunction log);

  // Offers a further capability, such as "ss.layers/1". The table has to live as long as the host.
  void add(std::string id, const void* table);

  bool has(std::string_view id) const { return find(id) != nullptr; }
  const ss_host* abi() const { return &entry_; }

 private:
  // What plugins point to, with the way back to its owner behind the published members.
  struct Entry : ss_host {
    const Host* owner;
  };

  static const Host& owner(const ss_host* host) { return *static_cast<const Entry*>(host)->owner; }
  static const void* get(const ss_host* host, ss_string id);
  static ss_status fail(const ss_host* host, ss_status status, ss_string message);
  static ss_string message(const ss_host* host);
  static void log(const ss_host* host, ss_log_level level, ss_string message);

  const void* find(std::string_view id) const;

  std::string version_;
  mutable std::mutex log_mutex_;
  std::shared_ptr<const LogFunction> log_;
  std::map<std::string, const void*, std::less<>> tables_;
  Entry entry_;
};

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_HOST_TABLE_H
