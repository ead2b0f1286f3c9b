// Runs, evaluations, validations and imports through libsshost.so: what they give is what the program gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <future>
#include <sshost/api.hpp>
#include <thread>
#include <vector>

#include "api/trained_model.h"
#include "cli/program.h"
#include "temp_folder.h"

namespace sshost::api {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kLast = "checkpoints/step-000004.safetensors";
constexpr const char* kLastState = "checkpoints/step-000004.train.safetensors";

// A folder with a pipeline of four steps and an evaluation, whose run goes to "run" there.
class Jobs : public testing::Test {
 protected:
  Jobs() { write("p.yaml", ""); }

  void write(const std::string& name, const std::string& more) const {
    test::write_bytes(folder_ / name,
                      "name: p\nrun: [train, evaluate]\nseed: 3\nthreads: 1\noutput: " + (folder_ / "run").string() +
                          "\n"
                          "data:\n"
                          "  dataset: {type: synthetic, classes: 5, height: 32, width: 32, train_samples: 6, "
                          "evaluate_samples: 3}\n"
                          "  train: {transforms: [{type: random_flip}, {type: normalize}]}\n"
                          "  evaluate: {transforms: [{type: normalize}]}\n"
                          "model:\n"
                          "  backbone: {type: resnet, depth: 18, output_stride: 8}\n"
                          "  features: {indices: [3]}\n"
                          "  head: {type: fcn, channels: 16, dropout: 0.5}\n"
                          "train: {steps: 4, batch_size: 2, optimizer: {type: sgd, lr: 0.01}}\n" +
                          more);
  }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  std::string pipeline() const { return file("p.yaml"); }

