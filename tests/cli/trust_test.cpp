// Opening a checkpoint loads no code that the user has not named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/checkpoint_metadata.h"
#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train]
output: run
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 8, evaluate_samples: 2}
  train: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: canary}
  memory: {type: mcibi, channels: 8, transform_channels: 4, out_channels: 8}
train: {steps: 1, batch_size: 4}
)";

class Trust : public PipelineFolder {
 protected:
  Trust() : PipelineFolder(kPipeline, {"null_backbone.so", "canary_head.so"}) {}

  // As this user; the canary's mark is taken away before.
  Outcome as_user(const std::vector<std::string>& arguments, const std::string& user = "own") {
    fs::remove(canary_);
    return Program(folder_.path(), SSHOST_PROGRAM, arguments,
                   {{"SSHOST_TEST_CANARY", canary_.string()},
                    {"XDG_STATE_HOME", file(user + "-state").string()},
                    {"XDG_CONFIG_HOME", file(user + "-config").string()}})
        .wait();
  }

  bool was_loaded() const { return fs::exists(canary_); }

  void train() {
    const Outcome outcome = as_user({"run", "p.yaml"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    ASSERT_TRUE(was_loaded());
    fs::remove(canary_);
  }

  const fs::path canary_ = file("mark");
  const std::string checkpoint_ = file("run/checkpoints/step-000001.safetensors").string();
};

// What opens a checkpoint, and so finds the pipeline in it.
std::vector<std::vector<std::string>> commands_on(const std::string& checkpoint) {
  return {{"predict", "--checkpoint", checkpoint, "--split", "val"},
          {"run", "--checkpoint", checkpoint, "--set", "run=[evaluate]"},
          {"validate", "--checkpoint", checkpoint},
          {"weights", "export", checkpoint, "--output", "x.pth"},
          {"memory", "inspect", checkpoint},
          {"memory", "diff", checkpoint, checkpoint},
          {"memory", "merge", checkpoint, checkpoint, "--output", "x.safetensors"}};
}

TEST_F(Trust, OnesOwnCheckpointsGoOnWorkingWithoutAWord) {
  train();
  for (const std::vector<std::string>& command : commands_on(checkpoint_)) {
    const Outcome outcome = as_user(command);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_TRUE(was_loaded()) << command[0];
  }
}

TEST_F(Trust, AStrangersCheckpointLoadsNothingAndSaysWhatItWants) {
  train();
  const std::string library = fs::canonical(file("canary_head.so"));
  for (const std::vector<std::string>& command : commands_on(checkpoint_)) {
    const Outcome outcome = as_user(command, "another");
    EXPECT_EQ(outcome.exit_code, 2) << command[0];
    EXPECT_FALSE(was_loaded()) << command[0];
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(library), ContainsRegex("SHA-256 [0-9a-f]{64}"),
                                   HasSubstr("--trust " + library), HasSubstr(": plugins.")));
  }
}

TEST_F(Trust, WhateverWayACheckpointNamesALibrary) {
  train();
  fs::copy_file(file("canary_head.so"), file("run/checkpoints/evil.so"));
  fs::copy_file(file("canary_head.so"), file("run/checkpoints/photo.png"));
  fs::create_symlink("evil.so", file("run/checkpoints/link.so"));
  const std::string pristine = test::read_bytes(checkpoint_);
  struct Attack {
    const char* plugins;
    const char* head;
    const char* wanted;
  };
  const std::vector<Attack> attacks = {{"[evil.so]", "canary", "evil.so"},
                                       {"[photo.png]", "canary", "photo.png"},
                                       {"[link.so]", "canary", "evil.so"},
                                       {"[.]", "canary", "evil.so"},
                                       {"[../../run/checkpoints]", "canary", "evil.so"},
                                       {"[]", "./evil.so:canary", "evil.so"},
                                       {"[]", "./photo.png", "photo.png"}};
  for (const Attack& attack : attacks) {
    test::write_bytes(checkpoint_, pristine);
    // The backbone is of no interest here: one that comes with the program.
    edit_pipeline(checkpoint_, "plugins:\n(  - .*\n)*|plugins: .*\n", std::string("plugins: ") + attack.plugins + "\n");
    edit_pipeline(checkpoint_, "type: canary", std::string("type: \"") + attack.head + "\" # ");
    const Outcome outcome = as_user(
        {"predict", "--checkpoint", checkpoint_, "--split", "val", "--set", "model.backbone={type: resnet, depth: 18}"},
        "another");
    EXPECT_EQ(outcome.exit_code, 2) << attack.plugins << " " << attack.head;
    EXPECT_FALSE(was_loaded()) << attack.plugins << " " << attack.head;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(attack.wanted), HasSubstr("--trust "), ContainsRegex("[0-9a-f]{64}")));
  }
}

TEST_F(Trust, IsGivenByNameOrByTheUsersConfiguration) {
  train();
  const std::vector<std::string> predict = {"predict", "--checkpoint", checkpoint_, "--split", "val"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = predict;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return as_user(arguments, "another");
  };
  EXPECT_EQ(with({"--trust", "canary_head.so"}).exit_code, 2) << "there are two";
  const Outcome trusted = with({"--trust", "canary_head.so", "--trust", "null_backbone.so"});
  EXPECT_EQ(trusted.exit_code, 0) << trusted.err;
  EXPECT_TRUE(was_loaded());
  EXPECT_EQ(with({"--set", "plugins=[canary_head.so, null_backbone.so]"}).exit_code, 0);
  EXPECT_EQ(with({}).exit_code, 2) << "none of this is remembered";
  EXPECT_THAT(with({"--trust", "absent.so"}).err, HasSubstr("--trust absent.so: expected a plugin's library"));

  fs::create_directories(file("another-config/sshost"));
  test::write_bytes(file("another-config/sshost/config.yaml"),
                    "trusted_plugin_folders: [/no/such/folder, " + folder_.path().string() + "]\n");
  const Outcome configured = with({});
  EXPECT_EQ(configured.exit_code, 0) << configured.err;
}

