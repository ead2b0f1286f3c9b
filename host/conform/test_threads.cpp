#include <string>
#include <thread>
#include <vector>

#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

constexpr int kThreads = 4, kRounds = 3;

void run(const Subject& subject) {
  Network network(subject);
  std::vector<Inputs> inputs;
  std::vector<std::vector<at::Tensor>> alone;
  for (int i = 0; i < kThreads; ++i) {
    inputs.push_back(network.inputs({1, 64, 64}, static_cast<uint64_t>(i) + 20));
    alone.push_back(network.infer(inputs.back()));
  }
  std::vector<std::string> seen(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      try {
        for (int round = 0; round < kRounds; ++round) {
          require_equal(alone[i], network.infer(inputs[i]), "beside other threads");
          Network(subject, 0);
        }
      } catch (const std::exception& error) {
        seen[i] = error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : seen) {
    if (!text.empty()) throw Broken(text);
  }
}

}  // namespace

extern const Test kThreadsOfLoss = {
    "threads",
    "created and run on several threads at once, it gives what it gives alone",
    {"loss.h", "Threads: after `create`, any function may run on several threads at once."},
    "loss",
    run};

extern const Test kThreads = {"threads",
                              "created and run on several threads at once, it gives what it gives alone",
                              {"head.h", "Threads: after `create`, any function may run on several threads at once."},
                              "backbone head memory",
                              run};

}  // namespace sshost::conform
