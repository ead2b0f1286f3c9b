#include "run/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "temp_folder.h"

namespace sshost::run {
namespace {

using test::message_of;
using test::TempFolder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// The working directory, for as long as it lives.
class Inside {
 public:
  explicit Inside(const std::filesystem::path& path) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
  }
  ~Inside() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

void add_checkpoint(const RunFolder& folder, int64_t step, bool complete = true) {
  test::write_bytes(folder.checkpoint(step), "model");
  if (complete) test::write_bytes(checkpoint::training_state_path(folder.checkpoint(step)), "state");
}

TEST(RunFolder, TakesTheNextFreeNumber) {
  const TempFolder temp;
  const Inside inside(temp.path());
  const RunFolder first = RunFolder::create({}, "camvid");
  const RunFolder second = RunFolder::create({}, "camvid");
  EXPECT_EQ(first.path().filename(), "camvid-001");
  EXPECT_EQ(second.path().filename(), "camvid-002");
  EXPECT_TRUE(second.path().is_absolute());
  EXPECT_TRUE(std::filesystem::is_directory(second.checkpoints()));
}

TEST(RunFolder, DoesNotOverwriteARun) {
  const TempFolder temp;
  RunFolder::create(temp / "run", "x").write_pipeline("run: [train]\n");
  const auto error = [&] { return message_of<UsageError>([&] { RunFolder::create(temp / "run", "x"); }); };
  EXPECT_THAT(error(), AllOf(HasSubstr("already holds a run, without a checkpoint"), Not(HasSubstr("resume"))));
  add_checkpoint(RunFolder::open(temp / "run"), 3);
  EXPECT_THAT(error(), AllOf(HasSubstr("already holds a run"), HasSubstr("train.resume")));
  EXPECT_EQ(RunFolder::open(temp / "run").path(), temp / "run");
  EXPECT_THAT(message_of<UsageError>([&] { RunFolder::open(temp / "other"); }), HasSubstr("holds no run"));
}

TEST(RunFolder, RefusesAPathThatCheckpointsCannotHold) {
  const TempFolder temp;
  EXPECT_THAT(message_of<UsageError>([&] { RunFolder::create(temp / "caf\xe9", "x"); }), HasSubstr("not UTF-8"));
  EXPECT_TRUE(std::filesystem::is_empty(temp.path())) << "nothing is made";
  std::filesystem::create_directory(temp / "caf\xe9");
  const Inside inside(temp / "caf\xe9");
  EXPECT_THAT(message_of<UsageError>([] { RunFolder::create({}, "x"); }), HasSubstr("not UTF-8"));
}

TEST(RunFolder, TheNewestOfANameIsTheOneWithTheHighestNumber) {
  const TempFolder temp;
  const Inside inside(temp.path());
  EXPECT_THAT(message_of<UsageError>([] { RunFolder::newest("x"); }),
              testing::AllOf(HasSubstr("/runs/x-001"), HasSubstr("--output")));
  for (const char* name : {"x-002", "x-1000", "x-999", "x-y-3000", "x-3000y", "xx-3000"}) {
    const RunFolder folder = RunFolder::create(std::filesystem::path("runs") / name, "x");
    folder.write_pipeline("run: [train]\n");
  }
  RunFolder::create("runs/x-2000", "x");                                      // claimed, but nothing has run in it yet
  RunFolder::create("runs/x-3000", "x").write_pipeline("run: [evaluate]\n");  // nothing was trained in it
  const RunFolder folder = RunFolder::newest("x");
  EXPECT_EQ(folder.path().filename(), "x-1000");
  EXPECT_TRUE(folder.path().is_absolute());
}

TEST(RunFolder, KeepsTheNewestCheckpoints) {
  const TempFolder temp;
  const RunFolder folder = RunFolder::create(temp / "run", "x");
  EXPECT_FALSE(folder.newest_checkpoint());
  for (const int64_t step : {100, 20, 3, 1000000}) add_checkpoint(folder, step);
  add_checkpoint(folder, 2000000, false);  // a model alone cannot be resumed
  EXPECT_THAT(folder.checkpoint_steps(), ElementsAre(3, 20, 100, 1000000));
  EXPECT_EQ(folder.newest_checkpoint()->filename(), "step-1000000.safetensors");
  folder.prune_checkpoints(3);
  EXPECT_THAT(folder.checkpoint_steps(), ElementsAre(100, 1000000));
  EXPECT_FALSE(std::filesystem::exists(checkpoint::training_state_path(folder.checkpoint(3))));
}

TEST(RunFolder, KeepsTheBestCheckpointsToo) {
  const TempFolder temp;
  const RunFolder folder = RunFolder::create(temp / "run", "x");
  for (const int64_t step : {10, 20, 30, 40, 50}) add_checkpoint(folder, step);
  folder.mark_best(10);
  folder.mark_best(20);
  EXPECT_EQ(std::filesystem::read_symlink(folder.best()), "step-000020.safetensors");
  folder.prune_checkpoints(1, {40});
  EXPECT_THAT(folder.checkpoint_steps(), ElementsAre(20, 40, 50));
  folder.prune_checkpoints(1);
  EXPECT_THAT(folder.checkpoint_steps(), ElementsAre(20, 50)) << "what is marked as the best stays";
}

TEST(RunFolder, OpeningRemovesWhatAKilledSaveLeft) {
  const TempFolder temp;
  RunFolder::create(temp / "run", "x").write_pipeline("{}");
  const std::filesystem::path checkpoints = temp / "run/checkpoints";
  for (const char* name : {"step-000001.safetensors.partial", ".sshost-0123456789abcdef.partial"}) {
    test::write_bytes(checkpoints / name, "half");
  }
  RunFolder::open(temp / "run");
  EXPECT_TRUE(std::filesystem::is_empty(checkpoints));
}

TEST(RunFolder, IsWrittenByOneProcessWhichItNames) {
  const TempFolder temp;
  const auto error = [&] { return message_of<UsageError>([&] { RunFolder::open(temp / "run"); }); };
  std::optional<RunFolder> copy;
  {
    const RunFolder first = RunFolder::create(temp / "run", "x");
    EXPECT_TRUE(first.is_locked());
    first.write_pipeline("{}");
    EXPECT_THAT(error(), AllOf(HasSubstr((temp / "run").string() + " is being written by process " +
                                         std::to_string(getpid()) + " on "),
                               HasSubstr(" since 2"), HasSubstr("--output")));
    EXPECT_EQ(RunFolder::view(temp / "run").path(), temp / "run") << "looking needs no lock";
    copy = first;
  }
  EXPECT_THAT(error(), HasSubstr("is being written by")) << "by a copy";
  copy.reset();
  EXPECT_EQ(error(), "");
}

TEST(RunFolder, OfTwoThatBeginTogetherOneIsRefused) {
  const TempFolder temp;
  const RunFolder first = RunFolder::create(temp / "run", "x");  // and has not written its pipeline yet
  EXPECT_THAT(message_of<UsageError>([&] { RunFolder::create(temp / "run", "x"); }), HasSubstr("is being written by"));
}

TEST(RunFolder, TheLockOfAKilledProcessIsGone) {
  const TempFolder temp;
  RunFolder::create(temp / "run", "x").write_pipeline("{}");
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const RunFolder held = RunFolder::open(temp / "run");
    if (write(ready[1], "x", 1) == 1) pause();
    _exit(1);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_THAT(message_of<UsageError>([&] { RunFolder::open(temp / "run"); }),
              HasSubstr("process " + std::to_string(child)));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(message_of<UsageError>([&] { RunFolder::open(temp / "run"); }), "");
}

TEST(RunFolder, ALinkInTheLocksPlaceIsNotFollowed) {
  const TempFolder temp;
  std::filesystem::create_directories(temp / "run");
  test::write_bytes(temp / "victim", "precious");
  std::filesystem::create_symlink(temp / "victim", temp / "run/.lock");
  EXPECT_THAT(message_of<Error>([&] { RunFolder::create(temp / "run", "x"); }), HasSubstr("cannot lock"));
  EXPECT_EQ(test::read_bytes(temp / "victim"), "precious");
}

TEST(RunFolder, ForgetsMetricsAfterAStepAndHalfALine) {
  const TempFolder temp;
  const RunFolder folder = RunFolder::create(temp / "run", "x");
  for (const int step : {1, 5, 10}) folder.append_metrics({{"step", step}, {"loss", 0.1}});
  test::write_bytes(folder.metrics(), test::read_bytes(folder.metrics()) + "{\"step\": 1");
  EXPECT_EQ(folder.read_metrics().size(), 3);
  folder.forget_metrics_after(5);
  folder.append_metrics({{"step", 6}});
  const auto lines = folder.read_metrics();
  ASSERT_EQ(lines.size(), 3);
  EXPECT_EQ(lines[1].at("step"), 5);
  EXPECT_EQ(lines[1].at("loss"), 0.1);
  EXPECT_EQ(lines[2].at("step"), 6);
}

TEST(RunFolder, AMetricThatAKilledRunLeftIncompleteIsNotGluedToTheNextOne) {
  const TempFolder temp;
  const RunFolder folder = RunFolder::create(temp / "run", "x");
  folder.append_metrics({{"step", 1}});
  test::write_bytes(folder.metrics(), test::read_bytes(folder.metrics()) + "{\"step\": 2, \"lo");
  folder.append_metrics({{"step", 2}});
  EXPECT_EQ(test::read_bytes(folder.metrics()), "{\"step\":1}\n{\"step\":2}\n");
}

TEST(RunFolder, LastIsALinkToTheNewestCheckpointThatMovesWithTheFolder) {
  const TempFolder temp;
  const RunFolder folder = RunFolder::create(temp / "run", "x");
  for (const int64_t step : {10, 20}) {
    add_checkpoint(folder, step);
    folder.mark_last(step);
  }
  EXPECT_EQ(std::filesystem::read_symlink(folder.last()), "step-000020.safetensors");
  EXPECT_FALSE(std::filesystem::exists(folder.checkpoints() / "last.safetensors.partial"));
  EXPECT_THAT(folder.checkpoint_steps(), ElementsAre(10, 20)) << "the link itself is no checkpoint";
  folder.prune_checkpoints(1);
  EXPECT_TRUE(std::filesystem::exists(folder.last()));
}

TEST(CheckpointFile, OfAFolderIsTheBestOrElseTheLast) {
  const TempFolder temp;
  const RunFolder folder = RunFolder::create(temp / "run", "x");
  EXPECT_EQ(checkpoint_file(temp / "file.safetensors"), temp / "file.safetensors");
  EXPECT_THAT(message_of<UsageError>([&] { checkpoint_file(temp / "run"); }), HasSubstr("holds no run"));
  folder.write_pipeline("{}");
  EXPECT_THAT(message_of<UsageError>([&] { checkpoint_file(temp / "run"); }), HasSubstr("has no checkpoint"));
  EXPECT_THAT(message_of<UsageError>([&] { checkpoint_to_go_on_from(temp / "run"); }),
              HasSubstr("no complete checkpoint"));
  for (const int64_t step : {10, 20}) add_checkpoint(folder, step);
  EXPECT_EQ(checkpoint_file(temp / "run"), folder.checkpoint(20)) << "a run of before there were links";
  folder.mark_last(20);
  EXPECT_EQ(checkpoint_file(temp / "run"), folder.last());
  folder.mark_best(10);
  EXPECT_EQ(checkpoint_file(temp / "run"), folder.best());
  EXPECT_EQ(checkpoint_to_go_on_from(temp / "run"), folder.checkpoint(20));
}

// What somebody may send who sends a run.
class SentRun : public testing::Test {
 protected:
  SentRun() {
    RunFolder::create(run_, "x").write_pipeline("run: [train]\n");
    std::filesystem::create_directory(elsewhere_);
    std::filesystem::remove_all(run_ / "checkpoints");
  }

