/* The default of its option is outside of the option's own bounds. */
#include "head_in_c.h"

SS_PLUGIN_NOTE(SS_HEAD_1);
static const ss_option depth = {
    sizeof depth, SS_OPTION_INT, SS_OPTION_SCALAR, 0, TEXT("depth"), TEXT("how deep"), TEXT("9"), 1, 4, NULL, 0, 0,
    NULL};
static const ss_option* const options[] = {&depth};
static const ss_schema schema = {sizeof schema, 1, options};
static const ss_component head = {sizeof head,  0,       TEXT(SS_HEAD_1), TEXT("deep"),
                                  TEXT("help"), &schema, &head_table,     NULL};
static const ss_component* const components[] = {&head};
static const ss_plugin plugin = {sizeof plugin, 1, TEXT("wrong_default"), TEXT("1.0.0"), components, NEEDS_NOTHING};

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  (void)host;
  return &plugin;
}
