#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <thread>

#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

// A quick pipeline: generated images, a backbone and a head without depth, which lie beside it.
constexpr const char* kPipeline = R"(run: [train, evaluate]
output: run
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 16, evaluate_samples: 4}
  train: {transforms: [{type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: "null"}
train: {steps: 6, batch_size: 4, log_every: 2, save_every: 2, optimizer: {type: sgd, lr: 0.01}}
)";

class Cli : public PipelineFolder {
 protected:
  Cli() : PipelineFolder(kPipeline, kNullLibraries) {}

  // The checkpoint that a whole run leaves.
  std::string trained() {
    EXPECT_EQ(run({"run", "p.yaml"}).exit_code, 0);
    return file("run/checkpoints/step-000006.safetensors");
  }
};

// The null backbone has no parameters, and its last map is an eighth of the image.
TEST_F(Cli, PlanCountsParametersAndMultiplyAdds) {
  const std::string head = "{type: fcn, channels: 4, convolutions: 1}";
  const std::vector<std::string> arguments = {
      "plan", "p.yaml", "--size", "64", "96", "--set", "model.head=" + head, "--set", "model.auxiliary=[" + head + "]"};
  const int convolution = 3 * 4 * 9;
  const int parameters = convolution + 2 * 4 + 4 * 3 + 3;  // with the norm, and a classifier with its bias
  const int multiply_adds = (64 / 8) * (96 / 8) * (convolution + 4 * 3);
  std::vector<std::string> as_line = arguments;
  as_line.emplace_back("--tsv");
  EXPECT_EQ(run(as_line).out, "p\t" + std::to_string(2 * parameters) + "\t" + std::to_string(parameters) + "\t" +
                                  std::to_string(multiply_adds) + "\t\n");
  const Outcome outcome = run(arguments);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("parameters "), HasSubstr("{height: 64, width: 96}"), Not(HasSubstr(" s "))));
  as_line.insert(as_line.end(), {"--repeat", "3"});
  EXPECT_THAT(run(as_line).out, testing::MatchesRegex(".*\t[0-9]+\\.[0-9]+\n"));
}

TEST_F(Cli, PlanExpectsTheMemoryThatATrainingTakes) {
  const Outcome outcome = run({"plan", "p.yaml", "--size", "256", "256", "--batch", "16", "--measure", "--set",
                               "model.head={type: fcn, channels: 32}"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  std::smatch found;
  const std::regex lines("training +([0-9.]+) GB expected at the peak of a step of 16 such images .*\n +([0-9.]+) GB");
  ASSERT_TRUE(std::regex_search(outcome.out, found, lines)) << outcome.out;
  EXPECT_NEAR(std::stod(found[1]), std::stod(found[2]), 0.2 * std::stod(found[2]));
}

TEST_F(Cli, AWrongCommandLineEndsWith2) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{},
                                                                     {"fly"},
                                                                     {"run", "p.yaml", "--bogus"},
                                                                     {"run"},
                                                                     {"predict", "p.png"},
                                                                     {"plugins"},
                                                                     {"run", "absent.yaml"}}) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << testing::PrintToString(arguments);
    EXPECT_NE(outcome.err, "");
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(Cli, ListsPluginsAndDescribesTheirOptions) {
  EXPECT_THAT(run({"plugins", "list"}).out,
              AllOf(HasSubstr("synthetic"), HasSubstr("/resnet.so"), Not(HasSubstr("null"))));
  EXPECT_THAT(run({"plugins", "list", "null_head.so"}).out, HasSubstr("null_head 1.0.0"));
  EXPECT_THAT(run({"plugins", "describe", "aspp"}).out, HasSubstr("dilations"));
  EXPECT_THAT(run({"plugins", "describe", "./null_head.so"}).out, HasSubstr("head null: a classifier"));
  for (const char* loss : {"cross_entropy", "focal", "kl", "dice", "lovasz"}) {
    const Outcome described = run({"plugins", "describe", loss});
    EXPECT_EQ(described.exit_code, 0);
    EXPECT_THAT(described.out, AllOf(HasSubstr("loss " + std::string(loss) + ": "), HasSubstr("class_weights")));
  }
  const Outcome unknown = run({"plugins", "describe", "apsp"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean \"aspp\"?"));
}

