#include <string>
#include <thread>
#include <vector>

#include "conform/sampled.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

constexpr std::size_t kThreads = 4;
constexpr int64_t kTries = 12;

void run(const Subject& subject) {
  const data::PluginTransform transform = make_transform(subject);
  std::vector<Picture> pictures;
  std::vector<Applied> alone;
  for (int64_t number = 0; number < kTries; ++number) {
    pictures.push_back(draw_picture({64, 48}, static_cast<uint64_t>(number)));
    alone.push_back(apply_apart(transform, pictures.back(), transform_random(number), 0));
  }
  std::vector<std::string> seen(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      try {
        for (int64_t number = 0; number < kTries; ++number) {
          const auto at = static_cast<std::size_t>(number);
          if (alone[at] == apply_apart(transform, pictures[at], transform_random(number), 0)) continue;
          seen[i] = "try " + std::to_string(number) + " differs beside other threads";
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

extern const Test kTransformThreads = {
    "threads",
    "on several threads at once it gives what it gives on one",
    {"transform.h", "Threads: after `create`, any function may run on several threads at once, those of the loader."},
    "transform",
    run};

}  // namespace sshost::conform
