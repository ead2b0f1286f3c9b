// libsshost.so, as a program sees it that embeds the host.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sshost/api.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <sshost/api.hpp>
#include <thread>
#include <vector>

#include "api/trained_model.h"
#include "cli/program.h"

namespace sshost::api {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Api : public testing::Test {
 protected:
  static void SetUpTestSuite() { trained_ = new TrainedModel("fcn"); }
  static void TearDownTestSuite() {
    delete trained_;
    trained_ = nullptr;
  }
  static std::string checkpoint() { return trained_->checkpoint().string(); }
  static Options one_thread() { return std::move(Options().threads(1)); }

  static TrainedModel* trained_;
};
TrainedModel* Api::trained_ = nullptr;

Image image_of(const cv::Mat& rgb) { return Image::rgb(rgb.data, rgb.rows, rgb.cols, static_cast<int64_t>(rgb.step)); }

cv::Mat classes_of(const Model& model, const Image& image) {
  const Map map = model.predict(image);
  return cv::Mat(static_cast<int>(map.height()), static_cast<int>(map.width()), CV_8UC1, const_cast<void*>(map.data()))
      .clone();
}

void expect_same(const cv::Mat& one, const cv::Mat& other) {
  ASSERT_EQ(one.size(), other.size());
  ASSERT_EQ(one.type(), other.type());
  EXPECT_EQ(cv::countNonZero(one != other), 0);
}

sshost_error* error_of_open(const std::string& path, const sshost_options* options = nullptr) {
  sshost_error* error = nullptr;
  EXPECT_EQ(sshost_model_open(path.c_str(), options, &error), nullptr);
  EXPECT_NE(error, nullptr);
  return error;
}

TEST_F(Api, PredictsWhatTheProgramPredicts) {
  const cv::Mat photo = noise(90, 70, 1);
  expect_same(classes_of(Model(checkpoint(), one_thread()), image_of(photo)), trained_->predicted_by_program(photo));
}

TEST_F(Api, TakesPixelsInEveryOrderAndWithGapsBetweenRows) {
  const Model model(checkpoint(), one_thread());
  const cv::Mat photo = noise(40, 30, 2);
  const cv::Mat expected = classes_of(model, image_of(photo));
  cv::Mat other;
  cv::cvtColor(photo, other, cv::COLOR_RGB2BGR);
  expect_same(classes_of(model, {SSHOST_BGR8, other.data, 40, 30}), expected);
  cv::cvtColor(photo, other, cv::COLOR_RGB2RGBA);
  expect_same(classes_of(model, {SSHOST_RGBA8, other.data, 40, 30}), expected);
  cv::cvtColor(photo, other, cv::COLOR_RGB2BGRA);
  expect_same(classes_of(model, {SSHOST_BGRA8, other.data, 40, 30}), expected);
  cv::Mat wide = noise(40, 50, 3);
  const cv::Mat part = wide(cv::Rect(7, 0, 30, 40));
  photo.copyTo(part);
  expect_same(classes_of(model, image_of(part)), expected);
}

TEST_F(Api, GreyIsTheSameInAllChannels) {
  const Model model(checkpoint(), one_thread());
  cv::Mat grey;
  cv::Mat rgb;
  cv::cvtColor(noise(40, 30, 4), grey, cv::COLOR_RGB2GRAY);
  cv::cvtColor(grey, rgb, cv::COLOR_GRAY2RGB);
  expect_same(classes_of(model, {SSHOST_GRAY8, grey.data, 40, 30}), classes_of(model, image_of(rgb)));
}

TEST_F(Api, TakesPixelsOnePlaneAfterTheOtherAndWithGapsBetweenRows) {
  const Model model(checkpoint(), one_thread());
  const cv::Mat photo = noise(40, 30, 12);
  cv::Mat planes(3 * 40, 32, CV_8UC1, cv::Scalar(77));
  for (int channel = 0; channel < 3; ++channel) {
    cv::Mat plane = planes(cv::Rect(0, 40 * channel, 30, 40));
    cv::extractChannel(photo, plane, channel);
  }
  expect_same(classes_of(model, {SSHOST_RGB8_PLANES, planes.data, 40, 30, 32}), classes_of(model, image_of(photo)));
  const cv::Mat dense = planes(cv::Rect(0, 0, 30, 120)).clone();
  expect_same(classes_of(model, {SSHOST_RGB8_PLANES, dense.data, 40, 30}), classes_of(model, image_of(photo)));
  EXPECT_THROW(model.predict({SSHOST_RGB8_PLANES, dense.data, 40, 30, 29}), Error);
}

TEST_F(Api, ProbabilitiesAddUpAndAgreeWithClassesAndScores) {
  const Model model(checkpoint(), one_thread());
  const cv::Mat photo = noise(24, 32, 5);
  const Map classes = model.predict(image_of(photo), SSHOST_CLASSES_I32);
  const Map probabilities = model.predict(image_of(photo), SSHOST_PROBABILITIES_F32);
  const Map scores = model.predict(image_of(photo), SSHOST_SCORES_F32);
  ASSERT_EQ(probabilities.channels(), 5);
  for (int row = 0; row < 24; ++row) {
    for (int column = 0; column < 32; ++column) {
      double sum = 0;
      int64_t best = 0;
      for (int64_t c = 0; c < 5; ++c) {
        sum += probabilities.at<float>(row, column, c);
        if (scores.at<float>(row, column, c) > scores.at<float>(row, column, best)) best = c;
      }
      ASSERT_NEAR(sum, 1, 1e-5);
      ASSERT_EQ(classes.at<int32_t>(row, column), best);
    }
  }
}

TEST_F(Api, WritesIntoTheCallersBuffer) {
  const Model model(checkpoint(), one_thread());
  const cv::Mat photo = noise(16, 16, 6);
  std::vector<uint8_t> buffer(16 * 16 + 1, 77);
  sshost_map map = {sizeof map, SSHOST_CLASSES_U8, buffer.data(), 16 * 16, 0, 0, 0, nullptr};
  model.predict_into(image_of(photo), map);
  EXPECT_EQ(map.height, 16);
  EXPECT_EQ(map.channels, 1);
  expect_same(cv::Mat(16, 16, CV_8UC1, buffer.data()), classes_of(model, image_of(photo)));
  EXPECT_EQ(buffer.back(), 77);
  sshost_map_release(&map);
  EXPECT_EQ(map.data, buffer.data());
}

TEST_F(Api, RefusesABufferThatIsTooSmallAndLeavesEverythingAlone) {
  const Model model(checkpoint(), one_thread());
  const cv::Mat photo = noise(16, 16, 7);
  std::vector<uint8_t> buffer(255, 77);
  sshost_map map = {sizeof map, SSHOST_CLASSES_U8, buffer.data(), buffer.size(), 0, 0, 0, nullptr};
  try {
    model.predict_into(image_of(photo), map);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), SSHOST_INVALID_ARGUMENT);
    EXPECT_THAT(error.what(), HasSubstr("expected at least 256 bytes, found 255"));
  }
  EXPECT_EQ(map.height, 0);
  EXPECT_EQ(std::count(buffer.begin(), buffer.end(), 77), 255);
}