TEST_F(Cli, ARefusedLibraryIsListedWithItsReasonAndEndsWith2WhereItIsNamed) {
  test::write_bytes(file("empty.so"), "");
  const Outcome listed = run({"plugins", "list", "empty.so"});
  EXPECT_THAT(listed.out, HasSubstr("/empty.so: the file is empty"));
  EXPECT_EQ(listed.exit_code, 2);
  const Outcome beside = run({"validate", "p.yaml"});
  EXPECT_EQ(beside.exit_code, 0);
  EXPECT_THAT(beside.out, HasSubstr("warning: plugin refused: "));
  const Outcome named = run({"validate", "p.yaml", "--set", "plugins=[empty.so]"});
  EXPECT_EQ(named.exit_code, 2);
  EXPECT_THAT(named.err, HasSubstr("/empty.so: the file is empty"));
}

TEST_F(Cli, ARefusedLibraryIsAMistakeWithItsPlaceBesideTheOthers) {
  test::write_bytes(file("empty.so"), "");
  test::write_bytes(file("wrong.yaml"), R"(seed: minus one
plugins: [empty.so, absent.so]
data:
  dataset: {type: synthetic}
model:
  backbone: {type: ./empty.so}
  head: {type: ./absent.so}
train: {steps: 1}
)");
  const Outcome outcome = run({"validate", "wrong.yaml"});
  EXPECT_EQ(outcome.exit_code, 2);
  std::istringstream lines(outcome.err);
  for (const auto& [begin, end] : std::vector<std::pair<std::string, std::string>>{
           {"wrong.yaml:1:7: seed: ", ""},
           {"wrong.yaml:2:11: plugins.0: ", "/empty.so: the file is empty"},
           {"wrong.yaml:2:21: plugins.1: ",
            "/absent.so: expected a plugin or a folder of plugins, found nothing there"},
           {"wrong.yaml:6:20: model.backbone.type: ", "/empty.so: the file is empty"},
           {"wrong.yaml:7:16: model.head.type: ",
            "/absent.so: expected a plugin or a folder of plugins, found nothing there"}}) {
    std::string line;
    std::getline(lines, line);
    EXPECT_THAT(line, AllOf(testing::StartsWith(begin), testing::EndsWith(end)));
  }
  EXPECT_TRUE(lines.peek() == EOF) << outcome.err;
}

