// `sshost weights`: what goes out comes back, bit for bit, by way of every format and of PyTorch itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>

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
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 4, evaluate_samples: 2}
  train: {transforms: [{type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: resnet, depth: 18, stem: deep}
  head: {type: aspp, channels: 8, dilations: [1, 2]}
  auxiliary: [{type: fcn, channels: 8, convolutions: 1}]
train: {steps: 1, batch_size: 2, save_every: 1, optimizer: {type: sgd, lr: 0.01}}
)";

class Weights : public PipelineFolder {
 protected:
  Weights() : PipelineFolder(kPipeline) {}

  void SetUp() override {
    const Outcome outcome = run({"run", "p.yaml"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    ASSERT_EQ(run({"weights", "export", kTrained, "--format", "sshost", "--output", "own.safetensors"}).exit_code, 0);
  }

  void export_to(const std::string& name, const std::string& format) {
    const Outcome outcome = run({"weights", "export", kTrained, "--format", format, "--output", name});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }

  // Imports the file and gives the model's own tensors, as bytes.
  std::string imported(const std::string& name, const std::string& format) {
    const Outcome outcome = run({"weights", "import", name, "--pipeline", "p.yaml", "--set", "model.backbone.depth=18",
                                 "--format", format, "--output", "imported.safetensors"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("used ("), Not(HasSubstr("unused"))));
    run({"weights", "export", "imported.safetensors", "--format", "sshost", "--output", "again.safetensors"});
    return test::read_bytes(file("again.safetensors"));
  }

  std::string own() const { return test::read_bytes(file("own.safetensors")); }

  static constexpr const char* kTrained = "run/checkpoints/step-000001.safetensors";
};

TEST_F(Weights, AnEndingThatIsNotKnownIsRefusedBeforeAnyWork) {
  const Outcome exported = run({"weights", "export", kTrained, "--output", "model.onnx"});
  EXPECT_EQ(exported.exit_code, 2);
  EXPECT_THAT(exported.err, AllOf(HasSubstr("model.onnx"), HasSubstr(".safetensors"), HasSubstr(".pth"),
                                  HasSubstr("`sshost export` writes ONNX")));
  const Outcome imported =
      run({"weights", "import", "own.safetensors", "--pipeline", "p.yaml", "--output", "model.pth"});
  EXPECT_EQ(imported.exit_code, 2);
  EXPECT_THAT(imported.err, AllOf(HasSubstr("model.pth"), HasSubstr("weights export")));
  EXPECT_FALSE(std::filesystem::exists(file("model.onnx")) || std::filesystem::exists(file("model.pth")));
}

TEST_F(Weights, ComeBackBitForBitFromEveryFormatThatNamesTheWholeModel) {
  const std::pair<const char*, const char*> ways[] = {
      {"sssegmentation", "out.pth"}, {"mmsegmentation", "out.pth"}, {"sssegmentation", "out.safetensors"}};
  for (const auto& [format, name] : ways) {
    export_to(name, format);
    EXPECT_EQ(imported(name, format), own()) << format << " " << name;
  }
}

std::string python() {
  const char* chosen = std::getenv("SSHOST_TORCH_PYTHON");
  const std::string installed =
      "PYTHONPATH='" SSHOST_SOURCE_DIR "/build/deps/python' python3";  // scripts/fetch_pytorch.sh
  return chosen != nullptr ? chosen : installed;
}

bool has_torch() { return std::system((python() + " -c 'import torch' 2>/dev/null").c_str()) == 0; }

TEST_F(Weights, ComeBackBitForBitFromPyTorch) {
  if (!has_torch()) {
    GTEST_SKIP() << "`" << python() << "` has no torch; SSHOST_TORCH_PYTHON names a Python that has";
  }
  export_to("out.pth", "sssegmentation");
  const std::string script = python() + " '" SSHOST_SOURCE_DIR "/tests/checkpoint/resave.py' ";
  ASSERT_EQ(std::system((script + file("out.pth").string() + " " + file("zip.pth").string() + " " +
                         file("legacy.pth").string() + " >/dev/null")
                            .c_str()),
            0);
  EXPECT_EQ(imported("zip.pth", "sssegmentation"), own());
  EXPECT_EQ(imported("legacy.pth", "sssegmentation"), own());
}

TEST_F(Weights, ComeBackBitForBitFromFilesAsTrainingProgramsSaveThem) {
  if (!has_torch()) {
    GTEST_SKIP() << "`" << python() << "` has no torch; SSHOST_TORCH_PYTHON names a Python that has";
  }
  export_to("out.pth", "mmsegmentation");
  fs::create_directory(file("others"));
  const std::string script = python() + " '" SSHOST_SOURCE_DIR "/tests/checkpoint/save_as_others.py' ";
  ASSERT_EQ(std::system((script + file("out.pth").string() + " " + file("others").string() + " >/dev/null").c_str()),
            0);
  size_t read = 0;
  for (const auto& entry : fs::directory_iterator(file("others"))) {
    EXPECT_EQ(imported(entry.path().string(), "mmsegmentation"), own()) << entry.path().filename();
    ++read;
  }
  EXPECT_EQ(read, 8U);
}

TEST_F(Weights, UnderAnotherPrefixAreToldByItAndReadWhereItIsNamed) {
  const std::string whole = own();
  uint64_t length = 0;
  std::memcpy(&length, whole.data(), sizeof length);
  std::string header = whole.substr(8, length);
  for (const std::string role : {"\"backbone.", "\"head.", "\"auxiliary."}) {
    for (size_t at = header.find(role); at != std::string::npos; at = header.find(role, at + 1)) {
      header.insert(at + 1, "student.");
    }
  }
  const uint64_t new_length = header.size();
  test::write_bytes(file("student.safetensors"),
                    std::string(reinterpret_cast<const char*>(&new_length), 8) + header + whole.substr(8 + length));
  std::vector<std::string> arguments = {"weights", "import",   "student.safetensors", "--pipeline",
                                        "p.yaml",  "--output", "imported.safetensors"};
  const Outcome refused = run(arguments);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("--prefix student."));
  arguments.insert(arguments.end(), {"--prefix", "student."});
  EXPECT_EQ(run(arguments).exit_code, 0);
  run({"weights", "export", "imported.safetensors", "--format", "sshost", "--output", "again.safetensors"});
  EXPECT_EQ(test::read_bytes(file("again.safetensors")), whole);
}

TEST_F(Weights, OfAnotherNumberOfClassesAreLeftOutOnlyWhenAsked) {
  export_to("out.pth", "sssegmentation");
  std::vector<std::string> arguments = {
      "weights",  "import",           "out.pth", "--pipeline", "p.yaml", "--set", "data.dataset.classes=4",
      "--output", "other.safetensors"};
  const Outcome refused = run(arguments);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("another shape (4)"), HasSubstr("another number of classes than 4"),
                                 HasSubstr("skip_classifier")));
  EXPECT_FALSE(fs::exists(file("other.safetensors")));
  arguments.push_back("--skip-classifier");
  const Outcome done = run(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("left out, of another number of classes (4): head.classifier.weight"));
}

