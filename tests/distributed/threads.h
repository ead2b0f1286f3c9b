// Ranks that are threads of one process, each with a process group of its own.
#ifndef SSHOST_TESTS_DISTRIBUTED_THREADS_H
#define SSHOST_TESTS_DISTRIBUTED_THREADS_H

#include <gtest/gtest.h>

#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "distributed/free_port.h"
#include "distributed/process_group.h"

namespace sshost::test {

inline distributed::RankEnvironment environment_of(int64_t rank, int64_t count, uint16_t port) {
  distributed::RankEnvironment environment;
  environment.rank = rank;
  environment.count = count;
  environment.address = "127.0.0.1";
  environment.port = port;
  return environment;
}

// Runs `work(group)` on each rank, until all are done.
template <typename Work>
void run_ranks(int64_t count, Work work) {
  const uint16_t port = free_port();
  std::vector<std::thread> threads;
  for (int64_t rank = 0; rank < count; ++rank) {
    threads.emplace_back([=] {
      try {
        const distributed::ProcessGroup group(environment_of(rank, count, port), {.timeout = 60});
        work(group);
      } catch (const std::exception& error) {
        ADD_FAILURE() << "rank " << rank << ": " << error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace sshost::test

#endif  // SSHOST_TESTS_DISTRIBUTED_THREADS_H