TEST_F(Cli, ValidatesWithoutLeavingAnything) {
  const Outcome outcome = run({"validate", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(testing::EndsWith("null_head.so\np.yaml: the pipeline is valid\n"),
                                 testing::StartsWith("loaded from beside the pipeline: ")));
  EXPECT_FALSE(fs::exists(file("run")));
  const Outcome printed = run({"validate", "p.yaml", "--set", "seed=7", "--print"});
  EXPECT_THAT(printed.out, AllOf(HasSubstr("seed: 7"), HasSubstr("momentum: 0.9")));
}

TEST_F(Cli, ValidateAsksTheDataSetForItsClasses) {
  const Outcome absent = run({"validate", "p.yaml", "--set", "data.evaluate.split=tomorrow"});
  EXPECT_EQ(absent.exit_code, 0) << absent.err;
  EXPECT_THAT(absent.out, AllOf(HasSubstr("p.yaml: the pipeline is valid; its model is unchecked: dataset synthetic"),
                                HasSubstr("expected train, val or test")));
  const Outcome wrong =
      run({"validate", "p.yaml", "--set", "data.dataset={type: folder, root: ., classes: [{name: a, color: red}]}"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("color \"red\": expected"));
}

TEST_F(Cli, EveryMistakeIsReportedWithItsPlace) {
  test::write_bytes(file("wrong.yaml"), R"(run: [train, fly]
device: tpu
seed: minus one
datta: {}
data:
  dataset: {type: synthetic, classes: -3, height: tall}
model:
  backbone: {type: "null", depth: 50}
  head: {type: pps}
train: {steps: 6, batch_size: 0, optimizer: {type: sgd, lr: fast}}
)");
  const Outcome outcome = run({"run", "wrong.yaml"});
  EXPECT_EQ(outcome.exit_code, 2);
  std::istringstream lines(outcome.err);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_THAT(line, testing::StartsWith("wrong.yaml:"));
  EXPECT_EQ(count, 10) << outcome.err;
  EXPECT_FALSE(fs::exists(file("runs")));
}

TEST_F(Cli, WhatOnlyTheModelShowsIsAMistakeWithItsPlace) {
  const auto mistake = [&](const std::string& head, const std::vector<std::string>& overrides = {}) {
    const std::string usual = "  head: {type: \"null\"}\n";
    std::string text = kPipeline;
    test::write_bytes(file("wrong.yaml"), text.replace(text.find(usual), usual.size(), head));
    std::vector<std::string> arguments = {"validate", "wrong.yaml"};
    for (const std::string& entry : overrides) arguments.insert(arguments.end(), {"--set", entry});
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    return outcome.err;
  };
  const std::string head = "  head: {type: \"null\"}\n";
  EXPECT_THAT(
      mistake(head + "  features: {indices: [0, 7]}\n"),
      testing::StartsWith("wrong.yaml:10:23: model.features.indices: 7 is out of range; there are 2 feature maps"));
  EXPECT_THAT(mistake(head + "  features: {downsample: {stride: 2}}\n", {"model.backbone={type: resnet, depth: 18}"}),
              testing::StartsWith("wrong.yaml:10:26: model.features.downsample: all chosen feature maps share"));
  EXPECT_THAT(mistake(head + "  auxiliary:\n    - {type: fcn, feature: 0}\n    - {type: fcn, feature: 50}\n"),
              testing::StartsWith("wrong.yaml:12:28: model.auxiliary.1.feature: 50 is out of range"));
  EXPECT_THAT(mistake(head + "  features: {indices: [0]}\n  auxiliary: [{type: fcn}]\n"),
              testing::StartsWith("wrong.yaml:11:15: model.auxiliary.0.feature: -2 is out of range"))
      << "of a default, the place of what it belongs to";
  EXPECT_THAT(mistake(head + "  loss: {class_weights: [1, 2]}\n"),
              testing::StartsWith("wrong.yaml:10:25: model.loss.class_weights: expected 3 weights"));
  EXPECT_THAT(mistake(head + "  loss: [{type: cross_entropy}, {type: dice, class_weights: [1, 2]}]\n"),
              testing::StartsWith("wrong.yaml:10:61: model.loss.1.class_weights: expected 3 weights"));
  EXPECT_THAT(mistake(head, {"model.features={indices: [9]}"}),
              testing::StartsWith("--set model.features={indices: [9]}: model.features.indices: 9 is out of range"));
}

TEST_F(Cli, WhatTheMachineCannotDoIsToldWithItsPlaceBeforeAnythingIsMade) {
  const Outcome precision = run({"run", "p.yaml", "--set", "train.precision=float16"});
  EXPECT_EQ(precision.exit_code, 2);
  EXPECT_THAT(precision.err, testing::StartsWith("--set train.precision=float16: train.precision: expected float32"));
  EXPECT_EQ(run({"plan", "p.yaml", "--set", "train.precision=float16"}).err, precision.err);
  const Outcome device = run({"run", "p.yaml", "--set", "device=cuda:99"});
  EXPECT_EQ(device.exit_code, 2);
  EXPECT_THAT(device.err, testing::StartsWith("--set device=cuda:99: device: expected one that is there"));
  EXPECT_FALSE(fs::exists(file("run")));
  EXPECT_EQ(run({"run", "p.yaml", "--set", "train.precision=float16", "--set", "run=[evaluate]"}).exit_code, 0)
      << "nothing is trained";
}

TEST_F(Cli, ARunLeavesItsFolder) {
  const Outcome outcome = run({"run", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* name : {"pipeline.yaml", "log.txt", "metrics.jsonl", "report.html",
                           "checkpoints/step-000006.safetensors", "checkpoints/step-000006.train.safetensors"}) {
    EXPECT_TRUE(fs::exists(file("run") / name)) << name;
  }
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("step 6/6"), HasSubstr("mean IoU "), HasSubstr("report: ")));
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos) << "no bar where there is no terminal";
  EXPECT_THAT(test::read_bytes(file("run/report.html")), AllOf(HasSubstr("IoU per class"), HasSubstr("Prediction")));
  EXPECT_THAT(test::read_bytes(file("run/log.txt")), HasSubstr("info: step 6/6"));
}

// The fields of a line of CSV without quotes.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, ',');) fields.push_back(field);
  return fields;
}

TEST_F(Cli, ARunKeepsTheConfusionMatrixAndTheScoreOfEachImage) {
  trained();
  std::vector<nlohmann::json> lines;
  std::istringstream metrics(test::read_bytes(file("run/metrics.jsonl")));
  for (std::string line; std::getline(metrics, line);) lines.push_back(nlohmann::json::parse(line));
  int64_t pixels = lines.back().at("ignored_pixels").get<int64_t>();
  for (const nlohmann::json& row : lines.back().at("confusion")) {
    for (const nlohmann::json& count : row) pixels += count.get<int64_t>();
  }
  EXPECT_EQ(pixels, 4 * 32 * 32);
  EXPECT_EQ(lines[1].at("steps"), 1);
  EXPECT_EQ(lines[2].at("steps"), 2) << "the mean of steps 3 and 4";

  std::istringstream table(test::read_bytes(file("run/image_scores.csv")));
  std::string line;
  std::getline(table, line);
  EXPECT_EQ(line, "image,mean_iou,pixel_accuracy");
  double before = 0;
  int images = 0;
  for (; std::getline(table, line); ++images) {
    const double score = std::stod(fields_of(line).at(1));
    EXPECT_GE(score, before) << "the worst comes first";
    before = score;
  }
  EXPECT_EQ(images, 4);
}

