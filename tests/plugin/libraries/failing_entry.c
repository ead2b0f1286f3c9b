/* Its entry function fails as the contract says. */
#include "head_in_c.h"

SS_PLUGIN_NOTE(SS_HEAD_1);

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  const ss_string message = TEXT("no tables were found in /usr/share");
  (void)head_table;
  host->fail(host, SS_IO, message);
  return NULL;
}
