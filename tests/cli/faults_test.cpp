// What plugins do that break the contract, seen by a person: the culprit is named, and nothing looks like success.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "cli/pipeline_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kFaulty = R"(run: [train]
output: run
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 8, evaluate_samples: 4}
  train: {transforms: [{type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: faulty}
train: {steps: 2, batch_size: 4, log_every: 1, optimizer: {type: sgd, lr: 0.01}}
)";

struct Fault {
  const char* name;
  const char* told;
};

class Faults : public PipelineFolder {
 protected:
  Faults() : PipelineFolder(kFaulty, {"null_backbone.so", "null_head.so", "faulty_head.so", "faulty_dataset.so"}) {}

  Outcome run_head(const std::string& fault) const {
    return run({"run", "p.yaml", "--set", "model.head.fault=" + fault, "--output", "run_" + fault});
  }
  Outcome run_data(const std::string& fault) const {
    return run({"run", "p.yaml", "--set", "data.dataset={type: faulty_data, fault: " + fault + "}", "--set",
                "model.head={type: \"null\"}", "--output", "data_" + fault});
  }
};

TEST_F(Faults, AreNoneWithoutAny) {
  for (const Outcome& outcome : {run_head("none"), run_data("none")}) EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST_F(Faults, OfAHeadAreFailuresWithItsName) {
  for (const Fault& fault : {Fault{"exit", "it ended the process by exit()"},
                             {"exit_in_create", "it ended the process by exit()"},
                             {"quick_exit", "it ended the process by quick_exit()"},
                             {"_exit", "it ended the process by _exit()"},
                             {"throw",
                              "an exception left a function of the plugin, which has to give a status and "
                              "host->fail instead: no luck in embed"},
                             {"throw_in_create", "no luck in create"},
                             {"throw_int", "an exception that is no std::exception"},
                             {"no_message", "failed without a message (internal error)"},
                             {"nothing", "the representation: expected floating point"},
                             {"batch", "the representation: expected floating point"},
                             {"in_place", "the features: expected tensors that are as they were lent"}}) {
    const Outcome outcome = run_head(fault.name);
    EXPECT_EQ(outcome.exit_code, 1) << fault.name << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("head faulty ("), HasSubstr("faulty_head.so)"), HasSubstr(fault.told)))
        << fault.name;
    EXPECT_THAT(outcome.out, Not(HasSubstr("step 2/2"))) << fault.name;
  }
}

TEST_F(Faults, AnEndIsAFailureForScriptsToo) {
  const Outcome outcome = run({"run", "p.yaml", "--json", "--set", "model.head.fault=exit"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("\"kind\": \"failure\""), HasSubstr("ended the process by exit()")));
}

TEST_F(Faults, ANaNAtTheFirstStepNamesWhereItComesFrom) {
  EXPECT_THAT(run_head("nan").err, AllOf(HasSubstr("at step 1"), HasSubstr("the representation of head faulty ("),
                                         HasSubstr("faulty_head.so"), Not(HasSubstr("Lower train.optimizer.lr"))));
}

TEST_F(Faults, ACrashOnAThreadOfThePluginNamesItsLibrary) {
  const Outcome outcome = run_head("crash_on_a_thread");
  EXPECT_EQ(outcome.exit_code, -SIGSEGV);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("crashed with SIGSEGV in code of "), HasSubstr("faulty_head.so")));
}

TEST_F(Faults, AHandleThatIsNoneNamesTheComponent) {
  EXPECT_THAT(run_head("made_up").err, HasSubstr("crashed with SIGSEGV in head faulty ("));
  const auto checked = [&](const std::string& fault) {
    return Program(folder_.path(), SSHOST_PROGRAM,
                   {"run", "p.yaml", "--set", "model.head.fault=" + fault, "--output", "checked_" + fault},
                   {{"SSHOST_CHECK_HANDLES", "1"}})
        .wait();
  };
  for (const char* fault : {"made_up", "released_twice"}) {
    const Outcome outcome = checked(fault);
    EXPECT_EQ(outcome.exit_code, 1) << fault << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("head faulty ("), HasSubstr("the handles of tensors"))) << fault;
  }
}

TEST_F(Faults, WhatCreateChangesInTheProcessIsPutBack) {
  for (const char* fault : {"chdir", "locale"}) {
    EXPECT_EQ(run_head(fault).exit_code, 0) << fault;
    EXPECT_TRUE(fs::exists(file("run_" + std::string(fault)) / "report.html")) << fault;
  }
  Program program(folder_.path(),
                  {"run", "p.yaml", "--set", "model.head.fault=signal", "--set", "train.steps=1000000"});
  for (int i = 0; i < 600 && program.out().find("step 4/") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  program.signal(SIGINT);
  EXPECT_EQ(program.wait().exit_code, 130) << "Ctrl-C works";
}

TEST_F(Faults, RulesOfAFormatThatIsNotListedAreNotAskedFor) {
  ASSERT_EQ(run_head("any_format").exit_code, 0);
  const Outcome outcome =
      run({"weights", "export", "--checkpoint", "run_any_format", "--format", "torchvision", "t.pth"});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_FALSE(fs::exists(file("t.pth")));
}

TEST_F(Faults, OfADataSetAreFailuresWithItsName) {
  for (const Fault& fault : {Fault{"exit", "it ended the process by exit()"},
                             {"throw", "no luck in read"},
                             {"endless_count", "found 4611686018427387904"},
                             {"varying_count", "the number of samples varies"},
                             {"null_id", "the id is a null pointer"},
                             {"zero_in_id", "the id holds a zero byte"},
                             {"latin1_id", "the id has to be a file name"},
                             {"same_id", "an earlier sample has this id too"},
                             {"id_above", "the id has to be a file name"},
                             {"same_classes", "which is class 0 too"},
                             {"label_outside", "9 at row 0, column 7 is neither a class"},
                             {"writes_behind", "`read` writes beyond its buffer \"image\""},
                             {"writes_before", "`read` writes beyond its buffer \"label\""}}) {
    const Outcome outcome = run_data(fault.name);
    EXPECT_THAT(outcome.exit_code, testing::AnyOf(1, 2)) << fault.name << outcome.err;
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr("dataset faulty_data ("), HasSubstr("faulty_dataset.so)"), HasSubstr(fault.told)))
        << fault.name;
  }
}

}  // namespace
}  // namespace sshost::cli