TEST_F(Cli, TheReportShowsTheWorstAndTheBestImages) {
  EXPECT_EQ(run({"run", "p.yaml", "--set", "evaluate.report_images=2"}).exit_code, 0);
  std::istringstream table(test::read_bytes(file("run/image_scores.csv")));
  std::vector<std::string> ids;
  for (std::string line; std::getline(table, line);) ids.push_back(fields_of(line).front());
  const std::string report = test::read_bytes(file("run/report.html"));
  const auto card = [&](const std::string& id) { return report.find("<header><b>" + id + "</b>"); };
  EXPECT_LT(card(ids[1]), card(ids[4])) << "both there, the worst first";
  EXPECT_NE(card(ids[4]), std::string::npos);
  for (const size_t middle : {2, 3}) EXPECT_EQ(card(ids[middle]), std::string::npos);
  EXPECT_THAT(report, AllOf(HasSubstr("Confusion matrix"), HasSubstr("How often the classes occur")));
}

TEST_F(Cli, AnAbsentGpuIsNamed) {
  const Outcome outcome = run({"run", "p.yaml", "--device", "cuda:99"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, testing::AnyOf(HasSubstr("is built without CUDA"), HasSubstr("finds no GPU"),
                                          HasSubstr("CUDA devices, numbered from 0")));
}

TEST_F(Cli, ARunDoesNotOverwriteAnother) {
  trained();
  const Outcome outcome = run({"run", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("already holds a run"));
  for (const char* name : {"runs/p-001", "runs/p-002"}) {
    EXPECT_EQ(run({"run", "p.yaml", "--set", "output=null", "--set", "train.steps=1"}).exit_code, 0);
    EXPECT_TRUE(fs::exists(file(name) / "report.html")) << name;
  }
}

TEST_F(Cli, AFailureOfTheWorkEndsWith1AndNamesTheCulprit) {
  const Outcome outcome = run({"run", "p.yaml", "--set", "data.dataset={type: camvid, root: nowhere}"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("error: "), HasSubstr("nowhere")));
  EXPECT_FALSE(fs::exists(file("run"))) << "a run that never began leaves nothing";
}

TEST_F(Cli, ACrashNamesThePlugin) {
  fs::copy_file(fs::path(SSHOST_TEST_PLUGIN_DIR) / "crashing_head.so", file("crashing_head.so"));
  for (const auto& [how, signal] : {std::pair("segfault", SIGSEGV), std::pair("abort", SIGABRT)}) {
    const Outcome outcome = run({"run", "p.yaml", "--set", "model.head={type: crashing, how: " + std::string(how) + "}",
                                 "--output", "run-" + std::string(how)});
    EXPECT_EQ(outcome.exit_code, -signal) << how;
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr("crashed with SIG"), HasSubstr("in head crashing ("), HasSubstr("crashing_head.so)")));
  }
}