TEST_F(Trust, AConfigurationThatIsWrongOrThatOthersMayWriteIsAnError) {
  train();
  const std::vector<std::string> predict = {"predict", "--checkpoint", checkpoint_, "--split", "val"};
  const fs::path configuration = file("own-config/sshost/config.yaml");
  fs::create_directories(configuration.parent_path());
  test::write_bytes(configuration, "trusted_folders: [/]\n");
  EXPECT_THAT(as_user(predict).err, HasSubstr("config.yaml:1:1: trusted_folders: unknown option"));
  test::write_bytes(configuration, "trusted_plugin_folders: [/]\n");
  fs::permissions(configuration, fs::perms::others_write, fs::perm_options::add);
  EXPECT_THAT(as_user(predict).err, AllOf(HasSubstr("others may write"), HasSubstr("chmod go-w")));
}

TEST_F(Trust, ALibraryThatHasChangedSinceTheRunIsNoticed) {
  train();
  test::write_bytes(file("canary_head.so"), test::read_bytes(file("canary_head.so")) + "x");
  const std::vector<std::string> predict = {"predict", "--checkpoint", checkpoint_, "--split", "val"};
  const Outcome refused = as_user(predict);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_FALSE(was_loaded());
  EXPECT_THAT(refused.err, AllOf(HasSubstr("the checkpoint was made with another one, "), HasSubstr("--trust ")));
  for (const std::vector<std::string>& named :
       {std::vector<std::string>{"--trust", "canary_head.so"}, {"--pipeline", "p.yaml"}}) {
    std::vector<std::string> arguments = predict;
    arguments.insert(arguments.end(), named.begin(), named.end());
    const Outcome warned = as_user(arguments);
    EXPECT_EQ(warned.exit_code, 0) << warned.err;
    EXPECT_THAT(warned.out + warned.err, HasSubstr("canary_head.so is not what the checkpoint was made with"));
  }
  EXPECT_THAT(as_user({"run", "p.yaml", "--set", "train.resume=true", "--set", "train.steps=2"}).out,
              HasSubstr("canary_head.so is not what the checkpoint was made with"));
  EXPECT_EQ(as_user(predict).exit_code, 0) << "a run of this user has loaded it since";
}

// Who owns it could put another one in its place, between the look at its bytes and its loading.
TEST_F(Trust, ARememberedLibraryThatAnotherUserOwnsIsNotLoadedForACheckpoint) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  train();
  ASSERT_EQ(chown(file("canary_head.so").c_str(), 12345, static_cast<gid_t>(-1)), 0);
  const Outcome outcome = as_user({"predict", "--checkpoint", checkpoint_, "--split", "val"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_FALSE(was_loaded());
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("canary_head.so belongs to "), HasSubstr("who may change what is loaded")));
}

TEST_F(Trust, ACheckpointCannotExtendAFile) {
  train();
  test::write_bytes(file("secret.txt"), "a secret\n");
  edit_pipeline(checkpoint_, "^", "extends: " + file("secret.txt").string() + "\n");
  const Outcome outcome = as_user({"predict", "--checkpoint", checkpoint_, "--split", "val"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("only a file can extend another"), Not(HasSubstr("a secret"))));
}

TEST_F(Trust, CommandsThatOnlyLookSayWhatTheyLoadFromBesideThePipeline) {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"validate", "p.yaml"}, {"plan", "p.yaml", "--size", "32", "32"}, {"data", "doctor", "p.yaml"}}) {
    const Outcome outcome = as_user(command);
    EXPECT_THAT(outcome.out, HasSubstr("loaded from beside the pipeline: " + file("canary_head.so").string()));
  }
  EXPECT_FALSE(fs::exists(file("own-state"))) << "only runs remember";
}

TEST_F(Trust, ALibraryThatOthersMayWriteIsRefused) {
  fs::permissions(file("canary_head.so"), fs::perms::others_write, fs::perm_options::add);
  const Outcome outcome = as_user({"validate", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_FALSE(was_loaded());
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("others may write " + file("canary_head.so").string() + " (mode 0"),
                                 HasSubstr("owner "), HasSubstr("chmod go-w ")));
}

TEST_F(Trust, EntriesOfTheSearchPathThatOthersDecideAreRefused) {
  fs::create_directory(file("open"));
  fs::copy_file(file("canary_head.so"), file("open/canary_head.so"));
  fs::permissions(file("open"), fs::perms::all);
  const auto list = [&](const std::string& path) {
    fs::remove(canary_);
    return Program(folder_.path(), SSHOST_PROGRAM, {"plugins", "list"},
                   {{"SSHOST_TEST_CANARY", canary_.string()}, {"SSHOST_PLUGIN_PATH", path}})
        .wait();
  };
  EXPECT_THAT(list("open").out, HasSubstr("expected an absolute path in SSHOST_PLUGIN_PATH"));
  EXPECT_FALSE(was_loaded());
  EXPECT_THAT(list(file("open").string()).out, HasSubstr("others may write " + file("open").string()));
  EXPECT_FALSE(was_loaded());
  fs::permissions(file("open"), fs::perms::owner_all);
  EXPECT_THAT(list(file("open").string()).out, HasSubstr("canary"));
  EXPECT_TRUE(was_loaded());
}

}  // namespace
}  // namespace sshost::cli
