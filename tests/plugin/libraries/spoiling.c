/* Changes what belongs to the whole process as soon as it is loaded. */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plain.c"

__attribute__((constructor)) static void run(void) {
  signal(SIGINT, SIG_IGN);
  umask(0777);
  if (chdir("/") != 0) _exit(1);
}
