// What a FIFO, a device, a closed descriptor, a full disk, a signal or somebody's odd name does to the program.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <opencv2/imgcodecs.hpp>
#include <sstream>
#include <thread>

#include "cli/checkpoint_metadata.h"
#include "cli/pipeline_folder.h"
#include "temp_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPipeline = R"(run: [train]
output: run
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 8, evaluate_samples: 2}
  train: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: "null"}
train: {steps: 2, batch_size: 4}
)";

constexpr auto kPatience = std::chrono::seconds(120);  // with a machine that is busy; nothing here should wait at all

template <typename Holds>
void wait_until(const Holds& holds) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!holds() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

class Files : public PipelineFolder {
 protected:
  Files() : PipelineFolder(kPipeline, kNullLibraries) {}

  std::string trained() const {
    EXPECT_EQ(run({"run", "p.yaml"}).exit_code, 0);
    return file("run/checkpoints/step-000002.safetensors");
  }

  // The program as the shell starts it: "$@" stands for it with these arguments.
  Outcome shell(const std::string& script, const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {"-c", script, "sh", SSHOST_PROGRAM};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return Program(folder_.path(), "/bin/sh", all, {}).wait();
  }

  // As run, but killed (-SIGKILL) where it waits for something that never comes.
  Outcome run_without_waiting(const std::vector<std::string>& arguments) const {
    Program program(folder_.path(), arguments);
    wait_until([&] { return !program.is_running(); });
    if (program.is_running()) program.signal(SIGKILL);
    return program.wait();
  }

  void make_fifo(const std::string& name) const { ASSERT_EQ(mkfifo(file(name).c_str(), 0600), 0); }
  void make_photo(const std::string& name) const {
    fs::create_directories(file(name).parent_path());
    cv::imwrite(file(name).string(), cv::Mat(16, 16, CV_8UC3, cv::Scalar(9, 99, 199)));
  }
};

TEST_F(Files, AFifoIsRefusedByNameWhereverAFileIsRead) {
  const std::string model = trained();
  for (const char* name : {"f.png", "f.safetensors", "f.pth", "f.yaml"}) make_fifo(name);
  test::write_bytes(file("fifo.yaml"), "extends: f.yaml\n");
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"predict", "f.png", "--pipeline", "p.yaml", "--checkpoint", model},
           {"predict", "f.png", "--stream", "--pipeline", "p.yaml", "--checkpoint", model},
           {"run", "--checkpoint", "f.safetensors"},
           {"weights", "inspect", "f.pth"},
           {"weights", "inspect", "f.safetensors"},
           {"validate", "f.yaml"},
           {"validate", "fifo.yaml"}}) {
    const Outcome outcome = run_without_waiting(arguments);
    EXPECT_GT(outcome.exit_code, 0) << testing::PrintToString(arguments);
    EXPECT_THAT(outcome.out + outcome.err, AllOf(HasSubstr("f."), HasSubstr("regular file")));
  }
}