  // What the program leaves of the same pipeline, out of the way of the next run.
  fs::path run_by_program() const {
    const cli::Outcome outcome = cli::run_program(folder_.path(), {"run", "p.yaml"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
    fs::rename(folder_ / "run", folder_ / "by_program");
    return folder_ / "by_program";
  }

  void expect_same_file(const fs::path& one, const fs::path& other) const {
    ASSERT_TRUE(fs::exists(one) && fs::exists(other)) << one << " " << other;
    EXPECT_TRUE(test::read_bytes(one) == test::read_bytes(other)) << one << " is not " << other;
  }

  test::TempFolder folder_;
};

// Asks for the run to be left once a step is done, from another thread.
class CancelledAt {
 public:
  explicit CancelledAt(int64_t step) : step_(step) {}
  void operator()(const sshost_progress& progress) {
    if (progress.phase != SSHOST_TRAINING || progress.step != step_) return;
    std::thread([this] { cancel.request(); }).join();
  }
  Cancel cancel;

 private:
  int64_t step_;
};

TEST_F(Jobs, ARunLeavesWhatTheProgramLeavesAndTellsItsScores) {
  const fs::path expected = run_by_program();
  const Result result = run(pipeline());
  EXPECT_TRUE(result.finished());
  EXPECT_EQ(result.state(), "Finished");
  EXPECT_EQ(result.folder(), file("run"));
  EXPECT_EQ(result.step(), 4);
  EXPECT_EQ(result.checkpoint(), file("run") + "/" + kLast);
  for (const char* name : {kLast, kLastState, "pipeline.yaml", "image_scores.csv"}) {
    expect_same_file(fs::path(result.folder()) / name, expected / name);
  }
  EXPECT_TRUE(fs::exists(fs::path(result.folder()) / "report.html"));
  EXPECT_EQ(result.scores().images, 3);
  EXPECT_GT(result.mean_iou(), 0);
  EXPECT_THAT(test::read_bytes(expected / "metrics.jsonl"), HasSubstr("\"mean_iou\":" + [&] {
                const std::string json = result.json();
                const size_t at = json.find("\"mean_iou\": ") + 12;
                return json.substr(at, json.find_first_of(",\n", at) - at);
              }()));
  ASSERT_EQ(result.class_count(), 5);
  EXPECT_FALSE(result.class_name(4).empty());
  EXPECT_THROW(result.class_name(5), std::out_of_range);
  EXPECT_TRUE(std::isnan(result.class_iou(-1)));
}

TEST_F(Jobs, ACancelledRunGoesOnToTheSameBytes) {
  const fs::path expected = run_by_program();
  CancelledAt second(2);
  const Result stopped =
      run(pipeline(), Options().progress([&](const sshost_progress& progress) { second(progress); }), &second.cancel);
  EXPECT_FALSE(stopped.finished());
  EXPECT_EQ(stopped.state(), "Stopped after step 2 of 4");
  EXPECT_EQ(stopped.step(), 2);
  EXPECT_FALSE(fs::exists(fs::path(stopped.folder()) / kLast));

  const Result result = run(pipeline(), Options().set("train.resume", "true").set("output", stopped.folder()));
  EXPECT_TRUE(result.finished());
  EXPECT_EQ(result.folder(), stopped.folder());
  for (const char* name : {kLast, kLastState}) {
    expect_same_file(fs::path(result.folder()) / name, expected / name);
  }
}

TEST_F(Jobs, ACancelledRunIsACodeWithAResultInC) {
  sshost_cancel* cancel = sshost_cancel_create();
  sshost_options* options = sshost_options_create();
  sshost_options_set_progress(
      options,
      [](void* user, const sshost_progress* progress) {
        EXPECT_GE(progress->size, 64u);
        if (progress->step == 1) sshost_cancel_request(static_cast<sshost_cancel*>(user));
      },
      cancel);
  sshost_result* result = nullptr;
  sshost_error* error = nullptr;
  EXPECT_EQ(sshost_run(pipeline().c_str(), options, cancel, &result, &error), SSHOST_CANCELLED);
  ASSERT_NE(result, nullptr);
  EXPECT_STREQ(sshost_result_state(result), "Stopped after step 1 of 4");
  EXPECT_EQ(sshost_error_code(error), SSHOST_CANCELLED);
  EXPECT_THAT(sshost_error_message(error), HasSubstr(sshost_result_folder(result)));
  sshost_result_free(result);
  sshost_error_free(error);
  sshost_options_free(options);
  sshost_cancel_free(cancel);
}

TEST_F(Jobs, ARunThatIsCancelledBeforeItBeginsLeavesNothing) {
  Cancel cancel;
  cancel.request();
  try {
    run(pipeline(), {}, &cancel);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), SSHOST_CANCELLED);
  }
  EXPECT_FALSE(fs::exists(file("run")));
}

TEST_F(Jobs, ProgressTellsEachStepWithItsLossAndEachImage) {
  std::vector<int64_t> steps;
  std::vector<int64_t> images;
  std::vector<double> losses;
  const auto caller = std::this_thread::get_id();
  run(pipeline(), Options().progress([&](const sshost_progress& progress) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    if (progress.phase == SSHOST_TRAINING) {
      EXPECT_EQ(progress.steps, 4);
      EXPECT_GT(progress.learning_rate, 0);
      steps.push_back(progress.step);
      losses.push_back(progress.loss);
    } else {
      EXPECT_EQ(progress.phase, SSHOST_EVALUATING);
      EXPECT_EQ(progress.steps, 3);
      EXPECT_TRUE(std::isnan(progress.loss));
      images.push_back(progress.step);
    }
  }));
  EXPECT_THAT(steps, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(images, ElementsAre(1, 2, 3));
  EXPECT_THAT(losses, Each(testing::Gt(0)));
  EXPECT_THAT(test::read_bytes(folder_ / "run/metrics.jsonl"), HasSubstr("\"step\":4"));
}

TEST_F(Jobs, TheLogGetsTheLinesOfLogTxtAndNothingIsPrinted) {
  std::vector<std::string> lines;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  run(pipeline(), Options().log([&](sshost_log_level, std::string_view line) { lines.emplace_back(line); }));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(lines, AllOf(Contains(HasSubstr("run folder: " + file("run"))), Contains(HasSubstr("training: 4 steps")),
                           Contains(HasSubstr("mean IoU ")), Contains(HasSubstr("report: "))));
  const std::string log = test::read_bytes(folder_ / "run/log.txt");
  for (const std::string& line : lines) EXPECT_THAT(log, HasSubstr(line));
}

TEST_F(Jobs, MistakesHaveThePlacesOfTheCommandLine) {
  write("wrong.yaml", "evaluate: {flipp: true}\n");
  const cli::Outcome said = cli::run_program(folder_.path(), {"validate", file("wrong.yaml")});
  ASSERT_EQ(said.exit_code, 2);
  for (const bool runs : {true, false}) {
    try {
      runs ? run(file("wrong.yaml")) : validate(file("wrong.yaml"));
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), SSHOST_USAGE);
      EXPECT_THAT(error.what(), HasSubstr("wrong.yaml:15:12: evaluate.flipp: unknown option"));
      EXPECT_EQ(error.what() + std::string("\n"), said.err);
    }
  }
  EXPECT_FALSE(fs::exists(file("run")));
}

