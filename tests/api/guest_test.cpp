// The library as a guest in somebody else's process: what it leaves alone, and for how long it can stay.
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <clocale>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <sshost/api.hpp>
#include <thread>

#include "api/trained_model.h"
#include "cli/program.h"

namespace sshost::api {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string bytes_of(const Model& model, const cv::Mat& photo) {
  const Map map = model.predict(Image::rgb(photo.data, photo.rows, photo.cols));
  return {static_cast<const char*>(map.data()), static_cast<size_t>(map.height() * map.width())};
}

std::string bytes_of(const cv::Mat& mask) { return {reinterpret_cast<const char*>(mask.data), mask.total()}; }

int64_t resident_kib() {
  std::ifstream file("/proc/self/statm");
  int64_t size = 0;
  int64_t resident = 0;
  file >> size >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

int64_t descriptors() { return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()); }

// Predicts `count` images on each of four threads, two models in turn; how many differ from what is expected.
int64_t wrong_of(const Model* const (&models)[2], const cv::Mat& photo, const std::string (&expected)[2], int count) {
  std::atomic<int64_t> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < count; ++i) {
        const int which = (i + t) % 2;
        if (bytes_of(*models[which], photo) != expected[which]) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return wrong;
}

TEST(Guest, AThousandPredictionsFromFourThreadsOnTwoModelsAreTheProgramsAndLeaveNothing) {
  const TrainedModel fcn("fcn");
  const TrainedModel psp("psp");
  const cv::Mat photo = noise(48, 40, 1);
  const std::string expected[2] = {bytes_of(fcn.predicted_by_program(photo)),
                                   bytes_of(psp.predicted_by_program(photo))};
  const Model one(fcn.checkpoint().string(), std::move(Options().threads(1)));
  const Model other(psp.checkpoint().string(), std::move(Options().threads(1)));
  const Model* const models[2] = {&one, &other};
  EXPECT_EQ(wrong_of(models, photo, expected, 25), 0);  // whatever is allocated once is there now
  const int64_t memory = resident_kib();
  const int64_t files = descriptors();
  EXPECT_EQ(wrong_of(models, photo, expected, 250), 0);
  EXPECT_EQ(descriptors(), files);
  EXPECT_LT(resident_kib() - memory, 16 * 1024);  // a map that was kept each time would be 40 MiB of logits and more
}

struct Surroundings {
  std::vector<struct sigaction> handlers;
  cpu_set_t cores{};
  std::string locale;
  std::string folder;
  int opencv_threads = 0;

