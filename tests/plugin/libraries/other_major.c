/* Of another major version of the contract; it must not be run, and dies where it is. */
#include <sshost/abi/plugin.h>
#include <stdlib.h>

__attribute__((used, section(SS_NOTE_SECTION), aligned(4))) static const ss_note note = {
    sizeof(SS_NOTE_OWNER), sizeof(ss_note_description), SS_NOTE_TYPE, SS_NOTE_OWNER, {OTHER_MAJOR, 3, SS_HEAD_1}};

__attribute__((constructor)) static void run(void) { abort(); }

const ss_plugin* ss_plugin_entry(const ss_host* host) {
  (void)host;
  abort();
}
