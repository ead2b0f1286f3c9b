#include "checkpoint/checkpoint.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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
                              6,
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
  EXPECT_EQ(read.average_updates, 6);
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

// ---- damage

TEST(Checkpoint, FindsEveryFlippedBitOfItsTensors) {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  save_model(path, make_store(1), make_info());
  const std::string whole = test::read_bytes(path);
  const size_t data = whole.size() - 9 * sizeof(float);  // weight and mean
  for (size_t at = data; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] ^= 1;
    test::write_bytes(path, damaged);
    state::StateStore store = make_store(0);
    EXPECT_THAT(message_of<Error>([&] { load_model(path, store); }),
                AllOf(HasSubstr("tensor \"backbone."), HasSubstr("checksum differs")));
    EXPECT_TRUE(store.find("backbone.weight")->value.eq(0).all().item<bool>());
  }
}

TEST(Checkpoint, FindsDamageInWhatItSaysOfItself) {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  save_model(path, make_store(1), make_info());
  std::string damaged = test::read_bytes(path);
  damaged[damaged.find("1234")] = '2';  // the step
  test::write_bytes(path, damaged);
  EXPECT_THAT(message_of<Error>([&] { read_checkpoint_info(path); }),
              HasSubstr("the checksum of its metadata differs"));
}

TEST(Checkpoint, OfATypeThatWasExchangedIsDamaged) {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  save_model(path, make_store(1), make_info());
  std::string damaged = test::read_bytes(path);
  damaged[damaged.find("\"F32\"") + 1] = 'I';
  test::write_bytes(path, damaged);
  EXPECT_THAT(message_of<Error>([&] { read_tensor_file(path); }), HasSubstr("checksum differs"));
}

TEST(Checkpoint, OfAnEarlierVersionHasNoChecksumsAndIsRead) {
  const TempFolder folder;
  save_model(folder / "a.safetensors", make_store(3), make_info());
  TensorFile file = read_tensor_file(folder / "a.safetensors");
  ASSERT_EQ(file.metadata.erase("sshost.checksums"), 1);
  write_safetensors(folder / "b.safetensors", file);
  state::StateStore store = make_store(0);
  load_model(folder / "b.safetensors", store);
  EXPECT_TRUE(store.find("backbone.weight")->value.eq(3).all().item<bool>());
}

TEST(Checkpoint, WithValuesThatNoModelHasIsRefusedUnlessTheyAreLetThrough) {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  state::StateStore sick = make_store(1);
  sick.add({"backbone.norm.running_var", at::ones({4}), false, true});
  sick.find("backbone.weight")->value.detach()[1][2] = NAN;
  sick.find("backbone.mean")->value.detach()[0] = -INFINITY;
  sick.find("backbone.norm.running_var")->value.detach()[3] = -0.5;
  save_model(path, sick, make_info());
  state::StateStore store = make_store(0);
  store.add({"backbone.norm.running_var", at::zeros({4}), false, true});
  EXPECT_THAT(message_of<Error>([&] { load_model(path, store); }),
              AllOf(HasSubstr("a.safetensors"), HasSubstr("backbone.weight (1 of 6 values are not finite)"),
                    HasSubstr("backbone.mean (1 of 3 values are not finite)"),
                    HasSubstr("backbone.norm.running_var (1 of 4 values are negative variances)"),
                    HasSubstr("weights.values")));
  EXPECT_TRUE(store.find("backbone.weight")->value.eq(0).all().item<bool>()) << "nothing is changed";
  load_model(path, store, {false, {}});
  EXPECT_TRUE(std::isnan(store.find("backbone.weight")->value[1][2].item<float>()));
}

TEST(TrainingState, WithValuesThatNoTrainingComesToIsRefused) {
  const TempFolder folder;
  const auto path = folder / "a.train.safetensors";
  const auto error = [&](double momentum, const at::Tensor& generator = at::zeros({4}, at::kByte)) {
    save_training_state(path, {7, 2, 3, 5, {{"head.weight", at::full({2}, momentum)}}, {{"model", generator}}});
    return message_of<Error>([&] { load_training_state(path); });
  };
  EXPECT_EQ(error(1e6), "");
  for (const double value : {1e30, -1e30, static_cast<double>(NAN), static_cast<double>(INFINITY)}) {
    EXPECT_THAT(error(value),
                AllOf(HasSubstr("a.train.safetensors"), HasSubstr("optimizer.head.weight (2 of 2 values")));
  }
  EXPECT_THAT(error(1, at::zeros({4})), HasSubstr("generator"));
}