TEST_F(Api, RefusesWhatCannotBeAnImage) {
  const Model model(checkpoint(), one_thread());
  const uint8_t pixel[3] = {};
  for (const Image& image : {Image::rgb(nullptr, 1, 1), Image::rgb(pixel, 0, 1), Image::rgb(pixel, 1, -1),
                             Image::rgb(pixel, 1, 1, 2), Image(static_cast<sshost_pixels>(9), pixel, 1, 1)}) {
    EXPECT_THROW(model.predict(image), Error);
  }
}

TEST_F(Api, TellsClassesAndColoursAndThePipeline) {
  const Model model(checkpoint(), one_thread());
  ASSERT_EQ(model.class_count(), 5);
  EXPECT_FALSE(model.class_name(0).empty());
  EXPECT_THROW(model.class_name(5), std::out_of_range);
  EXPECT_EQ(sshost_model_class_name(nullptr, 0), nullptr);
  EXPECT_THAT(model.pipeline(), HasSubstr("type: fcn"));
}

TEST_F(Api, AMistakeHasItsPlaceAsOnTheCommandLine) {
  sshost_options* options = sshost_options_create();
  sshost_options_add_override(options, "evaluate.flipp=true");
  sshost_error* error = error_of_open(checkpoint(), options);
  EXPECT_EQ(sshost_error_code(error), SSHOST_USAGE);
  EXPECT_THAT(sshost_error_message(error),
              AllOf(HasSubstr("evaluate.flipp"), HasSubstr("unknown option"), HasSubstr("flip")));
  sshost_error_free(error);
  sshost_options_free(options);
}

