// The command line itself: help, mistakes in it, completion, and what `sshost` loads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

using Words = std::vector<std::string>;

const std::vector<Words> kCommands = {{"run"},
                                      {"new"},
                                      {"validate"},
                                      {"plan"},
                                      {"predict"},
                                      {"serve"},
                                      {"export"},
                                      {"compare"},
                                      {"plugins", "list"},
                                      {"plugins", "describe"},
                                      {"data", "doctor"},
                                      {"data", "preview"},
                                      {"memory", "inspect"},
                                      {"memory", "diff"},
                                      {"memory", "merge"},
                                      {"weights", "inspect"},
                                      {"weights", "import"},
                                      {"weights", "export"},
                                      {"completion"}};
const std::vector<std::string> kGroups = {"plugins", "data", "memory", "weights"};

// The program itself too.
std::vector<Words> all_with_a_help() {
  std::vector<Words> all = kCommands;
  for (const std::string& group : kGroups) all.push_back({group});
  all.emplace_back();
  return all;
}

class CommandLine : public PipelineFolder {
 protected:
  CommandLine() : PipelineFolder("model: {}\n") {}

  Outcome help(Words command) const {
    command.emplace_back("--help");
    return run(command);
  }
  // What the program says of a command line that is wrong.
  std::string complaint(const Words& words) const {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 2) << testing::PrintToString(words);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  }
  Outcome shell(const std::string& name, const std::string& script) const {
    return Program(folder_.path(), name, {"-c", script}, {}).wait();
  }
};

TEST_F(CommandLine, ATypoGetsASuggestion) {
  EXPECT_THAT(complaint({"trian"}), HasSubstr("there is no command \"trian\" (did you mean \"run\"?)"));
  EXPECT_THAT(complaint({"pedict"}), HasSubstr("did you mean \"predict\"?"));
  EXPECT_THAT(complaint({"doctor"}), HasSubstr("did you mean \"data doctor\"?"));
  EXPECT_THAT(complaint({"data", "doctr"}), HasSubstr("sshost data: there is no command \"doctr\" (did you mean"));
  EXPECT_THAT(complaint({"--verson"}), HasSubstr("there is no option --verson (did you mean \"--version\"?)"));
  EXPECT_THAT(complaint({"run", "p.yaml", "--otput=x"}), HasSubstr("no option --otput (did you mean \"--output\"?)"));
  EXPECT_THAT(complaint({"completion", "fisch"}), HasSubstr("did you mean \"fish\"?"));
}

TEST_F(CommandLine, AnOptionInFrontOfTheCommandIsToldWhereItStands) {
  EXPECT_THAT(complaint({"-q", "validate", "p.yaml"}),
              HasSubstr("the option -q stands behind the command: `sshost validate -q`"));
}

TEST_F(CommandLine, WhatIsNearNothingGetsTheList) {
  EXPECT_THAT(complaint({"frobnicate"}),
              AllOf(HasSubstr("there are: run, new, validate"), Not(HasSubstr("did you mean"))));
  EXPECT_THAT(complaint({}), HasSubstr("expected a command, one of run, new, validate"));
  EXPECT_THAT(complaint({"memory"}), HasSubstr("one of inspect, diff, merge"));
  EXPECT_THAT(complaint({"validate", "a.yaml", "b.yaml"}), HasSubstr("did not expect \"b.yaml\""));
}

TEST_F(CommandLine, HelpHasExamplesAndTheExitCodes) {
  for (const Words& command : all_with_a_help()) {
    const Outcome outcome = help(command);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, ContainsRegex("Examples:\n  .*sshost "));
  }
  EXPECT_THAT(run({"--help"}).out, HasSubstr("Exit codes: 0 done"));
  EXPECT_THAT(run({"--version"}).out, HasSubstr("plugin contract 1."));
}

TEST_F(CommandLine, HelpIsACommandToo) {
  EXPECT_EQ(run({"help"}).out, run({"--help"}).out);
  EXPECT_EQ(run({"help", "data", "doctor"}).out, run({"data", "doctor", "--help"}).out);
  EXPECT_EQ(run({"help"}).exit_code, 0);
}

