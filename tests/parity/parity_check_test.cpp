// The built parity_check, as a person runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "temp_folder.h"

namespace sshost {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr const char* kRecipe = "fcn_resnet50os8_voc";
const fs::path kReference = fs::path(SSHOST_SHARED_DIR) / "reference";
const fs::path kFixture = (kReference / "forward" / kRecipe).concat(".safetensors");
const fs::path kKeys = (kReference / "state_dicts" / kRecipe).concat(".keys.json");
const fs::path kConfigs = fs::path(SSHOST_SOURCE_DIR) / "configs";
const fs::path kPipeline = (kConfigs / "fcn" / kRecipe).concat(".yaml");

class ParityCheck : public testing::Test {
 protected:
  void SetUp() override {
    if (!exists(kFixture)) GTEST_SKIP() << "needs " << kFixture;
  }

  // Runs it and keeps what it prints; returns the exit code.
  int run(const fs::path& fixture, const fs::path& keys = kKeys, const std::string& more = "") {
    return run("--pipeline '" + kPipeline.string() + "' --fixture '" + fixture.string() + "' --keys '" + keys.string() +
               "'" + more);
  }

  int run(const std::string& arguments) {
    const std::string command = "'" SSHOST_BINARY_DIR "/bin/parity_check' " + arguments + " >" +
                                (folder / "out").string() + " 2>" + (folder / "err").string();
    const int status = std::system(command.c_str());
    out = test::read_bytes(folder / "out");
    err = test::read_bytes(folder / "err");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  test::TempFolder folder;
  std::string out;
  std::string err;
};

TEST_F(ParityCheck, PrintsOneLineWithinTheTolerance) {
  EXPECT_EQ(run(kFixture), 0) << err;
  EXPECT_THAT(out, MatchesRegex("max_abs=[0-9.e-]+ rel=[0-9.e-]+ argmax_equal=[0-9.e-]+\n"));
  EXPECT_EQ(run(kFixture, kKeys, " --float64"), 0) << err;
}

TEST_F(ParityCheck, SaysThatAnAlteredLogitIsPastTheTolerance) {
  std::string bytes = test::read_bytes(kFixture);
  const float altered = 1000;
  bytes.replace(bytes.size() - sizeof altered, sizeof altered, reinterpret_cast<const char*>(&altered), sizeof altered);
  test::write_bytes(folder / "altered.safetensors", bytes);
  EXPECT_EQ(run(folder / "altered.safetensors"), 1) << err;
  EXPECT_THAT(out, HasSubstr("max_abs="));
}

TEST_F(ParityCheck, ListsTheKeysThatHaveNoPlace) {
  std::string keys = test::read_bytes(kKeys);
  const std::string first = "backbone_net.stem.0.weight";
  keys.replace(keys.find(first), first.size(), "backbone_net.stem.9.weight");
  test::write_bytes(folder / "keys.json", keys);
  EXPECT_EQ(run(kFixture, folder / "keys.json"), 2);
  EXPECT_THAT(err, HasSubstr("backbone_net.stem.9.weight has no place in the model"));
  EXPECT_THAT(err, HasSubstr("is " + first + ", which is not there"));
  EXPECT_EQ(out, "");
}

TEST_F(ParityCheck, TakesTheNamesFromThePluginsWithoutKeys) {
  EXPECT_EQ(run("--pipeline " + kPipeline.string() + " --fixture " + kFixture.string()), 0) << err;
}

TEST_F(ParityCheck, AsksForTheStepsOfATraining) {
  fs::copy_file(kReference / "train/mcibi_deeplabv3_resnet50os8_ade20k.train.safetensors",
                folder / "steps.train.safetensors");
  EXPECT_EQ(run("--pipeline " + kPipeline.string() + " --fixture " + (folder / "steps.train.safetensors").string()), 2);
  EXPECT_THAT(err, HasSubstr("steps.train.json"));
}

TEST_F(ParityCheck, NamesAFileThatIsMissing) {
  EXPECT_EQ(run(folder / "absent.safetensors"), 2);
  EXPECT_THAT(err, HasSubstr("absent.safetensors"));
  EXPECT_EQ(run(kFixture, folder / "absent.json"), 2);
  EXPECT_THAT(err, HasSubstr("absent.json"));
}

}  // namespace
}  // namespace sshost