TEST_F(Api, AMissingFileIsNamed) {
  sshost_error* error = error_of_open("/nowhere/model.safetensors");
  EXPECT_THAT(sshost_error_message(error), HasSubstr("/nowhere/model.safetensors"));
  sshost_error_free(error);
}

TEST_F(Api, NullIsNamedAndNotFollowed) {
  sshost_error* error = nullptr;
  EXPECT_EQ(sshost_model_open(nullptr, nullptr, &error), nullptr);
  EXPECT_EQ(sshost_error_code(error), SSHOST_INVALID_ARGUMENT);
  sshost_error_free(error);
  EXPECT_EQ(sshost_predict(nullptr, nullptr, 1, nullptr, nullptr, nullptr), SSHOST_INVALID_ARGUMENT);
  EXPECT_EQ(sshost_predict(nullptr, nullptr, 0, nullptr, nullptr, nullptr), SSHOST_INVALID_ARGUMENT);
  sshost_model_close(nullptr);
  sshost_map_release(nullptr);
  sshost_error_free(nullptr);
}

TEST_F(Api, CancellingLeavesTheMapsAlone) {
  const Model model(checkpoint(), one_thread());
  Cancel cancel;
  cancel.request();
  const cv::Mat photo = noise(16, 16, 8);
  try {
    model.predict(image_of(photo), SSHOST_CLASSES_U8, &cancel);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), SSHOST_CANCELLED);
  }
  cancel.reset();
  EXPECT_NO_THROW(model.predict(image_of(photo), SSHOST_CLASSES_U8, &cancel));
}

TEST_F(Api, ABatchGivesWhatEachImageGives) {
  const Model model(checkpoint(), one_thread());
  const cv::Mat one = noise(30, 20, 9);
  const cv::Mat other = noise(17, 25, 10);
  sshost_model* raw = sshost_model_open(checkpoint().c_str(), one_thread().get(), nullptr);
  ASSERT_NE(raw, nullptr);
  const sshost_image images[2] = {*image_of(one).get(), *image_of(other).get()};
  sshost_map maps[2] = {{sizeof(sshost_map), SSHOST_CLASSES_U8, nullptr, 0, 0, 0, 0, nullptr},
                        {sizeof(sshost_map), SSHOST_CLASSES_U8, nullptr, 0, 0, 0, 0, nullptr}};
  ASSERT_EQ(sshost_predict(raw, images, 2, maps, nullptr, nullptr), SSHOST_OK);
  expect_same(cv::Mat(30, 20, CV_8UC1, maps[0].data), classes_of(model, image_of(one)));
  expect_same(cv::Mat(17, 25, CV_8UC1, maps[1].data), classes_of(model, image_of(other)));
  for (sshost_map& map : maps) sshost_map_release(&map);
  sshost_model_close(raw);
}

