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

}  // namespace
}  // namespace sshost::checkpoint