TEST(TrainingState, LargerThanATrainingHasIsNotRead) {
  const TempFolder folder;
  const auto path = folder / "a.train.safetensors";
  save_training_state(path, {7, 2, 3, 5, {{"head.weight", at::ones({100})}}, {}});
  EXPECT_EQ(load_training_state(path, {}, 400).optimizer.size(), 1U);
  EXPECT_THAT(message_of<Error>([&] { load_training_state(path, {}, 399); }),
              AllOf(HasSubstr("a.train.safetensors"), HasSubstr("at most 399 bytes, found 400")));
}

TEST(TrainingState, FindsFlippedBits) {
  const TempFolder folder;
  const auto path = folder / "a.train.safetensors";
  save_training_state(path, {7, 2, 3, 5, {{"head.weight", at::ones({2})}}, {{"model", at::zeros({4}, at::kByte)}}});
  std::string damaged = test::read_bytes(path);
  damaged.back() ^= 1;
  test::write_bytes(path, damaged);
  EXPECT_THAT(message_of<Error>([&] { load_training_state(path); }), HasSubstr("\"generator.model\" is damaged"));
}

// ---- classes

// A row of the classifier, and a place of the memory's second axis, for each class.
state::StateStore store_of_classes(int64_t classes, double first = 0) {
  state::StateStore store;
  store.add({"head.conv.weight", at::arange(3, at::kFloat), true, true});  // as many channels as classes
  store.add({"head.classifier.weight", (at::arange(classes * 2, at::kFloat) + first).view({classes, 2}), true, true});
  store.add({"memory.vectors", at::arange(classes * 2, at::kFloat).view({2, classes}), false, true});
  return store;
}

std::vector<data::Class> classes_of(const std::vector<std::string>& names) {
  std::vector<data::Class> classes;
  for (const std::string& name : names) classes.push_back({name, {}, static_cast<int64_t>(classes.size())});
  return classes;
}

class ClassesOfACheckpoint : public testing::Test {
 protected:
  ClassesOfACheckpoint() { save({"a", "b", "c"}); }

  void save(const std::vector<std::string>& names) const {
    save_model(path(), store_of_classes(static_cast<int64_t>(names.size())), {"", {classes_of(names), 255}, {}, 1});
  }
  std::filesystem::path path() const { return folder_ / "a.safetensors"; }

  static Loading loading(const std::vector<std::string>& names, const char* match) {
    const auto count = static_cast<int64_t>(names.size());
    return {true, {classes_of(names), class_match(match), [count] {
                     return class_axes(store_of_classes(count), store_of_classes(count + 1), count);
                   }}};
  }
  std::string error(const std::vector<std::string>& names, const char* match = "same") const {
    state::StateStore store = store_of_classes(static_cast<int64_t>(names.size()));
    return message_of<UsageError>([&] { load_model(path(), store, loading(names, match)); });
  }

  TempFolder folder_;
};

TEST_F(ClassesOfACheckpoint, InAnotherOrderAreRefusedWithBothLists) {
  EXPECT_EQ(error({"a", "b", "c"}), "");
  EXPECT_THAT(error({"c", "a", "b"}),
              AllOf(HasSubstr("a.safetensors"), HasSubstr(R"(["c", "a", "b"], found ["a", "b", "c"])"),
                    HasSubstr("weights.classes: by_name")));
}