TEST_F(Files, AnEndlessDeviceIsRefusedByName) {
  test::write_bytes(file("zero.yaml"), "extends: /dev/zero\n");
  const Outcome outcome = run_without_waiting({"validate", "zero.yaml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("zero.yaml:1:10: extends"), HasSubstr("/dev/zero: it is a device")));
}

TEST_F(Files, TheFirstSignalEndsAWaitBeforeThereIsAnythingToSave) {
  make_fifo("fifo");  // a plugin waits for it
  fs::copy_file(fs::path(SSHOST_TEST_PLUGIN_DIR) / "waiting_head.so", file("waiting_head.so"));
  const std::string head = "model.head={type: waiting, fifo: " + file("fifo").string() + "}";
  const auto before = std::signal(SIGINT, SIG_DFL);  // as a shell leaves it for what it does not wait for
  for (const int number : {SIGTERM, SIGINT}) {
    Program program(folder_.path(), {"run", "p.yaml", "--set", head});
    int writer = -1;  // opens once the program reads
    wait_until([&] {
      writer = open(file("fifo").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
      return writer >= 0 || !program.is_running();
    });
    ASSERT_TRUE(program.is_running()) << program.wait().err;
    program.signal(number);
    wait_until([&] { return !program.is_running(); });
    if (program.is_running()) program.signal(SIGKILL);
    EXPECT_EQ(program.wait().exit_code, -number);
    close(writer);
  }
  std::signal(SIGINT, before);
}

TEST_F(Files, ClosedDescriptorsChangeNothing) {
  const Outcome outcome = shell(R"(exec "$@" <&- >&- 2>&-)", {"run", "p.yaml"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(
      run({"predict", "--split", "val", "--checkpoint", file("run/checkpoints/step-000002.safetensors")}).exit_code, 0)
      << "the checkpoint is whole";
  for (const auto& entry : fs::directory_iterator(file("run"))) {
    if (!entry.path().filename().string().starts_with("events.")) continue;
    EXPECT_THAT(test::read_bytes(entry.path()), Not(HasSubstr("run folder")));
  }
  for (const char* closed : {R"(exec "$@" >&-)", R"(exec "$@" 2>&-)"}) {
    EXPECT_EQ(shell(closed, {"validate", "p.yaml"}).exit_code, 0) << closed;
  }
}

TEST_F(Files, OutputToAFullDeviceIsAnError) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"plugins", "list"}, {"validate", "p.yaml", "--print"}, {"--help"}, {"--version"}, {"run", "p.yaml"}}) {
    const Outcome outcome = shell(R"("$@" >/dev/full)", arguments);
    EXPECT_EQ(outcome.exit_code, 1) << arguments[0];
    EXPECT_THAT(outcome.err, HasSubstr("standard output could not be written")) << arguments[0];
  }
}

TEST_F(Files, AFileThatMayNotGrowIsAnErrorWithItsName) {
  const Outcome outcome = shell(R"(ulimit -f 1; "$@")", {"run", "p.yaml"});  // half a KiB, or a whole one
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr((folder_ / "run").string()), HasSubstr("File too large")));
}

TEST_F(Files, ADeletedWorkingDirectoryIsAnErrorThatSaysSo) {
  const Outcome outcome = shell(R"(mkdir gone && cd gone && rmdir ../gone && "$@")", {"run", "../p.yaml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the working directory is gone"));
}

TEST_F(Files, NoTerminalObeysANameOutOfAPipelineOrAFolder) {
  const Outcome mistake = run({"validate", "p.yaml", "--set", "name=\"a\\e]0;owned\\a/b\""});
  EXPECT_EQ(mistake.exit_code, 2);
  EXPECT_THAT(mistake.err, AllOf(HasSubstr("\\x1b]0;owned\\x07"), Not(HasSubstr("\x1b"))));
  const std::string model = trained();
  make_photo("photos/\x1b[31mred.png");
  const Outcome predicted = run({"predict", "photos", "--pipeline", "p.yaml", "--checkpoint", model});
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_THAT(predicted.out, AllOf(HasSubstr("\\x1b[31mred"), Not(HasSubstr("\x1b"))));
}

TEST_F(Files, ANameIsOneFoldersName) {
  for (const std::string& name : std::vector<std::string>{"/abs/x", "..", "a/b", "\"a\\nb\"", std::string(250, 'x')}) {
    const Outcome outcome = run({"validate", "p.yaml", "--set", "name=" + name});
    EXPECT_EQ(outcome.exit_code, 2) << name;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("--set name="), HasSubstr("name that a folder can have"))) << name;
  }
}

TEST_F(Files, ASecondRunIntoAFolderIsRefusedAndNamesTheFirst) {
  trained();
  const std::vector<std::string> resume = {
      "run", "p.yaml", "--set", "train.resume=true", "--set", "train.steps=1000000"};
  const auto goes_on = [](const Program& program) {
    wait_until([&] { return !program.is_running() || program.out().find("going on from") != std::string::npos; });
    return program.is_running();
  };
  Program first(folder_.path(), resume);
  EXPECT_TRUE(goes_on(first));
  const fs::path elsewhere = file("elsewhere");
  fs::create_directory(elsewhere);
  const Outcome second =
      Program(elsewhere, {"run", "../p.yaml", "--output", "../run", "--set", "train.resume=true"}).wait();
  EXPECT_EQ(second.exit_code, 2) << second.out;
  EXPECT_THAT(second.err, AllOf(HasSubstr("is being written by process"), HasSubstr("--output")));
  EXPECT_EQ(Program(elsewhere, {"compare", "../run", "../run"}).wait().exit_code, 0) << "looking is allowed";
  first.signal(SIGKILL);
  first.wait();
  Program third(folder_.path(), resume);
  EXPECT_TRUE(goes_on(third)) << "the lock has gone with its process";
  third.signal(SIGKILL);
  third.wait();
}