TEST_F(Cli, AHeadIsSwappedByOneOverride) {
  const Outcome outcome = run({"run", "p.yaml", "--set", "model.head.type=psp", "--set", "model.head.channels=8",
                               "--set", "model.head.scales=[1, 2]"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(test::read_bytes(file("run/pipeline.yaml")), HasSubstr("scales: [1, 2]"));
}

TEST_F(Cli, CtrlCSavesAndTheRunGoesOn) {
  Program program(folder_.path(), {"run", "p.yaml", "--set", "train.steps=1000000"});
  for (int i = 0; i < 600 && program.out().find("step 4/") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  program.signal(SIGINT);
  const Outcome stopped = program.wait();
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("Stopped after step"));
  EXPECT_THAT(test::read_bytes(file("run/report.html")), HasSubstr("Duration"));

  nlohmann::json last;
  std::istringstream lines(test::read_bytes(file("run/metrics.jsonl")));
  for (std::string line; std::getline(lines, line);) last = nlohmann::json::parse(line);
  const std::string steps = std::to_string(last.at("step").get<int64_t>() + 4);
  const Outcome resumed = run({"run", "p.yaml", "--set", "train.resume=true", "--set", "train.steps=" + steps});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(resumed.out,
              AllOf(HasSubstr("going on from"), HasSubstr("step " + steps + "/" + steps), Not(HasSubstr("step 1/"))));
  EXPECT_THAT(test::read_bytes(file("run/report.html")), AllOf(HasSubstr("Since resumed"), Not(HasSubstr("Duration"))))
      << "the time before is not known";
}

TEST_F(Cli, GoingOnWithAnotherPipelineIsTold) {
  ASSERT_EQ(run({"run", "p.yaml", "--set", "train.steps=4"}).exit_code, 0);
  const auto resumed = [&](const std::string& steps, const std::vector<std::string>& changes) {
    std::vector<std::string> arguments = {
        "run", "p.yaml", "--set", "train.resume=true", "--set", "train.steps=" + steps};
    for (const std::string& change : changes) arguments.insert(arguments.end(), {"--set", change});
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out + outcome.err;
  };
  const std::string changed = resumed("6", {"train.optimizer.lr=0.5", "train.log_every=3", "data.workers=0"});
  EXPECT_THAT(changed, AllOf(HasSubstr("is not that of the run so far"), HasSubstr("train.optimizer.lr ("),
                             HasSubstr(", now 0.5)"), HasSubstr("train.steps (4, now 6)"), Not(HasSubstr("log_every")),
                             Not(HasSubstr("workers"))));
  EXPECT_THAT(resumed("6", {"train.optimizer.lr=0.5"}), Not(HasSubstr("is not that of the run so far")));
}

TEST_F(Cli, GoingOnFromAnOlderCheckpointLeavesTheLaterOnesAlone) {
  ASSERT_EQ(run({"run", "p.yaml", "--set", "train.steps=4", "--set", "train.save_every=1"}).exit_code, 0);
  const std::vector<std::string> older = {
      "run",   "p.yaml",        "--set",        "train.resume=true",
      "--set", "train.steps=5", "--checkpoint", file("run/checkpoints/step-000003.safetensors")};
  const std::string metrics = test::read_bytes(file("run/metrics.jsonl"));
  const Outcome refused = run(older);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("from step 3"), HasSubstr("step-000004"), HasSubstr("--output")));
  EXPECT_EQ(test::read_bytes(file("run/metrics.jsonl")), metrics);
  std::vector<std::string> elsewhere = older;
  elsewhere.insert(elsewhere.end(), {"--output", "new"});
  const Outcome outcome = run(elsewhere);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(fs::exists(file("new/checkpoints/step-000005.safetensors")));
}

TEST_F(Cli, ARunUnderNohupOutlivesItsTerminal) {
  const sighandler_t before = signal(SIGHUP, SIG_IGN);
  Program program(folder_.path(), {"run", "p.yaml", "--set", "train.steps=1000000"});
  signal(SIGHUP, before);
  for (int i = 0; i < 600 && program.out().find("step 4/") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  program.signal(SIGHUP);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_TRUE(program.is_running());
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait().exit_code, 128 + SIGTERM);
}