TEST_F(ClassesOfACheckpoint, FollowTheirNamesWhereThatIsAskedFor) {
  state::StateStore store = store_of_classes(3, 100);
  load_model(path(), store, loading({"c", "a", "b"}, "by_name"));
  EXPECT_TRUE(
      store.find("head.classifier.weight")->value.equal(at::tensor({4.F, 5.F, 0.F, 1.F, 2.F, 3.F}).view({3, 2})));
  EXPECT_TRUE(store.find("memory.vectors")->value.equal(at::tensor({2.F, 0.F, 1.F, 5.F, 3.F, 4.F}).view({2, 3})));
  EXPECT_TRUE(store.find("head.conv.weight")->value.equal(at::arange(3, at::kFloat))) << "its size is no class axis";
}

TEST_F(ClassesOfACheckpoint, GoByTheirNumbersWhereThatIsAskedFor) {
  state::StateStore store = store_of_classes(3, 100);
  load_model(path(), store, loading({"sky", "road", "car"}, "by_number"));
  EXPECT_TRUE(store.find("head.classifier.weight")->value.equal(at::arange(6, at::kFloat).view({3, 2})));
}

TEST_F(ClassesOfACheckpoint, WithoutACounterpartAreAnErrorByNameToo) {
  EXPECT_THAT(error({"c", "a", "d"}), AllOf(HasSubstr("by_number"), testing::Not(HasSubstr("by_name"))));
  EXPECT_THAT(error({"c", "a", "d"}, "by_name"), HasSubstr("\"d\" is not"));
  EXPECT_THAT(error({"c", "a", "a"}, "by_name"), HasSubstr("\"a\" is not"));
}

TEST_F(ClassesOfACheckpoint, ThatAreManyAreToldByTheirFirstDifferences) {
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) names.push_back("class " + std::to_string(i));
  save(names);
  std::rotate(names.begin(), names.begin() + 1, names.end());
  EXPECT_THAT(error(names), AllOf(HasSubstr(R"(0 is "class 0" in the file and "class 1" in the data set)"),
                                  HasSubstr("and 37 more")));
}

TEST_F(ClassesOfACheckpoint, OfAnotherNumberAreAnErrorThatNamesBothAndTheWay) {
  for (const char* match : {"same", "by_name", "by_number"}) {
    EXPECT_THAT(error({"a", "b", "c", "d"}, match),
                AllOf(HasSubstr("for 4 classes"), HasSubstr("found one for 3"), HasSubstr("skip_classifier: true")));
  }
}

TEST_F(ClassesOfACheckpoint, WithoutNamesAreTakenAsTheyAre) {
  save({"0", "1", "2"});
  EXPECT_EQ(error({"c", "a", "b"}), "");
  save({"a", "b", "c"});
  EXPECT_EQ(error({"0", "1", "2"}), "");
}

TEST_F(ClassesOfACheckpoint, FollowTheirNamesInATrainingStateToo) {
  const auto state_path = training_state_path(path());
  save_training_state(state_path, {1,
                                   1,
                                   1,
                                   5,
                                   {{"head.classifier.weight.exp_avg", at::arange(6, at::kFloat).view({3, 2})},
                                    {"head.classifier.weight.step", at::ones({})},
                                    {"head.conv.weight", at::arange(3, at::kFloat)}},
                                   {}});
  const ClassOrder order = read_class_order(path(), loading({"c", "a", "b"}, "by_name").wanted);
  const TrainingState state = load_training_state(state_path, order);
  for (const auto& [name, value] : state.optimizer) {
    if (name.ends_with("exp_avg")) {
      EXPECT_EQ(value[0][0].item<float>(), 4);
    }
    if (name == "head.conv.weight") {
      EXPECT_EQ(value[0].item<float>(), 0);
    }
  }
}

TEST_F(ClassesOfACheckpoint, ByNameRefuseAModelWhoseTensorsHaveNoPlaceForEach) {
  state::StateStore store = store_of_classes(3);
  Loading by_name = loading({"c", "a", "b"}, "by_name");
  by_name.wanted.axes = [] {
    state::StateStore three, four;
    three.add({"head.both.weight", at::zeros({8}), true, true});
    four.add({"head.both.weight", at::zeros({9}), true, true});
    return class_axes(three, four, 3);
  };
  EXPECT_THAT(message_of<UsageError>([&] { load_model(path(), store, by_name); }), HasSubstr("\"head.both.weight\""));
}

}  // namespace
}  // namespace sshost::checkpoint