TEST_F(Files, MemoryThatIsNotThereIsAnErrorThatNamesWhoWantedIt) {
  const Outcome outcome =
      shell(R"(ulimit -v 2000000; "$@")",
            {"run", "p.yaml", "--set", "train.batch_size=512", "--set", "data.dataset.train_samples=512", "--set",
             "data.dataset.height=64", "--set", "data.dataset.width=64", "--set",
             "model.head={type: fcn, channels: 16384, convolutions: 1}"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("head fcn"), HasSubstr("out of memory: you tried to allocate"),
                                 HasSubstr("a smaller batch, crop or window")));
}

class Predictions : public Files {
 protected:
  Predictions() : model_(trained()) {}

  Outcome predict(const std::string& input, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {"predict",      input,  "--pipeline", "p.yaml",
                                    "--checkpoint", model_, "--output",   "out"};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }

  std::string model_;
};

TEST_F(Predictions, ThatWouldTakeEachOthersFilesAreRefusedBeforeAnyWork) {
  make_photo("photos/a.png");
  make_photo("photos/a.index.png");
  const Outcome outcome = predict("photos", {"--format", "palette,index"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("photos/a.index.png"), HasSubstr("photos/a.png"),
                                 HasSubstr("both be written to out/a.index.png")));
  EXPECT_FALSE(fs::exists(file("out")));
  EXPECT_EQ(predict("photos", {"--format", "palette"}).exit_code, 0);
}

TEST_F(Predictions, OfTheStreamedOverlayAreRefusedTooButOnlyWhereItIsStreamed) {
  make_photo("photos/a.png");
  make_photo("photos/a.overlay.png");
  EXPECT_EQ(predict("photos", {"--format", "palette,overlay"}).exit_code, 0) << "the overlay is a JPEG";
  const Outcome outcome =
      predict("photos", {"--format", "palette,overlay", "--stream", "--set", "evaluate.mode=slide", "--set",
                         "evaluate.crop_size=[32, 32]", "--set", "evaluate.stride=[24, 24]"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("both be written to out/a.overlay.png"));
}

TEST_F(Predictions, OneBrokenImageDoesNotEndTheOthers) {
  make_photo("photos/a.png");
  make_photo("photos/c.png");
  const std::string whole = test::read_bytes(file("photos/a.png"));
  test::write_bytes(file("photos/b.png"), whole.substr(0, whole.size() / 2));
  fs::create_symlink("loop.png", file("photos/loop.png"));
  fs::create_symlink("nowhere", file("photos/nothing.png"));
  make_photo("photos/" + std::string(251, 'n') + ".png");  // "<id>.overlay.jpg" is too long a name
  const Outcome outcome = predict("photos");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("b.png"), HasSubstr("2 links that lead nowhere"), HasSubstr("File name too long"),
                    HasSubstr("2 predictions in out"), HasSubstr("2 skipped"), Not(HasSubstr("free some space"))));
  EXPECT_TRUE(fs::exists(file("out/c.png")));
  EXPECT_EQ(predict("photos", {"--set", "data.on_broken_sample=skip"}).exit_code, 0);

  const Outcome named =
      run({"predict", "photos/loop.png", "photos/c.png", "--pipeline", "p.yaml", "--checkpoint", model_});
  EXPECT_EQ(named.exit_code, 1);
  EXPECT_THAT(named.out,
              AllOf(HasSubstr("Too many levels of symbolic links"), HasSubstr("1 prediction in predictions")));

  fs::remove_all(file("out"));
  const Outcome stopped = predict("photos", {"--stop-at-first"});
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("b.png"));
  EXPECT_FALSE(fs::exists(file("out/c.png")));
}

