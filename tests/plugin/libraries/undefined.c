/* Calls a function that no library has: with lazy binding this would end in death at the first call. */
#include <sshost/abi/plugin.h>

SS_PLUGIN_NOTE(SS_HEAD_1);

void nobody_has_this_function(void);

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  (void)host;
  nobody_has_this_function();
  return NULL;
}
