/* The host, as a plugin sees it: capabilities by id, errors and the log.
 *
 * Lifetime: the host outlives every plugin, which is never unloaded.
 * Threads: every function may be called on any thread. */
#ifndef SSHOST_ABI_HOST_H
#define SSHOST_ABI_HOST_H

#include "status.h"

typedef int32_t ss_log_level;
enum { SS_LOG_DEBUG = 0, SS_LOG_INFO = 1, SS_LOG_WARNING = 2, SS_LOG_ERROR = 3 };

typedef struct ss_host {
  uint32_t size;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t reserved;
  ss_string version; /* of the host, such as "0.1.0" */

  /* The table of a capability such as "ss.ops/1", or NULL where this host does not have it. Lives with the host. */
  const void* (*get)(const struct ss_host* host, ss_string id);

  /* Keeps `message` for the calling thread, in place of the one before, and returns `status`: a function of a plugin
   * ends with `return host->fail(host, SS_INVALID_ARGUMENT, message)`. */
  ss_status (*fail)(const struct ss_host* host, ss_status status, ss_string message);

  /* The calling thread's last message, of a host's function that failed. Valid until the next failure. */
  ss_string (*message)(const struct ss_host* host);

  /* One line for the run's log, which adds the time. */
  void (*log)(const struct ss_host* host, ss_log_level level, ss_string message);
} ss_host;

SS_STATIC_ASSERT(offsetof(ss_host, log) == 56, "the published part of ss_host is pinned");

#endif
