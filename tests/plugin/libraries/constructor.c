/* Its static constructor misbehaves, in the way that MISBEHAVIOUR says. */
#include <signal.h>
#include <sshost/abi/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

SS_PLUGIN_NOTE(SS_HEAD_1);

static void crash(void) { raise(SIGSEGV); }
static void leave(void) {
  fputs("no licence was found\n", stderr);
  exit(3);
}
static void hang(void) {
  for (;;) pause();
}

__attribute__((constructor)) static void run(void) {
  (void)crash, (void)leave, (void)hang;
  MISBEHAVIOUR();
}

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  (void)host;
  return NULL;
}
