// A record of the handles that are out, which finds those that a plugin releases twice, uses after that, or makes up.
// Without it they end in a crash somewhere else.
//
// Off by default: kept, it costs a lock and a look-up for each handle. Threads: any.
#ifndef SSHOST_BRIDGE_HANDLE_LEDGER_H
#define SSHOST_BRIDGE_HANDLE_LEDGER_H

#include <atomic>
#include <string>

namespace sshost::bridge {

// From now on. Before the first handle is given out: those that are out already would count as made up.
void keep_handle_ledger();

inline std::atomic<bool> handle_ledger_is_kept = false;

// For those who hand out and take back handles, where the ledger is kept.
void enter_handle(const void* handle);

// Takes one count away. False where there is none: a mistake, which is noted.
bool strike_handle(const void* handle);

// Whether it is out; where not, a mistake is noted.
bool knows_handle(const void* handle);

// What was wrong with handles since the last call; empty where nothing was.
std::string take_handle_mistake();

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_HANDLE_LEDGER_H
