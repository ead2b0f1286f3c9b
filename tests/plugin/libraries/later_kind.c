/* A plugin whose only component is of a kind that a later host knows. */
#include "head_in_c.h"

SS_PLUGIN_NOTE("ss.head/2");
static const ss_component later = {
    sizeof later, 0, TEXT("ss.head/2"), TEXT("delphi"), TEXT("of a later contract"), NULL, &head_table, NULL};
static const ss_component* const components[] = {&later};
static const ss_plugin plugin = {sizeof plugin, 1, TEXT("later_kind"), TEXT("1.0.0"), components, NEEDS_NOTHING};

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  (void)host;
  return &plugin;
}
