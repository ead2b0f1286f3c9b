#include "bridge/host_table.h"

#include "bridge/boundary.h"
#include "bridge/tables.h"

namespace sshost::bridge {

Host::Host(std::string version, LogFunction log) : version_(std::move(version)) {
  set_log(std::move(log));
  entry_.size = sizeof(ss_host);
  entry_.abi_major = SS_ABI_MAJOR;
  entry_.abi_minor = SS_ABI_MINOR;
  entry_.reserved = 0;
  entry_.version = to_ss_string(version_);
  entry_.get = &Host::get;
  entry_.fail = &Host::fail;
  entry_.message = &Host::message;
  entry_.log = &Host::log;
  entry_.owner = this;
  add(SS_TENSOR_1, tensor_table());
  add(SS_OPS_1, ops_table());
  add(SS_OPTIONS_1, options_table());
  add(SS_IMAGES_1, images_table());
  add(SS_FILES_1, files_table());
}

LogFunction Host::set_log(LogFunction log) {
  auto shared = std::make_shared<const LogFunction>(std::move(log));
  {
    const std::scoped_lock lock(log_mutex_);
    log_.swap(shared);
  }
  return shared ? *shared : LogFunction();  // what it was is destroyed behind the lock
}

void Host::add(std::string id, const void* table) { tables_.insert_or_assign(std::move(id), table); }

const void* Host::find(std::string_view id) const {
  const auto found = tables_.find(id);
  return found == tables_.end() ? nullptr : found->second;
}

const void* Host::get(const ss_host* host, ss_string id) { return owner(host).find(view(id)); }

ss_status Host::fail(const ss_host*, ss_status status, ss_string message) {
  return bridge::fail(status, view(message));
}

ss_string Host::message(const ss_host*) { return to_ss_string(bridge::message()); }

void Host::log(const ss_host* host, ss_log_level level, ss_string message) {
  const Host& self = owner(host);
  try {
    std::unique_lock lock(self.log_mutex_);
    const std::shared_ptr<const LogFunction> log = self.log_;
    lock.unlock();  // a log may call back
    if (*log) (*log)(level, view(message));
  } catch (...) {  // NOLINT(bugprone-empty-catch): a line that cannot be written is no reason to end a plugin's work
  }
}

}  // namespace sshost::bridge
