#include "serve/job_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "serve/message.h"

namespace sshost::serve {
namespace {

using namespace std::chrono_literals;

// Models are told apart by their address alone.
ServedModel* model(int number) {
  static char models[2];
  return reinterpret_cast<ServedModel*>(&models[number]);
}

Job job(int of_model, int width, Clock::duration until = 1h) {
  return {model(of_model), cv::Mat(4, width, CV_8UC3), Clock::now() + until, {}, [](const std::exception_ptr&) {}};
}

int status_of(const std::exception_ptr& why) {
  try {
    std::rethrow_exception(why);
  } catch (const Refusal& refusal) {
    return refusal.status();
  }
}

TEST(JobQueue, GivesImagesOfOneModelAndSizeTogetherInTheirOrder) {
  JobQueue queue(10);
  queue.push({job(0, 8), job(1, 8), job(0, 8), job(0, 9), job(0, 8), job(0, 8)});
  EXPECT_EQ(queue.take(3, 0ms, 0ms).size(), 3);
  const auto second = queue.take(3, 0ms, 0ms);
  ASSERT_EQ(second.size(), 1);
  EXPECT_EQ(second[0].model, model(1));
  EXPECT_EQ(queue.take(3, 0ms, 0ms).at(0).image.cols, 9);
  EXPECT_EQ(queue.take(3, 0ms, 0ms).size(), 1);
  EXPECT_TRUE(queue.take(3, 0ms, 0ms).empty());
}

TEST(JobQueue, TheFirstThatComesWaitsForOthersAndABacklogDoesNot) {
  JobQueue queue(10);
  std::thread client([&] {
    std::this_thread::sleep_for(20ms);
    queue.push({job(0, 8)});
    std::this_thread::sleep_for(20ms);
    queue.push({job(0, 8)});
  });
  EXPECT_EQ(queue.take(2, 30s, 30s).size(), 2);
  client.join();
  queue.push({job(0, 8)});
  const auto begin = Clock::now();
  EXPECT_EQ(queue.take(2, 30s, 30s).size(), 1);
  EXPECT_LT(Clock::now() - begin, 20s);
}

TEST(JobQueue, RefusesWhatDoesNotFitNowWithATimeToTryAgain) {
  JobQueue queue(2);
  queue.worked(1, 20);
  queue.push({job(0, 8)});
  try {
    queue.push({job(0, 8), job(0, 8)});
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.status(), 429);
    EXPECT_GE(refusal.retry_after(), 2);
  }
  EXPECT_EQ(queue.size(), 1);  // all or none
}

TEST(JobQueue, RefusesForGoodWhatWillNeverFit) {
  JobQueue queue(2);
  try {
    queue.push({job(0, 8), job(0, 8), job(0, 8)});
    FAIL();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.status(), 413);
  }
}

TEST(JobQueue, FailsWhatHasWaitedForTooLong) {
  JobQueue queue(4);
  int status = 0;
  Job late = job(0, 8, -1s);
  late.fail = [&](const std::exception_ptr& why) { status = status_of(why); };
  queue.push({std::move(late), job(0, 8)});
  EXPECT_EQ(queue.take(4, 0ms, 0ms).size(), 1);
  EXPECT_EQ(status, 503);
}

}  // namespace
}  // namespace sshost::serve