TEST_F(Cli, ARunThatBeganWithOtherWeightsGoesOnWithItsOwn) {
  const std::string weights = trained();
  const auto fine_tune = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"run", "p.yaml", "--checkpoint", weights, "--output", "tuned"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  ASSERT_EQ(fine_tune({"--set", "train.steps=4"}).exit_code, 0);
  const Outcome resumed = fine_tune({"--set", "train.resume=true", "--set", "train.steps=8"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(resumed.out, AllOf(HasSubstr("tuned/checkpoints/step-000004.safetensors"),
                                 HasSubstr("is not of this run"), HasSubstr("step 8/8")));
  EXPECT_THAT(test::read_bytes(file("tuned/pipeline.yaml")), HasSubstr("resume: false"));
  // Whoever starts from its checkpoint starts with the weights, however the run itself began.
  const Outcome again =
      run({"run", "--checkpoint", file("tuned/checkpoints/step-000008.safetensors"), "--output", "again"});
  EXPECT_THAT(again.out, AllOf(HasSubstr("weights from "), HasSubstr("step 8/8")));
}

TEST_F(Cli, ARunThatWentOnFromItsOwnCheckpointGoesOnFromItsNewestAfterwards) {
  const std::string checkpoint = trained();
  ASSERT_EQ(run({"run", "p.yaml", "--checkpoint", checkpoint, "--set", "train.resume=true", "--set", "train.steps=12"})
                .exit_code,
            0);
  EXPECT_THAT(test::read_bytes(file("run/pipeline.yaml")),
              AllOf(HasSubstr("resume: false"), Not(HasSubstr(checkpoint))));
  fs::remove(checkpoint);
  const Outcome again = run({"run", "run/pipeline.yaml", "--set", "train.resume=true", "--set", "train.steps=14"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("step-000012.safetensors"));
}

TEST_F(Cli, WhatOnlyEvaluatesIsARunAlsoWhereThePipelineSaysResume) {
  const std::string weights = trained();
  const std::vector<std::string> evaluate = {"run",    "p.yaml", "--checkpoint",      weights, "--output",
                                             "scored", "--set",  "train.resume=true", "--set", "run=[evaluate]"};
  EXPECT_EQ(run(evaluate).exit_code, 0);
  EXPECT_TRUE(fs::exists(file("scored/pipeline.yaml")));
  EXPECT_THAT(test::read_bytes(file("scored/report.html")), HasSubstr("Duration"));
  EXPECT_EQ(run(evaluate).exit_code, 2) << "the folder holds a run";
}

TEST_F(Cli, ARefusedResumeLeavesTheFolderAsItIs) {
  trained();
  const std::string before = test::read_bytes(file("run/pipeline.yaml"));
  const auto resume = [&](const std::string& change) {
    return run({"run", "p.yaml", "--set", "train.resume=true", "--set", "train.steps=9", "--set", change});
  };
  EXPECT_EQ(resume("seed=99").exit_code, 2);
  EXPECT_EQ(resume("model.head.type=fcn").exit_code, 1);
  const Outcome shorter = resume("train.steps=1");
  EXPECT_EQ(shorter.exit_code, 2);
  EXPECT_THAT(shorter.err, AllOf(HasSubstr("is to end after 1"), HasSubstr("train.steps")));
  EXPECT_EQ(test::read_bytes(file("run/pipeline.yaml")), before);
  EXPECT_EQ(resume("train.log_every=1").exit_code, 0);
  EXPECT_THAT(test::read_bytes(file("run/pipeline.yaml")), HasSubstr("log_every: 1\n"));
}

TEST_F(Cli, ABatchThatIsLargerThanTheSplitIsAMistakeWithItsPlace) {
  const Outcome outcome = run({"run", "p.yaml", "--set", "train.batch_size=1000"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("train.batch_size: expected at most "), HasSubstr("found 1000")));
  EXPECT_FALSE(fs::exists(file("run")));
}

TEST_F(Cli, WithoutAnOutputTheNewestRunGoesOn) {
  const auto train = [&](int steps, bool resume) {
    return run({"run", "p.yaml", "--set", "output=null", "--set", "run=[train]", "--set",
                "train.steps=" + std::to_string(steps), "--set",
                "train.resume=" + std::string(resume ? "true" : "false")});
  };
  const Outcome nothing = train(4, true);
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_THAT(nothing.err, AllOf(HasSubstr("runs/p-001"), HasSubstr("--output")));
  for (const int steps : {2, 4}) ASSERT_EQ(train(steps, false).exit_code, 0);
  const Outcome resumed = train(6, true);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_THAT(resumed.out, HasSubstr("runs/p-002/checkpoints/step-000004.safetensors"));
  EXPECT_TRUE(fs::exists(file("runs/p-002/checkpoints/step-000006.safetensors")));
  EXPECT_FALSE(fs::exists(file("runs/p-003")));
}

// Several runs of one thread each would otherwise all sit on the first core.
TEST_F(Cli, IsFreeToUseAnyCoreWhereTheNumberOfThreadsIsGiven) {
  const auto cores_of_a_run = [&](const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"run", "p.yaml", "--set", "train.steps=1000000"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Program program(folder_.path(), arguments);
    while (program.is_running() && program.out().find("step 4/") == std::string::npos) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    std::string cores = program.status("Cpus_allowed_list");
    program.signal(SIGKILL);
    program.wait();
    fs::remove_all(file("run"));
    return cores;
  };
  cpu_set_t own;
  ASSERT_EQ(sched_getaffinity(0, sizeof own, &own), 0);
  if (CPU_COUNT(&own) < 2) GTEST_SKIP() << "one core";
  unsetenv("OMP_NUM_THREADS");
  const std::string pinned = cores_of_a_run();
  setenv("OMP_NUM_THREADS", "1", 1);
  const std::string free = cores_of_a_run();
  EXPECT_NE(free, pinned);
  unsetenv("OMP_NUM_THREADS");
  EXPECT_EQ(cores_of_a_run({"--set", "threads=1"}), free);
}

TEST_F(Cli, ACheckpointIsAllThatAnEvaluationTakes) {
  const std::string checkpoint = trained();
  const Outcome outcome = run({"run", "--checkpoint", checkpoint, "--set", "run=[evaluate]"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("weights from"), HasSubstr("mean IoU ")));
}

TEST_F(Cli, ARunFromACheckpointGoesWhereItIsTold) {
  const std::string checkpoint = trained();
  const auto evaluate = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"run", "--checkpoint", checkpoint, "--set", "run=[evaluate]"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  };
  evaluate({"--set", "output=told"});
  EXPECT_TRUE(fs::exists(file("told/report.html")));
  EXPECT_FALSE(fs::exists(file("runs")));
  evaluate({});
  EXPECT_TRUE(fs::exists(file("runs/p-001/report.html"))) << "not the folder of the run that saved it";
}

// The null plugins lie beside p.yaml, and nowhere that is searched.
TEST_F(Cli, TheResolvedPipelineNamesTheLibrariesThatOnlyItsFolderOffers) {
  const std::string folder = fs::canonical(folder_.path()).string();
  const std::string backbone = folder + "/null_backbone.so", head = folder + "/null_head.so";
  const auto plugins = [&](const std::vector<std::string>& overrides) {
    std::vector<std::string> arguments = {"validate", "p.yaml", "--print"};
    for (const std::string& entry : overrides) arguments.insert(arguments.end(), {"--set", entry});
    std::smatch found;
    const std::string printed = run(arguments).out;
    return std::regex_search(printed, found, std::regex("\nplugins: (.*)\n")) ? found[1].str() : printed;
  };
  EXPECT_EQ(plugins({}), "[" + backbone + ", " + head + "]");
  EXPECT_EQ(plugins({"plugins=[null_head.so]"}), "[" + head + ", " + backbone + "]") << "each once";
  EXPECT_EQ(plugins({"plugins=[.]"}), "[" + folder + "/]");
  EXPECT_EQ(plugins({"model.head.type=./null_head.so", "model.backbone.type=./null_backbone.so:null"}), "[]")
      << "a type that is a path says where";
  EXPECT_EQ(plugins({"model.head={type: fcn}", "model.backbone={type: resnet}"}), "[]")
      << "what is always found is not named";
}

TEST_F(Cli, TheResolvedPipelineCanBeRunAgainAsItIs) {
  trained();
  fs::create_directory(file("elsewhere"));
  const auto again = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"run", "../run/pipeline.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(file("elsewhere"), arguments);
  };
  const Outcome outcome = again({});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto final_metrics = [](const fs::path& folder) {
    std::string line;
    std::ifstream lines(folder / "metrics.jsonl");
    for (std::string next; std::getline(lines, next);) line = next;
    return nlohmann::json::parse(line).at("mean_iou");
  };
  EXPECT_EQ(final_metrics(file("elsewhere/runs/p-001")), final_metrics(file("run")));
  const Outcome told = again({"--output", file("run")});
  EXPECT_EQ(told.exit_code, 2);
  EXPECT_THAT(told.err, HasSubstr("already holds a run"));
  const Outcome resumed = again({"--set", "train.resume=true", "--set", "train.steps=8"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(fs::exists(file("run/checkpoints/step-000008.safetensors"))) << "the run itself goes on";
  EXPECT_THAT(test::read_bytes(file("run/pipeline.yaml")), HasSubstr("resume: false"));
}

TEST_F(Cli, PredictsMasksAndOverlaysFromACheckpoint) {
  const std::string checkpoint = trained();
  EXPECT_EQ(run({"run", "p.yaml", "--output", "again", "--set", "run=[evaluate]", "--checkpoint", checkpoint, "--set",
                 "evaluate.save_predictions=true"})
                .exit_code,
            0);
  fs::create_directory(file("my photos"));
  std::vector<fs::path> overlays;
  for (const auto& entry : fs::recursive_directory_iterator(file("again/predictions"))) {
    if (entry.path().extension() == ".jpg") overlays.push_back(entry.path());
  }
  ASSERT_EQ(overlays.size(), 4u);
  fs::copy_file(overlays[0], file("my photos/one.jpg"));
  fs::copy_file(overlays[1], file("two.jpg"));
  const Outcome outcome = run({"predict", "my photos", "two.jpg", "--checkpoint", checkpoint, "--output", "masks"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* name : {"one.png", "one.overlay.jpg", "two.png", "two.overlay.jpg"}) {
    EXPECT_TRUE(fs::exists(file("masks") / name)) << name;
  }
}

TEST_F(Cli, PredictsInTheFormatsThatAreAskedFor) {
  const std::string checkpoint = trained();
  const std::vector<std::string> predict = {"predict", "--checkpoint", checkpoint, "--pipeline",
                                            "p.yaml",  "--output",     "out"};
  auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = predict;
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  };
  const Outcome outcome = with({"--split", "val", "--format", "index,coco"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("4 predictions in out"));
  int masks = 0;
  for (const auto& entry : fs::recursive_directory_iterator(file("out"))) {
    masks += entry.path().string().ends_with(".index.png") ? 1 : 0;
  }
  EXPECT_EQ(masks, 4);
  EXPECT_GE(nlohmann::json::parse(test::read_bytes(file("out/coco.json"))).size(), 4u);

  for (const auto& wrong : std::vector<std::vector<std::string>>{{"--split", "val", "--format", "cityscapes"},
                                                                 {"--split", "val", "--format", "jpeg"},
                                                                 {"--split", "val", "photo.jpg"},
                                                                 {}}) {
    const Outcome refused = with(wrong);
    EXPECT_EQ(refused.exit_code, 2) << testing::PrintToString(wrong);
    EXPECT_NE(refused.err, "");
  }
}

TEST_F(Cli, ARunPredictsASplitWithoutScoringIt) {
  const Outcome outcome =
      run({"run", "p.yaml", "--set", "run=[train, predict]", "--set", "evaluate.prediction_formats=[index]"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("predictions: "), Not(HasSubstr("mean IoU"))));
  EXPECT_FALSE(fs::is_empty(file("run/predictions")));
  EXPECT_THAT(test::read_bytes(file("run/report.html")), AllOf(HasSubstr("Prediction"), Not(HasSubstr("Truth"))));
}

TEST_F(Cli, AFormatThatDoesNotFitIsToldBeforeTheTraining) {
  const Outcome outcome =
      run({"run", "p.yaml", "--set", "run=[train, predict]", "--set", "evaluate.prediction_formats=[cityscapes]"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("expected the classes of Cityscapes"));
  EXPECT_FALSE(fs::exists(file("run")));
}

TEST_F(Cli, AFormatThatNobodyOffersIsToldWithItsPlaceAndWhatThereIs) {
  test::write_bytes(file("p.yaml"), std::string(kPipeline) + "evaluate: {prediction_formats: [index, cityscape]}\n");
  const Outcome outcome = run({"validate", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, ContainsRegex("p\\.yaml:11:40: evaluate\\.prediction_formats\\.1: expected one of masks, "
                                         ".*, or what a data set offers: ade20k, cityscapes; found \"cityscape\" "
                                         "\\(did you mean \"cityscapes\"\\?\\)"));
}

TEST_F(Cli, DescribesTheLayoutsOfADataSet) {
  EXPECT_THAT(run({"plugins", "describe", "cityscapes"}).out,
              AllOf(HasSubstr("layouts for evaluate.prediction_formats:\n"), HasSubstr("  cityscapes  what the ")));
  EXPECT_THAT(run({"plugins", "describe", "synthetic"}).out, Not(HasSubstr("layouts for")));
}

TEST_F(Cli, ComparesRuns) {
  for (const char* loss : {"cross_entropy", "dice"}) {
    const std::string type = "model.loss.type=" + std::string(loss);
    ASSERT_EQ(run({"run", "p.yaml", "--set", type, "--output", loss}).exit_code, 0);
  }
  const Outcome outcome = run({"compare", "cross_entropy", "dice", "--output", "both.html"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("model.loss.type"), HasSubstr("mean IoU %"), HasSubstr("difference")));
  EXPECT_THAT(outcome.out, Not(HasSubstr("train.steps")));
  EXPECT_THAT(test::read_bytes(file("both.html")), HasSubstr("cross_entropy · dice"));
  EXPECT_EQ(run({"compare", "cross_entropy", "absent"}).exit_code, 2);
}

TEST_F(Cli, ARunWithTheBestCheckpointKeptPredictsWithIt) {
  ASSERT_EQ(run({"run", "p.yaml", "--set", "train.evaluate_every=2", "--set", "train.keep_best=1", "--set",
                 "train.ema={decay: 0.5}"})
                .exit_code,
            0);
  test::write_bytes(file("black.ppm"), "P6 32 32 255\n" + std::string(32 * 32 * 3, '\0'));
  const Outcome outcome = run({"predict", "black.ppm", "--checkpoint", "run/checkpoints/best.safetensors", "--output",
                               "masks", "--pipeline", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(fs::exists(file("masks/black.png")));
  const auto has_events = [&] {
    return std::any_of(fs::directory_iterator(file("run")), fs::directory_iterator(),
                       [](const fs::directory_entry& entry) {
                         return entry.path().filename().string().starts_with("events.out.tfevents.");
                       });
  };
  EXPECT_TRUE(has_events());
}

}  // namespace
}  // namespace sshost::cli