TEST_F(Predictions, AnImageThatIsTooLargeDoesNotEndTheOthers) {
  make_photo("photos/a.png");
  make_photo("photos/b.png");
  std::string bytes = test::read_bytes(file("photos/a.png"));
  for (const size_t side : {16, 20}) bytes.replace(side, 4, std::string("\0\1\0\0", 4));  // 65,536
  test::write_bytes(file("photos/a.png"), bytes);
  const Outcome outcome = predict("photos");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("{height: 65536, width: 65536}"), HasSubstr("1 prediction in out"),
                                 HasSubstr("1 skipped")));
}

TEST_F(Predictions, AnImageThatTheModelHasNoMemoryForDoesNotEndTheOthers) {
  const std::string head = "model.head={type: fcn, channels: 16384, convolutions: 1}";
  EXPECT_EQ(run({"run", "p.yaml", "--set", head, "--set", "output=wide"}).exit_code, 0);
  fs::create_directories(file("photos"));
  cv::imwrite(file("photos/a.png").string(), cv::Mat(4000, 4000, CV_8UC3, cv::Scalar(9, 99, 199)));
  make_photo("photos/b.png");
  const Outcome outcome = shell(R"(ulimit -v 4000000; "$@")", {"predict", "photos", "--pipeline", "p.yaml", "--set",
                                                               head, "--checkpoint", "wide", "--output", "out"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("skipped: photos/a.png: "), HasSubstr("out of memory"),
                                 HasSubstr("1 prediction in out"), HasSubstr("1 skipped")));
}

TEST_F(Predictions, ABrokenSampleOfASplitDoesNotEndTheOthers) {
  make_photo("data/images/val/a.png");
  make_photo("data/images/val/b.png");
  for (const char* name : {"a", "b"}) {
    fs::create_directories(file("data/labels/val"));
    cv::imwrite(file(std::string("data/labels/val/") + name + ".png").string(), cv::Mat(16, 16, CV_8U, cv::Scalar(1)));
  }
  test::write_bytes(file("data/images/val/a.png"), "broken");
  const std::string dataset =
      "data.dataset={type: folder, root: data, images: 'images/{split}/*.png', classes: [{name: x}, {name: y}, "
      "{name: z}]}";
  const Outcome outcome = run({"predict", "--split", "val", "--pipeline", "p.yaml", "--checkpoint", model_, "--output",
                               "out", "--set", dataset, "--set", "weights.classes=by_number"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("a.png"), HasSubstr("1 prediction in out"), HasSubstr("1 skipped")));
  EXPECT_TRUE(fs::exists(file("out/b.png")));
}

TEST_F(Files, ARunThatSomebodySentLeadsNothingElsewhere) {
  trained();
  const std::vector<std::string> resume = {"run", "p.yaml", "--set", "train.resume=true", "--set", "train.steps=4"};
  test::write_bytes(file("profile"), "mine\n");
  for (const char* name : {"log.txt", "metrics.jsonl"}) {
    fs::rename(file("run") / name, file("aside"));
    fs::create_symlink("../profile", file("run") / name);
    const Outcome outcome = run(resume);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr((file("run") / name).string() + " is a link"), HasSubstr("remove it")));
    fs::rename(file("aside"), file("run") / name);
  }
  EXPECT_EQ(test::read_bytes(file("profile")), "mine\n");
  EXPECT_EQ(run(resume).exit_code, 0);
}

TEST_F(Files, NoLineOfTheLogBeginsWithWhatACheckpointSays) {
  edit_metadata(trained(), [](nlohmann::json& metadata) {
    auto dataset = nlohmann::json::parse(metadata.at("sshost.dataset").get<std::string>());
    dataset["classes"][1]["name"] = "x\ntouch forged\n#";
    metadata["sshost.dataset"] = dataset.dump();
  });
  run({"run", "p.yaml", "--set", "train.resume=true", "--set", "train.steps=4"});
  std::istringstream log(test::read_bytes(file("run/log.txt")));
  bool was_said = false;
  for (std::string line; std::getline(log, line);) {
    EXPECT_THAT(line, testing::MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} [a-z]+: .*"));
    was_said = was_said || line.find("x\\x0atouch forged\\x0a#") != std::string::npos;
  }
  EXPECT_TRUE(was_said);
}

