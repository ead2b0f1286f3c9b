/* Nothing wrong with it. PLUGIN_NAME differs between the libraries that are built of it, the head's name does not. Its
   entry says that it was called. */
#include "head_in_c.h"

#ifndef PLUGIN_NAME
#define PLUGIN_NAME "plain"
#endif

SS_PLUGIN_NOTE(SS_HEAD_1);
HEAD(plain, "plain");
static const ss_component* const components[] = {&plain};
static const ss_plugin plugin = {sizeof plugin, 1, TEXT(PLUGIN_NAME), TEXT("1.2.3"), components, NEEDS_NOTHING};

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  host->log(host, SS_LOG_DEBUG, (ss_string)TEXT("entered"));
  return &plugin;
}
