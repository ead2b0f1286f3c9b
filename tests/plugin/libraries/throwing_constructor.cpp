// An exception leaves its static constructor, or ends the process on the way where NOEXCEPT is true.
#include <stdexcept>

#include <sshost/abi/plugin.h>

SS_PLUGIN_NOTE(SS_HEAD_1);

namespace {

void give_up() { throw std::runtime_error("the constructor gave up"); }

struct Thrower {
  Thrower() noexcept(NOEXCEPT) { give_up(); }
};
const Thrower thrower;

}  // namespace

const ss_plugin* ss_plugin_entry(const ss_host*) { return nullptr; }
