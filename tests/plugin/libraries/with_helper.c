/* A plugin that needs a library of its own. */
#include "plain.c"

int helper_value(void);
static int (*const needed)(void) __attribute__((used)) = helper_value;