TEST_F(Files, ARunThatSomebodySentIsComparedWithoutBeingBelieved) {
  trained();
  fs::create_directories(file("sent"));
  const std::vector<std::string> compare = {"compare", "run", "sent", "--output", "both.html"};
  const auto with = [&](const std::string& pipeline, const std::string& metrics) {
    test::write_bytes(file("sent/pipeline.yaml"), pipeline);
    test::write_bytes(file("sent/metrics.jsonl"), metrics);
    return run(compare);
  };
  test::write_bytes(file("secret"), "password: hunter2\n");
  fs::create_symlink("../secret", file("sent/pipeline.yaml"));
  const Outcome linked = run(compare);
  EXPECT_EQ(linked.exit_code, 1);
  EXPECT_THAT(linked.err, AllOf(HasSubstr("pipeline.yaml"), HasSubstr("it is a link"), Not(HasSubstr("hunter2"))));
  fs::remove(file("sent/pipeline.yaml"));

  const Outcome odd = with("name: x\n", "{\"kind\": 5}\n");
  EXPECT_EQ(odd.exit_code, 1);
  EXPECT_THAT(odd.err, HasSubstr("sent/metrics.jsonl: "));
  const std::string deep = R"({"kind": "train", "a": )" + std::string(200'000, '[') + std::string(200'000, ']') + "}\n";
  EXPECT_EQ(with("name: x\n", deep).exit_code, 0) << "a line that is none is passed over";

  with("name: x\n", "");
  fs::resize_file(file("sent/metrics.jsonl"), uintmax_t{1} << 40);
  Program endless(
      folder_.path(), "/bin/sh",
      {"-c", "ulimit -v 8000000; exec \"$@\"", "sh", SSHOST_PROGRAM, "compare", "run", "sent", "--output", "both.html"},
      {});
  std::this_thread::sleep_for(std::chrono::seconds(3));
  endless.signal(SIGTERM);
  EXPECT_EQ(endless.wait().exit_code, -SIGTERM) << "it reads on, and takes no memory for it";

  test::write_bytes(file("run/metrics.jsonl"), "{\"kind\": 5}\n");
  const Outcome resumed = run({"run", "p.yaml", "--set", "train.resume=true", "--set", "train.steps=3"});
  EXPECT_THAT(resumed.err, HasSubstr("run/metrics.jsonl: a line of its metrics is not what a run writes"));
}

TEST_F(Files, NoTerminalShowsANameInAnotherDirectionOrALineOfItsOwn) {
  const std::string turned =
      "a\xe2\x80\xae"
      "b\xe2\x81\xa6"
      "c";
  const std::string classes = "data.dataset={type: folder, root: ., images: '*.png', labels: null, classes: [\"x" +
                              turned + "\", \"y\\nerror: forged\", z]}";
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--print"}, std::vector<std::string>{"--json", "--print"}}) {
    std::vector<std::string> command = {"validate", "p.yaml", "--set", classes, "--set", "run=[predict]"};
    command.insert(command.end(), more.begin(), more.end());
    const Outcome shown = run(command);
    EXPECT_THAT(shown.out, AllOf(HasSubstr("\\u202e"), HasSubstr("\\u2066"), Not(HasSubstr("\xe2\x80\xae"))))
        << shown.err;
  }
  const std::string model = trained();
  make_photo("photos/x\nerror: forged" + turned + ".png");
  const Outcome predicted = run({"predict", "photos", "--pipeline", "p.yaml", "--checkpoint", model});
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_THAT(predicted.out + predicted.err,
              AllOf(HasSubstr("x\\x0aerror: forgeda\\xe2\\x80\\xaeb"), Not(HasSubstr("\nerror: forged"))));
  test::write_bytes(file("photos/x\nerror: forged" + turned + ".png"), "broken");
  EXPECT_THAT(run({"predict", "photos", "--pipeline", "p.yaml", "--checkpoint", model}).err,
              Not(HasSubstr("\nerror: forged")));
}

}  // namespace
}  // namespace sshost::cli