// Found only when the data is there.
TEST_F(Jobs, AMistakeThatShowsWhileItIsBuiltHasItsPlaceToo) {
  try {
    run(pipeline(), Options().set("train.batch_size", "7"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), SSHOST_USAGE);
    EXPECT_THAT(error.what(), HasSubstr("train.batch_size: expected at most 6"));
  }
  EXPECT_FALSE(fs::exists(file("run")));
}

TEST_F(Jobs, ValidatingTellsTheResolvedPipeline) {
  const Result result = validate(pipeline(), Options().set("train.steps", "7"));
  EXPECT_THAT(result.json(),
              AllOf(HasSubstr("\"valid\": true"), HasSubstr("\"model_checked\": true"), HasSubstr("\"steps\": 7")));
  EXPECT_EQ(result.folder(), "");
  EXPECT_FALSE(fs::exists(file("run")));
}

TEST_F(Jobs, AnEvaluationGivesTheScoresOfTheRun) {
  const Result trained = run(pipeline());
  const Model model(trained.checkpoint(), Options().set("output", file("other")));
  const Result result = model.evaluate();
  EXPECT_EQ(result.mean_iou(), trained.mean_iou());
  EXPECT_EQ(result.scores().pixel_accuracy, trained.scores().pixel_accuracy);
  EXPECT_EQ(result.scores().mean_boundary_iou, trained.scores().mean_boundary_iou);
  ASSERT_EQ(result.class_count(), trained.class_count());
  for (int64_t i = 0; i < result.class_count(); ++i) {
    EXPECT_EQ(result.class_name(i), trained.class_name(i));
    const bool is_defined = !std::isnan(trained.class_iou(i));
    EXPECT_EQ(!std::isnan(result.class_iou(i)), is_defined);
    if (is_defined) {
      EXPECT_EQ(result.class_iou(i), trained.class_iou(i));
    }
  }
  EXPECT_THAT(result.json(), AllOf(HasSubstr("\"step\": 4"), HasSubstr("\"confusion\"")));
  EXPECT_FALSE(fs::exists(file("other")));
  EXPECT_EQ(model.evaluate("train").scores().images, 6);
}

TEST_F(Jobs, AnEvaluationOfOtherClassesIsRefused) {
  const Result trained = run(pipeline(), Options().set("run", "[train]"));
  const Model model(trained.checkpoint(), Options().set("data.dataset.classes", "4"));
  try {
    model.evaluate();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), SSHOST_USAGE);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("4"), HasSubstr("5")));
  }
}

TEST_F(Jobs, AnEvaluationCanBeCancelled) {
  const Result trained = run(pipeline(), Options().set("run", "[train]"));
  EXPECT_EQ(trained.scores().images, 0);
  EXPECT_TRUE(std::isnan(trained.mean_iou()));
  EXPECT_EQ(trained.class_count(), 0);
  Cancel cancel;
  int64_t images = 0;
  const Model model(trained.checkpoint(), Options().progress([&](const sshost_progress& progress) {
    EXPECT_EQ(progress.phase, SSHOST_EVALUATING);
    ++images;
    cancel.request();
  }));
  try {
    model.evaluate("", &cancel);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), SSHOST_CANCELLED);
  }
  EXPECT_EQ(images, 1);
  cancel.reset();
  EXPECT_GT(model.evaluate("train").mean_iou(), 0);
}

TEST_F(Jobs, ACheckpointRunsItsPipelineWithItsWeightsInAnotherFolder) {
  const Result trained = run(pipeline());
  const Result again = run(trained.folder(), Options().set("run", "[evaluate]").set("output", file("again")));
  EXPECT_EQ(again.folder(), file("again"));
  EXPECT_EQ(again.mean_iou(), trained.mean_iou());
  EXPECT_EQ(again.step(), 4);
}