  std::string refusal() const {
    const std::string resumed = message_of<UsageError>([&] { RunFolder::open(run_); });
    std::filesystem::rename(run_ / "pipeline.yaml", run_ / "aside");
    EXPECT_EQ(message_of<UsageError>([&] { RunFolder::create(run_, "x"); }), resumed) << "nor begun in";
    std::filesystem::rename(run_ / "aside", run_ / "pipeline.yaml");
    return resumed;
  }

  const TempFolder temp_;
  const std::filesystem::path run_ = temp_ / "run", elsewhere_ = temp_ / "elsewhere";
};

TEST_F(SentRun, IsNotGoneOnInWhereALinkLeadsElsewhere) {
  test::write_bytes(elsewhere_ / "file", "precious");
  for (const char* name : {"checkpoints", "predictions", "log.txt", "metrics.jsonl"}) {
    for (const std::filesystem::path& target : {elsewhere_, elsewhere_ / "file", elsewhere_ / "new"}) {
      std::filesystem::create_symlink(target, run_ / name);
      EXPECT_THAT(refusal(), AllOf(HasSubstr("output: " + (run_ / name).string() + " is a link; "),
                                   HasSubstr("remove it, or name another folder by --output")));
      std::filesystem::remove(run_ / name);
    }
  }
  std::filesystem::create_directories(run_ / "predictions/a");
  std::filesystem::create_symlink(elsewhere_, run_ / "predictions/a/b");
  EXPECT_THAT(refusal(), HasSubstr("predictions/a/b is a link to a folder"));
  EXPECT_EQ(test::read_bytes(elsewhere_ / "file"), "precious");
  EXPECT_FALSE(std::filesystem::exists(elsewhere_ / "new"));
}

TEST_F(SentRun, IsNotGoneOnInWhereSomethingElseHasAFilesName) {
  for (const char* name : {"log.txt", "metrics.jsonl", "checkpoints", "predictions"}) {
    ASSERT_EQ(mkfifo((run_ / name).c_str(), 0666), 0);
    EXPECT_THAT(refusal(), testing::ContainsRegex(std::string(name) + " is no (regular file|folder); "));
    std::filesystem::remove(run_ / name);
  }
}

TEST_F(SentRun, IsGoneOnInOtherwise) {
  test::write_bytes(run_ / "log.txt", "x");
  std::filesystem::create_directories(run_ / "predictions/a");
  std::filesystem::create_symlink("b.png", run_ / "predictions/a/c.png");  // is replaced, not followed
  EXPECT_EQ(RunFolder::open(run_).path(), run_);
}

TEST_F(SentRun, MayHaveMetricsThatAreAnything) {
  const std::string deep = R"({"step": 1, "a": )" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  const std::string odd = R"({"kind": 5, "step": "x"})", good = R"({"kind": "evaluate", "step": 2})";
  test::write_bytes(run_ / "metrics.jsonl", deep + "\n" + odd + "\n" + good + "\n" + R"({"step": 3})" + "\n{\"st");
  const RunFolder folder = RunFolder::open(run_);
  EXPECT_EQ(folder.read_metrics().size(), 3U);
  EXPECT_TRUE(folder.has_evaluation(2));
  EXPECT_FALSE(folder.has_evaluation(3));
  folder.forget_metrics_after(2);
  EXPECT_EQ(test::read_bytes(run_ / "metrics.jsonl"), odd + "\n" + good + "\n");
}

}  // namespace
}  // namespace sshost::run
