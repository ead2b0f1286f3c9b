#include <string>
#include <thread>
#include <vector>

#include "conform/split.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

constexpr std::size_t kThreads = 4;

void run(const Subject& subject) {
  const auto dataset = open_split(subject);
  std::vector<data::Sample> alone;
  data::Reader one(*dataset);
  for (int64_t index = 0; index < tried_samples(*dataset); ++index) {
    data::Random random = random_of(index);
    alone.push_back(one.read_unchecked(index, random));
  }
  std::vector<std::string> seen(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      try {
        data::Reader reader(*dataset);
        for (std::size_t index = 0; index < alone.size(); ++index) {
          data::Random random = random_of(static_cast<int64_t>(index));
          require_same_sample(alone[index], reader.read_unchecked(static_cast<int64_t>(index), random),
                              "beside other threads");
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

extern const Test kReaders = {"readers",
                              "readers on several threads give what one gives",
                              {"dataset.h", "Each loader thread opens a reader of its own and uses it alone."},
                              "dataset",
                              run};

}  // namespace sshost::conform
