/* A note, and no entry function. */
#include <sshost/abi/plugin.h>

SS_PLUGIN_NOTE(SS_HEAD_1);

SS_EXPORT int another_symbol(void);
int another_symbol(void) { return 1; }
