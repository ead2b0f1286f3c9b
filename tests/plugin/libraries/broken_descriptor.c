/* The name of its component points to where no memory is. */
#include "head_in_c.h"

SS_PLUGIN_NOTE(SS_HEAD_1);

static const ss_component broken = {sizeof broken, 0,    TEXT(SS_HEAD_1), {(const char*)8, 5},
                                    TEXT("help"),  NULL, &head_table,     NULL};
static const ss_component* const components[] = {&broken};
static const ss_plugin plugin = {sizeof plugin, 1, TEXT("broken"), TEXT("1.0.0"), components, NEEDS_NOTHING};

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  (void)host;
  return &plugin;
}