  static Surroundings now() {
    Surroundings found;
    for (int number = 1; number < NSIG; ++number) {
      struct sigaction action {};
      sigaction(number, nullptr, &action);
      found.handlers.push_back(action);
    }
    sched_getaffinity(0, sizeof found.cores, &found.cores);
    found.locale = std::setlocale(LC_ALL, nullptr);
    found.folder = fs::current_path().string();
    found.opencv_threads = cv::getNumThreads();
    return found;
  }
};

void collect_children(int /*signal*/, siginfo_t* /*info*/, void* /*context*/) {
  while (waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

// A host that collects its children itself, as servers do.
class CollectsChildren {
 public:
  CollectsChildren() {
    struct sigaction action {};
    action.sa_sigaction = collect_children;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_NOCLDSTOP;
    sigaction(SIGCHLD, &action, &before_);
  }
  ~CollectsChildren() { sigaction(SIGCHLD, &before_, nullptr); }

 private:
  struct sigaction before_ {};
};

void expect_same(const Surroundings& after, const Surroundings& before) {
  for (size_t i = 0; i < before.handlers.size(); ++i) {
    EXPECT_EQ(after.handlers[i].sa_handler, before.handlers[i].sa_handler) << "signal " << i + 1;
    EXPECT_EQ(after.handlers[i].sa_flags, before.handlers[i].sa_flags) << "signal " << i + 1;
  }
  EXPECT_TRUE(CPU_EQUAL(&after.cores, &before.cores));
  EXPECT_EQ(after.locale, before.locale);
  EXPECT_EQ(after.folder, before.folder);
  EXPECT_EQ(after.opencv_threads, before.opencv_threads);
}

TEST(Guest, LeavesHandlersAffinityLocaleAndFolderAlone) {
  const TrainedModel trained("fcn");
  const CollectsChildren collects;
  const Surroundings before = Surroundings::now();
  {
    const Model model(trained.checkpoint().string());
    bytes_of(model, noise(32, 32, 2));
  }
  expect_same(Surroundings::now(), before);
}

TEST(Guest, ARunAndAnEvaluationLeaveThemAloneAlsoWhileTheyWork) {
  const TrainedModel trained("fcn");
  const CollectsChildren collects;
  const Surroundings before = Surroundings::now();
  int64_t told = 0;
  const Options options =
      std::move(Options().set("output", (trained.folder() / "again").string()).progress([&](const sshost_progress&) {
        expect_same(Surroundings::now(), before);
        ++told;
      }));
  const Result result = run((trained.folder() / "p.yaml").string(), options);
  EXPECT_EQ(told, 1);
  Model(result.checkpoint(), options).evaluate();
  EXPECT_EQ(told, 3);
  expect_same(Surroundings::now(), before);
}

// LibTorch's own functions, of the library that sshost has brought along.
bool (*const are_gradients_on)() = reinterpret_cast<bool (*)()>(dlsym(RTLD_DEFAULT, "_ZN3c108GradMode10is_enabledEv"));
void (*const set_gradients)(bool) = reinterpret_cast<void (*)(bool)>(dlsym(RTLD_DEFAULT,
                                                                           "_ZN3c108GradMode11set_enabledEb"));

TEST(Guest, TrainsWhereItsHostHasSwitchedGradientsOffAndLeavesThemSo) {
  const TrainedModel trained("fcn");
  ASSERT_NE(set_gradients, nullptr);
  set_gradients(false);
  const Result result = run((trained.folder() / "p.yaml").string(),
                            std::move(Options().set("output", (trained.folder() / "again").string())));
  EXPECT_FALSE(are_gradients_on());
  set_gradients(true);
  EXPECT_EQ(result.state(), "Finished");
  EXPECT_EQ(test::read_bytes(trained.folder() / "again/checkpoints/step-000001.train.safetensors"),
            test::read_bytes(trained.folder() / "run/checkpoints/step-000001.train.safetensors"));
}

TEST(Guest, RunsLeaveNoDescriptorBehind) {
  const TrainedModel trained("fcn");
  const auto run_to = [&](const char* name) {
    run((trained.folder() / "p.yaml").string(), std::move(Options().set("output", (trained.folder() / name).string())));
  };
  run_to("one");
  const int64_t files = descriptors();
  run_to("other");
  EXPECT_EQ(descriptors(), files);
}

TEST(Guest, ThreadsHoldForTheCallAlone) {
  const TrainedModel trained("fcn");
  const Model model(trained.checkpoint().string(), std::move(Options().threads(1)));
  // OpenMP's own functions, of the runtime that LibTorch has brought along.
  const auto set_threads = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
  const auto threads = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "omp_get_max_threads"));
  ASSERT_NE(threads, nullptr);
  set_threads(3);
  bytes_of(model, noise(16, 16, 3));
  EXPECT_EQ(threads(), 3);
}

// One that is deleted before LibTorch is loaded is another matter: its MKL ends the process then.
TEST(Guest, WorksWhereTheWorkingDirectoryIsDeleted) {
  const TrainedModel trained("fcn");
  const cv::Mat photo = noise(32, 32, 4);
  const std::string expected = bytes_of(Model(trained.checkpoint().string()), photo);
  const fs::path before = fs::current_path();
  const fs::path gone = trained.folder() / "gone";
  fs::create_directory(gone);
  fs::current_path(gone);
  fs::remove(gone);
  EXPECT_EQ(bytes_of(Model(trained.checkpoint().string()), photo), expected);
  fs::current_path(before);
}

}  // namespace
}  // namespace sshost::api
