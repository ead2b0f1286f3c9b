// What our own files say beside their tensors, as a stranger may have written it.
#include "checkpoint/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "temp_folder.h"

namespace sshost::checkpoint {
namespace {

using test::message_of;
using testing::AllOf;
using testing::HasSubstr;

TrainingNumbers good_numbers() { return {100, 3, 7, 5, 90, {{50, 0.25}, {100, NAN}}, 512, 17}; }

std::string error_with(const std::string& key, const std::string& text) {
  Metadata metadata = to_metadata(good_numbers());
  metadata[key] = text;
  return message_of<Error>([&] { read_training_numbers(metadata, "a.train.safetensors"); });
}

TEST(TrainingNumbers, ThatATrainingComesToAreRead) {
  const TrainingNumbers read = read_training_numbers(to_metadata(good_numbers()), "file");
  EXPECT_EQ(read.batch, 7);
  EXPECT_EQ(read.average_updates, 90);
  EXPECT_EQ(read.scores.size(), 2U);
}

TEST(TrainingNumbers, ThatNoTrainingComesToAreRefused) {
  EXPECT_THAT(error_with("sshost.batch", "-5"), AllOf(HasSubstr("a.train.safetensors"), HasSubstr("found -5")));
  for (const char* key : {"sshost.step", "sshost.epoch", "sshost.batch"}) {
    EXPECT_THAT(error_with(key, "-9223372036854775808"), HasSubstr("found -9223372036854775808")) << key;
    EXPECT_THAT(error_with(key, "9223372036854775807"), HasSubstr("damaged")) << key;
    EXPECT_THAT(error_with(key, "1e5"), HasSubstr("not a number")) << key;
  }
  EXPECT_THAT(error_with("sshost.epoch", "0"), HasSubstr("expected an epoch of 1"));
  EXPECT_THAT(error_with("sshost.seed", "-1"), HasSubstr("not a number"));
}

TEST(TrainingNumbers, OfItsProgressAreCheckedToo) {
  const auto with = [](const std::string& updates, const std::string& scores, const std::string& scale,
                       const std::string& steps) {
    return error_with("sshost.progress", R"({"average_updates":)" + updates + R"(,"scores":)" + scores +
                                             R"(,"loss_scale":)" + scale + R"(,"loss_scale_steps":)" + steps + "}");
  };
  EXPECT_THAT(with("-1", "[]", "0", "0"), HasSubstr("averaged steps"));
  EXPECT_THAT(with("9223372036854775807", "[]", "0", "0"), HasSubstr("averaged steps"));
  EXPECT_THAT(with("18446744073709551615", "[]", "0", "0"), HasSubstr("expected an integer"));
  EXPECT_THAT(with("1.5", "[]", "0", "0"), HasSubstr("expected an integer"));
  EXPECT_THAT(with("1", "[]", "-1", "0"), HasSubstr("loss scale"));
  EXPECT_THAT(with("1", "[]", "1e300", "0"), HasSubstr("loss scale"));
  EXPECT_THAT(with("1", "[]", "1", "-3"), HasSubstr("since the loss scale changed"));
  EXPECT_THAT(with("1", R"([{"step":-3,"mean_iou":0.5}])", "1", "0"), HasSubstr("step of an evaluation"));
  EXPECT_THAT(with("1", R"([{"step":3,"mean_iou":7}])", "1", "0"), HasSubstr("mean IoU of 0 to 1"));
  EXPECT_THAT(with("1", "7", "1", "0"), HasSubstr("damaged"));
  EXPECT_THAT(with("1", "[7]", "1", "0"), HasSubstr("damaged"));
  EXPECT_THAT(error_with("sshost.progress", "[[[["), HasSubstr("damaged"));
}

TEST(CheckpointInfo, WithNumbersThatNoModelHasIsRefused) {
  CheckpointInfo info{"", {{{"sky", {1, 2, 3}, 0}}, 255}, {}, 5};
  const auto error = [&](const std::string& key, const std::string& text) {
    Metadata metadata = to_metadata(info);
    metadata[key] = text;
    return message_of<Error>([&] { read_checkpoint_info(metadata, "file"); });
  };
  EXPECT_THAT(error("sshost.step", "-1"), HasSubstr("found -1"));
  const auto of_classes = [&](const std::string& classes) {
    return error("sshost.dataset", R"({"ignore_index":255,"classes":)" + classes + "}");
  };
  EXPECT_THAT(of_classes(R"([{"name":"a","color":[1,2,300],"mirrored":0}])"), HasSubstr("colour"));
  EXPECT_THAT(of_classes(R"([{"name":"a","color":[1,2],"mirrored":0}])"), HasSubstr("colour"));
  EXPECT_THAT(of_classes(R"([{"name":5,"color":[1,2,3],"mirrored":0}])"), HasSubstr("damaged"));
  EXPECT_THAT(of_classes(R"([7])"), HasSubstr("damaged"));
  EXPECT_THAT(error("sshost.plugins", "[]"), HasSubstr("damaged"));
}

TEST(NamedClasses, AreNoneWhereAFileDoesNotNameThemOrNumbersThem) {
  const auto named = [](std::vector<data::Class> classes) {
    return named_classes(to_metadata(CheckpointInfo{"", {std::move(classes), 255}, {}, 0}), "file").size();
  };
  EXPECT_EQ(named({{"sky", {}, 0}, {"road", {}, 1}}), 2U);
  EXPECT_EQ(named({{"0", {}, 0}, {"1", {}, 1}}), 0U);
  EXPECT_EQ(named({}), 0U);
  EXPECT_TRUE(named_classes({{"format", "pt"}}, "file").empty());
}

TEST(Metadata, ThatNestsWithoutAnEndIsDamagedAndNoCrash) {
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  EXPECT_THAT(error_with("sshost.progress", R"({"average_updates":)" + deep + "}"), HasSubstr("nests deeper"));
  EXPECT_THAT(error_with("sshost.progress", R"({"average_updates":[[1]]})"), HasSubstr("found a list"));
  Metadata metadata = to_metadata(CheckpointInfo{});
  metadata["sshost.dataset"] = R"({"classes":[],"ignore_index":)" + deep + "}";
  EXPECT_THAT(message_of<Error>([&] { read_checkpoint_info(metadata, "a.safetensors"); }),
              AllOf(HasSubstr("a.safetensors"), HasSubstr("nests deeper")));
}

TEST(TrainingNumbers, OfAnIntervalAreCheckedToo) {
  const auto error = [](const std::string& losses, const std::string& seconds, const std::string& pixels) {
    return error_with(
        "sshost.progress",
        R"({"average_updates":1,"scores":[],"loss_scale":0,"loss_scale_steps":0,"interval":{"steps":1,"losses":)" +
            losses + R"(,"seconds":)" + seconds + R"(,"loading_seconds":0,"class_pixels":)" + pixels +
            R"(,"ignored_pixels":0}})");
  };
  EXPECT_EQ(error(R"([["loss.a", 0.5]])", "1.5", "[3, 4]"), "");
  EXPECT_THAT(error("[]", "-1e308", "[]"), HasSubstr("expected seconds of 0 or more"));
  for (const char* pixels : {"[-1]", "[9223372036854775807]"}) {
    EXPECT_THAT(error("[]", "1", pixels), HasSubstr("a number of pixels"));
  }
  std::string losses = "[";
  for (int i = 0; i < 1001; ++i) losses += (i == 0 ? "" : ",") + std::string("[\"") + std::to_string(i) + "\", 1e308]";
  EXPECT_THAT(error(losses + "]", "1", "[]"), HasSubstr("at most 1000"));
}

}  // namespace
}  // namespace sshost::checkpoint
