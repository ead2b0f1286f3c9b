#include "cli/threads.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <string>

namespace sshost::cli {
namespace {

constexpr const char* kCores = "SSHOST_CORES";  // from the launcher to the program

// Where one of these is set, somebody else decides who gets which cores: several processes that each pin themselves
// would all take the first ones.
constexpr const char* kSharedOut[] = {"OMP_PROC_BIND", "OMP_PLACES", "OMP_NUM_THREADS", "RANK", "SLURM_PROCID"};

bool cores_are_shared_out() {
  return std::any_of(std::begin(kSharedOut), std::end(kSharedOut),
                     [](const char* name) { return std::getenv(name) != nullptr; });
}

std::string own_cores() {
  cpu_set_t cores;
  std::string list;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return list;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &cores)) list += std::to_string(core) + " ";
  }
  return list;
}

// The runtime pins the main thread to the first core before main, and every thread that it starts would inherit that:
// the threads that load data would all wait for the one core that is busiest. They get all cores instead; the
// runtime's own threads are not concerned, since it starts them with attributes of its own.
void give_new_threads(const std::string& list) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  std::istringstream numbers(list);
  for (int core = 0; numbers >> core;) {
    if (core >= 0 && core < CPU_SETSIZE) CPU_SET(core, &cores);
  }
  if (CPU_COUNT(&cores) == 0) return;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setaffinity_np(&attributes, sizeof cores, &cores);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

// Whether give_new_threads has pinned threads; then `cores` is what it has set.
bool find_all_cores(cpu_set_t& cores) {
  pthread_attr_t attributes;
  if (pthread_getattr_default_np(&attributes) != 0) return false;
  const bool is_known = pthread_attr_getaffinity_np(&attributes, sizeof cores, &cores) == 0;
  pthread_attr_destroy(&attributes);
  return is_known && CPU_COUNT(&cores) < CPU_SETSIZE;  // all there can be: nothing was set
}

}  // namespace

void unpin_one_of(int threads) {
  cpu_set_t cores;
  if (find_all_cores(cores) && threads < CPU_COUNT(&cores)) sched_setaffinity(0, sizeof cores, &cores);
}

void pin_operator_threads() {
  if (cores_are_shared_out()) return;
  setenv(kCores, own_cores().c_str(), 1);
  setenv("OMP_PROC_BIND", "close", 1);
  setenv("OMP_PLACES", "cores", 1);
}

void free_other_threads() {
  const char* cores = std::getenv(kCores);
  if (cores == nullptr) return;
  give_new_threads(cores);
  unsetenv(kCores);
}

}  // namespace sshost::cli