TEST_F(Jobs, ImportsWhatTheProgramImports) {
  const Result trained = run(pipeline());
  const std::string published = file("published.pth"), mine = file("mine.safetensors");
  ASSERT_EQ(
      cli::run_program(folder_.path(), {"weights", "export", trained.checkpoint(), "--output", published}).exit_code,
      0);
  const std::vector<std::string> words = {"weights", "import", published, "--pipeline", pipeline(), "--output", mine};
  ASSERT_EQ(cli::run_program(folder_.path(), words).exit_code, 0);
  fs::rename(mine, file("by_program.safetensors"));

  sshost_import import = {};
  import.weights = published.c_str();
  import.target = mine.c_str();
  const Result result = import_weights(pipeline(), import);
  EXPECT_EQ(result.checkpoint(), mine);
  EXPECT_THAT(result.json(), AllOf(HasSubstr("\"used\""), HasSubstr("sssegmentation")));
  expect_same_file(mine, file("by_program.safetensors"));

  import.component = "backbone";
  import.format = "none";
  try {
    import_weights(pipeline(), import);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("none"));
  }
}

TEST_F(Jobs, RunsSideBySideAreAsOneByOne) {
  const Result alone = run(pipeline(), Options().set("output", file("alone")));
  std::vector<std::future<Result>> runs;
  for (const char* name : {"one", "other"}) {
    runs.push_back(
        std::async(std::launch::async, [this, name] { return run(pipeline(), Options().set("output", file(name))); }));
  }
  for (std::future<Result>& each : runs) {
    const Result result = each.get();
    EXPECT_EQ(result.mean_iou(), alone.mean_iou());
    expect_same_file(fs::path(result.folder()) / kLastState, fs::path(alone.folder()) / kLastState);
  }
}

TEST(JobsInC, NullIsNamedAndNotFollowed) {
  sshost_result* result = reinterpret_cast<sshost_result*>(1);
  EXPECT_EQ(sshost_run(nullptr, nullptr, nullptr, &result, nullptr), SSHOST_INVALID_ARGUMENT);
  EXPECT_EQ(result, nullptr);
  EXPECT_EQ(sshost_validate(nullptr, nullptr, nullptr, nullptr), SSHOST_INVALID_ARGUMENT);
  EXPECT_EQ(sshost_evaluate(nullptr, nullptr, nullptr, nullptr, nullptr), SSHOST_INVALID_ARGUMENT);
  EXPECT_EQ(sshost_import_weights("p.yaml", nullptr, nullptr, nullptr, nullptr), SSHOST_INVALID_ARGUMENT);
  const sshost_import empty = {};
  EXPECT_EQ(sshost_import_weights("p.yaml", &empty, nullptr, nullptr, nullptr), SSHOST_INVALID_ARGUMENT);
  sshost_options_set_progress(nullptr, nullptr, nullptr);
  sshost_result_free(nullptr);
  EXPECT_EQ(sshost_result_json(nullptr), nullptr);
  EXPECT_EQ(sshost_result_folder(nullptr), nullptr);
  EXPECT_EQ(sshost_result_class_name(nullptr, 0), nullptr);
  EXPECT_EQ(sshost_result_scores(nullptr, nullptr), SSHOST_INVALID_ARGUMENT);
}

// A caller that was compiled with a shorter struct.
TEST_F(Jobs, OnlySoMuchOfTheScoresIsWrittenAsTheCallerHas) {
  sshost_result* result = nullptr;
  ASSERT_EQ(sshost_validate(pipeline().c_str(), nullptr, &result, nullptr), SSHOST_OK);
  sshost_scores scores = {};
  scores.size = offsetof(sshost_scores, mean_accuracy);
  scores.mean_accuracy = 77;
  EXPECT_EQ(sshost_result_scores(result, &scores), SSHOST_OK);
  EXPECT_TRUE(std::isnan(scores.mean_iou));
  EXPECT_EQ(scores.mean_accuracy, 77);
  EXPECT_EQ(scores.size, offsetof(sshost_scores, mean_accuracy));
  scores.size = 0;
  EXPECT_EQ(sshost_result_scores(result, &scores), SSHOST_INVALID_ARGUMENT);
  sshost_result_free(result);
}

}  // namespace
}  // namespace sshost::api
