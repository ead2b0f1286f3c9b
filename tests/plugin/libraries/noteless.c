/* A plugin but for its note. */
#include "head_in_c.h"

HEAD(plain, "noteless");
static const ss_component* const components[] = {&plain};
static const ss_plugin plugin = {sizeof plugin, 1, TEXT("noteless"), TEXT("1.0.0"), components, NEEDS_NOTHING};

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  (void)host;
  return &plugin;
}
