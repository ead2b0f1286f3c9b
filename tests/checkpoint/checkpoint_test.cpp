#include "checkpoint/checkpoint.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "checkpoint/safetensors.h"
#include "temp_folder.h"

namespace sshost::checkpoint {
namespace {

using test::message_of;
using test::TempFolder;
using testing::AllOf;
using testing::HasSubstr;

state::StateStore make_store(double value) {
  state::StateStore store;
  store.add({"backbone.weight", at::full({2, 3}, value), true, true});
  store.add({"backbone.mean", at::full({3}, value), false, true});
  store.add({"backbone.table", at::full({4}, value), false, false});
  return store;
}

CheckpointInfo make_info() {
  return {
      "model: {head: {type: psp}}\n", {{{"sky", {1, 2, 3}, 0}, {"road", {4, 5, 6}, 1}}, 255}, {{"psp", "1.0.0"}}, 1234};
}

TEST(Checkpoint, TellsWhatTheRunWas) {
  const TempFolder folder;
  save_model(folder / "a.safetensors", make_store(1), make_info());
  const CheckpointInfo info = read_checkpoint_info(folder / "a.safetensors");
  EXPECT_EQ(info.pipeline, make_info().pipeline);
  EXPECT_EQ(info.plugins, make_info().plugins);
  EXPECT_EQ(info.step, 1234);
  EXPECT_EQ(info.dataset.ignore_index, 255);
  ASSERT_EQ(info.dataset.classes.size(), 2);
  EXPECT_EQ(info.dataset.classes[1].name, "road");
  EXPECT_EQ(info.dataset.classes[1].color, (std::array<uint8_t, 3>{4, 5, 6}));
  EXPECT_EQ(info.dataset.classes[1].mirrored, 1);
}

TEST(Checkpoint, FillsTheStoreButWhatIsNotPersistent) {
  const TempFolder folder;
  save_model(folder / "a.safetensors", make_store(3), make_info());
  state::StateStore store = make_store(0);
  load_model(folder / "a.safetensors", store);
  EXPECT_TRUE(store.find("backbone.weight")->value.eq(3).all().item<bool>());
  EXPECT_TRUE(store.find("backbone.weight")->value.requires_grad());
  EXPECT_TRUE(store.find("backbone.mean")->value.eq(3).all().item<bool>());
  EXPECT_TRUE(store.find("backbone.table")->value.eq(0).all().item<bool>());
}

TEST(Checkpoint, RefusesAnotherModelAndChangesNothing) {
  const TempFolder folder;
  save_model(folder / "a.safetensors", make_store(3), make_info());

  state::StateStore larger = make_store(0);
  larger.add({"head.weight", at::zeros({1}), true, true});
  EXPECT_THAT(message_of<Error>([&] { load_model(folder / "a.safetensors", larger); }),
              AllOf(HasSubstr("a.safetensors"), HasSubstr("missing (1): head.weight")));
  EXPECT_TRUE(larger.find("backbone.weight")->value.eq(0).all().item<bool>());

  state::StateStore smaller;
  smaller.add({"backbone.weight", at::zeros({2, 3}), true, true});
  EXPECT_THAT(message_of<Error>([&] { load_model(folder / "a.safetensors", smaller); }), HasSubstr("backbone.mean"));
  EXPECT_TRUE(smaller.find("backbone.weight")->value.eq(0).all().item<bool>());
}

TEST(Checkpoint, RefusesWhatIsNotOneOfOurs) {
  const TempFolder folder;
  write_safetensors(folder / "other.safetensors", {{{"fc.weight", at::zeros({1})}}, {}});
  EXPECT_THAT(message_of<Error>([&] { read_checkpoint_info(folder / "other.safetensors"); }),
              HasSubstr("not a model checkpoint of sshost"));
  write_safetensors(folder / "later.safetensors", {{}, {{"sshost.format", "2"}, {"sshost.kind", "model"}}});
  EXPECT_THAT(message_of<Error>([&] { read_checkpoint_info(folder / "later.safetensors"); }),
              AllOf(HasSubstr("format 2"), HasSubstr("use a newer sshost")));
  write_safetensors(folder / "bad.safetensors", {{},
                                                 {{"sshost.format", "1"},
                                                  {"sshost.kind", "model"},
                                                  {"sshost.pipeline", ""},
                                                  {"sshost.step", "5"},
                                                  {"sshost.dataset", "{]"},
                                                  {"sshost.plugins", "{}"}}});
  EXPECT_THAT(message_of<Error>([&] { read_checkpoint_info(folder / "bad.safetensors"); }), HasSubstr("damaged"));
}

TEST(TrainingState, OfAnEarlierVersionHasNoProgress) {
  const TempFolder folder;
  write_safetensors(folder / "a.train.safetensors", {{},
                                                     {{"sshost.format", "1"},
                                                      {"sshost.kind", "training"},
                                                      {"sshost.step", "5"},
                                                      {"sshost.epoch", "1"},
                                                      {"sshost.batch", "5"},
                                                      {"sshost.seed", "0"}}});
  const TrainingState read = load_training_state(folder / "a.train.safetensors");
  EXPECT_EQ(read.step, 5);
  EXPECT_TRUE(read.scores.empty());
  EXPECT_EQ(read.average_updates, 0);
}

TEST(TrainingState, SurvivesTheRoundTrip) {
  const TempFolder folder;
  const TrainingState written{7,
                              2,
                              3,
                              18446744073709551615u,
                              {{"backbone.weight", at::arange(6, at::kFloat).view({2, 3})}},
                              {{"model", at::arange(9, at::kByte)}},
                              {{"head.weight", at::full({2}, 0.5)}},
                              41,
                              {{3, 0.1}, {6, NAN}},
                              512,
                              17};
  const auto path = training_state_path(folder / "step-7.safetensors");
  EXPECT_EQ(path.filename(), "step-7.train.safetensors");
  save_training_state(path, written);
  const TrainingState read = load_training_state(path);
  EXPECT_EQ(read.step, 7);
  EXPECT_EQ(read.epoch, 2);
  EXPECT_EQ(read.batch, 3);
  EXPECT_EQ(read.seed, written.seed);
  ASSERT_EQ(read.optimizer.size(), 1);
  EXPECT_EQ(read.optimizer[0].first, "backbone.weight");
  EXPECT_TRUE(read.optimizer[0].second.equal(written.optimizer[0].second));
  ASSERT_EQ(read.generators.size(), 1);
  EXPECT_TRUE(read.generators[0].second.equal(written.generators[0].second));
  ASSERT_EQ(read.weights.size(), 1);
  EXPECT_EQ(read.weights[0].first, "head.weight");
  EXPECT_TRUE(read.weights[0].second.equal(written.weights[0].second));
  EXPECT_EQ(read.average_updates, 41);
  ASSERT_EQ(read.scores.size(), 2);
  EXPECT_EQ(read.scores[0].step, 3);
  EXPECT_EQ(read.scores[0].mean_iou, 0.1);
  EXPECT_TRUE(std::isnan(read.scores[1].mean_iou));
  EXPECT_EQ(read.loss_scale, 512);
  EXPECT_EQ(read.loss_scale_steps, 17);
  EXPECT_THAT(message_of<Error>([&] { read_checkpoint_info(path); }), HasSubstr("not a model checkpoint"));
}

TEST(Checkpoint, OfAnotherProgramIsSaidToBeOne) {
  const std::filesystem::path path = SSHOST_SOURCE_DIR "/tests/checkpoint/files/zip_mmcv.pth";
  EXPECT_THAT(message_of<Error>([&] { read_checkpoint_info(path); }), HasSubstr("`sshost weights import`"));
}

}  // namespace
}  // namespace sshost::checkpoint