TEST_F(Api, SaysOfItsWorkOnlyWhatTheLogIsGiven) {
  std::vector<std::string> lines;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  {
    const Model model(checkpoint(), std::move(Options().threads(1).log(
                                        [&](sshost_log_level, std::string_view line) { lines.emplace_back(line); })));
    const cv::Mat photo = noise(16, 16, 11);
    model.predict(image_of(photo));
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(lines, testing::Contains(HasSubstr("fcn.so")));  // "plugin loaded: ..."
}

TEST_F(Api, VersionsAreThoseOfTheHeader) {
  EXPECT_EQ(sshost_api_version() >> 16, SSHOST_API_MAJOR);
  EXPECT_GE(sshost_api_version() & 0xffff, SSHOST_API_MINOR);
  EXPECT_THAT(sshost_version(), HasSubstr("."));
}

// A user who has not run anything, for as long as this lives.
class AnotherUser {
 public:
  AnotherUser() {
    setenv("XDG_STATE_HOME", (folder_ / "state").c_str(), 1);
    setenv("XDG_CONFIG_HOME", (folder_ / "config").c_str(), 1);
    setenv("SSHOST_TEST_CANARY", mark().c_str(), 1);
  }
  ~AnotherUser() {
    for (const char* name : {"XDG_STATE_HOME", "XDG_CONFIG_HOME", "SSHOST_TEST_CANARY"}) unsetenv(name);
  }
  AnotherUser(const AnotherUser&) = delete;
  AnotherUser& operator=(const AnotherUser&) = delete;

  bool has_loaded() const { return std::filesystem::exists(mark()); }

 private:
  std::filesystem::path mark() const { return folder_ / "mark"; }

  test::TempFolder folder_;
};

TEST(ApiTrust, ACheckpointLoadsNoLibraryThatItsUserHasNotNamed) {
  const test::TempFolder folder;
  test::write_bytes(folder / "p.yaml",
                    "run: [train]\noutput: run\nplugins: [" SSHOST_TEST_PLUGIN_DIR
                    "/canary_head.so]\n"
                    "data: {dataset: {type: synthetic, classes: 5, height: 32, width: 32, train_samples: 2}}\n"
                    "model: {backbone: {type: resnet, depth: 18}, head: {type: canary}}\n"
                    "train: {steps: 1, batch_size: 2}\n");
  const cli::Outcome outcome = cli::run_program(folder.path(), {"run", "p.yaml"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string checkpoint = folder / "run/checkpoints/step-000001.safetensors";

  const AnotherUser user;
  sshost_error* error = error_of_open(checkpoint);
  EXPECT_THAT(sshost_error_message(error),
              AllOf(HasSubstr("canary_head.so: a library is code"), HasSubstr("--trust ")));
  sshost_error_free(error);
  EXPECT_FALSE(user.has_loaded());
  const Options named = std::move(Options().threads(1).plugins(SSHOST_TEST_PLUGIN_DIR "/canary_head.so"));
  EXPECT_EQ(Model(checkpoint, named).class_count(), 5);
  EXPECT_TRUE(user.has_loaded());
}

TEST(ApiPlugins, AreListedAsTheProgramListsThem) {
  const test::TempFolder folder;
  const std::string canary = SSHOST_TEST_PLUGIN_DIR "/canary_head.so";
  const cli::Outcome outcome = cli::run_program(folder.path(), {"plugins", "list", canary, "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto listed = nlohmann::json::parse(list_plugins(std::move(Options().plugins(canary))).json());
  const auto by_program = nlohmann::json::parse(outcome.out);
  const auto types = [](const nlohmann::json& document) {
    std::vector<std::string> names;
    for (const auto& component : document.at("components")) names.push_back(component.at("type"));
    return names;
  };
  EXPECT_EQ(types(listed), types(by_program));
  EXPECT_THAT(types(listed), testing::IsSupersetOf({"canary", "fcn", "resnet", "synthetic"}));
}

TEST(ApiPlugins, OneThatIsNamedAndRefusedIsAnError) {
  const test::TempFolder folder;
  test::write_bytes(folder / "head.so", "no library");
  try {
    list_plugins(std::move(Options().plugins((folder / "head.so").string())));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), SSHOST_USAGE);
    EXPECT_THAT(error.what(), HasSubstr("head.so"));
  }
}

TEST_F(Api, APluginThatIsNamedHasToBeThere) {
  sshost_options* options = sshost_options_create();
  EXPECT_EQ(sshost_options_add_plugins(options, "/no/such/head.so"), SSHOST_OK);
  sshost_error* error = error_of_open(checkpoint(), options);
  EXPECT_THAT(sshost_error_message(error), HasSubstr("/no/such/head.so: expected a plugin"));
  sshost_error_free(error);
  sshost_options_free(options);
}

}  // namespace
}  // namespace sshost::api
