/* Two heads, and a component of a kind that only a later host knows. */
#include "head_in_c.h"

SS_PLUGIN_NOTE("ss.head/1 ss.oracle/7");
HEAD(left, "left");
HEAD(right, "right");
static const int later_table = 1;
static const ss_component later = {
    sizeof later, 0, TEXT("ss.oracle/7"), TEXT("delphi"), TEXT("of a later contract"), NULL, &later_table, NULL};
static const ss_component* const components[] = {&left, &right, &later};
static const ss_plugin plugin = {sizeof plugin, 3, TEXT("two_heads"), TEXT("1.0.0"), components, NEEDS_NOTHING};

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  (void)host;
  return &plugin;
}
