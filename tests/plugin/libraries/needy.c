/* Needs two capabilities and two operators; the host has one of each. */
#include "head_in_c.h"

SS_PLUGIN_NOTE(SS_HEAD_1);
HEAD(needy, "needy");
static const ss_component* const components[] = {&needy};
static const ss_string capabilities[] = {TEXT("ss.tensor/1"), TEXT("ss.telepathy/1")};
static const ss_string operators[] = {TEXT("aten::relu"), TEXT("aten::levitate"), TEXT("aten::fly.high")};
static const ss_plugin plugin = {
    sizeof plugin, 1, TEXT("needy"), TEXT("1.0.0"), components, capabilities, operators, 2, 3};

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  (void)host;
  return &plugin;
}
