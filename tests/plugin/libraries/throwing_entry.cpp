// An exception leaves its entry function.
#include <stdexcept>

#include <sshost/abi/plugin.h>

SS_PLUGIN_NOTE(SS_HEAD_1);

const ss_plugin* ss_plugin_entry(const ss_host*) { throw std::runtime_error("the entry gave up"); }