TEST_F(Weights, AreImportedWithoutADataSet) {
  export_to("out.pth", "sssegmentation");
  std::vector<std::string> arguments = {"weights",
                                        "import",
                                        "out.pth",
                                        "--pipeline",
                                        "p.yaml",
                                        "--set",
                                        "data.dataset.type=voc",
                                        "--set",
                                        "data.dataset.root=nowhere",
                                        "--output",
                                        "other.safetensors"};
  const Outcome refused = run(arguments);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("another number of classes than 21"));
  arguments.insert(arguments.end(), {"--classes", "3"});
  const Outcome done = run(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  run({"weights", "export", "other.safetensors", "--format", "sshost", "--output", "again.safetensors"});
  EXPECT_EQ(test::read_bytes(file("again.safetensors")), own());
}

TEST_F(Weights, OfOneComponentFillItFromAPipeline) {
  export_to("out.pth", "sssegmentation");
  const Outcome outcome = run({"run", "p.yaml", "--output", "second", "--set", "model.backbone.weights=out.pth"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("tensors read by sssegmentation's names"));
}

TEST_F(Weights, InspectShowsNamesTypesAndShapes) {
  export_to("out.pth", "sssegmentation");
  const Outcome outcome = run({"weights", "inspect", "out.pth"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("PyTorch (zip)"), HasSubstr("aspp_net.bottleneck.0.weight"),
                                 HasSubstr("float32    [8, 24, 3, 3]"), HasSubstr("num_batches_tracked")));
}

TEST_F(Weights, ThatAreNoneAreAnErrorThatNamesTheFile) {
  test::write_bytes(file("note.pth"), "this is a note");
  const Outcome outcome = run({"weights", "inspect", "note.pth"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("note.pth: neither a safetensors nor a .pth file"));
  EXPECT_EQ(run({"weights", "export", kTrained, "--format", "timm", "--output", "x.pth"}).exit_code, 1);
  EXPECT_EQ(run({"weights", "export", kTrained, "--format", "nobody", "--output", "x.pth"}).exit_code, 2);
}

}  // namespace
}  // namespace sshost::cli