TEST_F(CommandLine, AGroupShowsItsOwnExamples) {
  for (const std::string& group : kGroups) {
    const std::string text = help({group}).out;
    EXPECT_THAT(text, HasSubstr("Examples:\n  sshost " + group + " "));
    EXPECT_THAT(text, Not(HasSubstr("sshost run "))) << group;
  }
}

TEST_F(CommandLine, HelpFitsInto80Columns) {
  for (const Words& command : all_with_a_help()) {
    std::istringstream lines(help(command).out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 79u) << line;
  }
}

// A program that links LibTorch takes a quarter of a second to begin.
TEST_F(CommandLine, HelpVersionAndCompletionNeedNothingButTheLauncher) {
  fs::create_directories(file("alone/bin"));
  fs::copy_file(SSHOST_PROGRAM, file("alone/bin/sshost"));
  const auto alone = [&](const Words& words) {
    return Program(folder_.path(), file("alone/bin/sshost"), words, {}).wait();
  };
  EXPECT_EQ(alone({"--version"}).out, run({"--version"}).out);
  EXPECT_EQ(alone({"--help"}).out, run({"--help"}).out);
  EXPECT_EQ(alone({"completion", "bash"}).exit_code, 0);
  EXPECT_EQ(alone({"trian"}).exit_code, 2);
  const Outcome missing = alone({"validate", "p.yaml"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, AllOf(HasSubstr("alone/libexec/sshost/sshost-main"), HasSubstr("cannot be executed")));
  EXPECT_THAT(shell("bash", "ldd " SSHOST_PROGRAM).out, AllOf(Not(HasSubstr("torch")), Not(HasSubstr("libgomp"))));
}

TEST_F(CommandLine, AUserIsFoundThroughALink) {
  fs::create_symlink(SSHOST_PROGRAM, file("link"));
  EXPECT_THAT(Program(folder_.path(), file("link"), {"plugins", "list"}, {}).wait().out, HasSubstr("synthetic"));
}

// What bash, zsh and fish would offer.
TEST_F(CommandLine, BashCompletesCommandsAndOptions) {
  const std::string source = "source <(" SSHOST_PROGRAM " completion bash); ";
  const auto offered = [&](const std::string& words) {
    return shell("bash", source + "COMP_WORDS=(" + words +
                             "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sshost; echo -n \"${COMPREPLY[*]}\"")
        .out;
  };
  EXPECT_EQ(offered("sshost d"), "data");
  EXPECT_EQ(offered("sshost data ''"), "doctor preview");
  EXPECT_EQ(offered("sshost run p.yaml --set a=b --out"), "--output");
  EXPECT_EQ(offered("sshost --v"), "--version");
  EXPECT_EQ(offered("sshost predict pho"), "") << "files, which bash finds itself";
}

TEST_F(CommandLine, FishCompletesCommandsAndOptions) {
  if (shell("sh", "command -v fish").exit_code != 0) GTEST_SKIP() << "no fish on this machine (Debian package fish)";
  const std::string source = SSHOST_PROGRAM " completion fish | source; ";
  EXPECT_THAT(shell("fish", source + "complete -C 'sshost da'").out, HasSubstr("data\tLook at"));
  EXPECT_THAT(shell("fish", source + "complete -C 'sshost data doctor --li'").out, HasSubstr("--limit\t"));
}

TEST_F(CommandLine, ZshTakesItsCompletion) {
  if (shell("sh", "command -v zsh").exit_code != 0) GTEST_SKIP() << "no zsh on this machine (Debian package zsh)";
  const Outcome outcome = shell("bash", SSHOST_PROGRAM " completion zsh >_sshost && zsh -n _sshost");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const Outcome offered =
      shell("zsh",
            "compdef() {}; _describe() { print -rl -- ${(P)2}; }; _files() { print files; }; source ./_sshost; "
            "words=(sshost data ''); CURRENT=3; PREFIX=''; _sshost; words=(sshost run x); _sshost");
  EXPECT_THAT(offered.out, AllOf(HasSubstr("doctor:Read a pipeline"), HasSubstr("files")));
}

}  // namespace
}  // namespace sshost::cli
