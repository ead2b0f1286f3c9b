#include "checkpoint/weights_import.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "checkpoint/metadata.h"
#include "temp_folder.h"

namespace sshost::checkpoint {
namespace {

using test::message_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class WeightsImport : public testing::Test {
 protected:
  WeightsImport() {
    store_.add({"backbone.stem.weight", at::zeros({2, 3}), true, true});
    store_.add({"backbone.stem.mean", at::zeros({2}), false, true});
    store_.add({"backbone.table", at::zeros({5}), false, false});
    store_.add({"head.weight", at::zeros({4}), true, true});
  }

  ImportRequest request(const std::string& format = {}) const {
    return {"model.backbone.weights /w/net.safetensors", "backbone.", format, formats_};
  }

  bool stem_is(double value) const {
    return store_.find("backbone.stem.weight")->value.eq(value).all().item<bool>() &&
           store_.find("backbone.stem.mean")->value.eq(value).all().item<bool>();
  }

  state::StateStore store_;
  std::vector<NameMap> formats_ = {
      {"torchvision", {{"backbone.stem.weight", {"conv1.weight"}}, {"backbone.stem.mean", {"bn1.running_mean"}}}},
      {"other", {{"backbone.stem.weight", {"a"}}, {"backbone.stem.mean", {"b"}}}}};
};

TensorFile torchvision_file() {
  return {{{"conv1.weight", at::full({2, 3}, 7)},
           {"bn1.running_mean", at::full({2}, 7)},
           {"bn1.num_batches_tracked", at::zeros({}, at::kLong)},
           {"fc.weight", at::zeros({4})},
           {"fc.bias", at::zeros({1})}},
          {}};
}

TEST_F(WeightsImport, FindsTheFormatUnderWhichMostTensorsMatch) {
  const ImportReport report = import_weights(store_, torchvision_file(), request());
  EXPECT_EQ(report.format, "torchvision");
  EXPECT_THAT(report.used, ElementsAre("backbone.stem.weight", "backbone.stem.mean"));
  EXPECT_THAT(report.unused, ElementsAre("fc.weight", "fc.bias"));
  EXPECT_EQ(report.summary(), "2 tensors read by torchvision's names; 2 of the file unused: fc.weight, fc.bias");
  EXPECT_TRUE(stem_is(7));
  EXPECT_TRUE(store_.find("head.weight")->value.eq(0).all().item<bool>());
}

// A convolution over the images' channels, which the file has over red, green and blue.
class InputChannels : public testing::Test {
 protected:
  at::Tensor imported(int64_t channels, bool adapt) {
    state::StateStore store;
    store.add({"backbone.stem.weight", at::zeros({4, channels, 3, 3}), true, true});
    store.add({"backbone.stem.bias", at::zeros({4}), true, true});
    ImportRequest request{"weights", "backbone.", "", {}};
    request.image_channels = channels;
    request.adapt_input = adapt;
    report_ = import_weights(store, {{{"stem.weight", of_rgb_}, {"stem.bias", at::ones({4})}}, {}}, request);
    return store.find("backbone.stem.weight")->value.detach().clone();
  }

  at::Tensor of_rgb_ = at::randn({4, 3, 3, 3});
  ImportReport report_;
};

TEST_F(InputChannels, OfGreyTakeTheSumSoThatAGreyImageGivesWhatItGaveAsRgb) {
  const at::Tensor grey = at::randn({1, 1, 9, 9});
  const at::Tensor expected = at::conv2d(grey.expand({1, 3, 9, 9}), of_rgb_);
  EXPECT_TRUE(at::conv2d(grey, imported(1, true)).allclose(expected, 1e-4, 1e-5));
  EXPECT_THAT(report_.adapted, ElementsAre("backbone.stem.weight"));
  EXPECT_THAT(report_.summary(), HasSubstr("fitted to the images' channels: backbone.stem.weight"));
}

TEST_F(InputChannels, OfMoreKeepTheFirstThreeAndBeginWithZero) {
  const at::Tensor weight = imported(5, true);
  EXPECT_TRUE(weight.narrow(1, 0, 3).equal(of_rgb_));
  EXPECT_TRUE(weight.narrow(1, 3, 2).eq(0).all().item<bool>());
  const at::Tensor two = imported(2, true);
  EXPECT_TRUE(two.select(1, 0).allclose(of_rgb_.sum(1)));
  EXPECT_TRUE(two.select(1, 1).eq(0).all().item<bool>());
}

TEST_F(InputChannels, AreNamedWhereTheyDiffer) {
  EXPECT_THAT(message_of<Error>([&] { imported(4, false); }),
              AllOf(HasSubstr("data.channels is 4"), HasSubstr("adapt_input")));
  EXPECT_TRUE(imported(3, true).equal(of_rgb_)) << "nothing has to be fitted";
}

TEST_F(WeightsImport, ConvertsHalfToFloat) {
  TensorFile file = torchvision_file();
  for (auto& [name, tensor] : file.tensors) tensor = tensor.to(at::kHalf);
  import_weights(store_, file, request());
  EXPECT_EQ(store_.find("backbone.stem.weight")->value.scalar_type(), at::kFloat);
  EXPECT_TRUE(stem_is(7));
}

TEST_F(WeightsImport, TakesOwnNamesWithAndWithoutPrefix) {
  const at::Tensor weight = at::full({2, 3}, 5);
  const at::Tensor mean = at::full({2}, 5);
  import_weights(store_, {{{"stem.weight", weight}, {"stem.mean", mean}}, {}}, request());
  EXPECT_TRUE(stem_is(5));
  const TensorFile whole{
      {{"backbone.stem.weight", weight + 1}, {"backbone.stem.mean", mean + 1}, {"head.weight", mean}}, {}};
  EXPECT_THAT(import_weights(store_, whole, request()).unused, ElementsAre("head.weight"));
  EXPECT_TRUE(stem_is(6));
}

TEST_F(WeightsImport, ListsWhatIsMissingAndChangesNothing) {
  TensorFile file = torchvision_file();
  file.tensors.erase(file.tensors.begin() + 1);
  EXPECT_THAT(message_of<Error>([&] { import_weights(store_, file, request()); }),
              AllOf(HasSubstr("model.backbone.weights /w/net.safetensors: 2 tensors are needed, 1 were found"),
                    HasSubstr("missing (1): backbone.stem.mean (there: bn1.running_mean)"),
                    HasSubstr("unused in the file (2): fc.weight, fc.bias")));
  EXPECT_TRUE(stem_is(0));
}

TEST_F(WeightsImport, ListsShapesThatDiffer) {
  TensorFile file = torchvision_file();
  file.tensors[0].second = at::full({2, 4}, 7);
  EXPECT_THAT(message_of<Error>([&] { import_weights(store_, file, request()); }),
              HasSubstr("another shape (1): backbone.stem.weight is [2, 3], the file has [2, 4]"));
  EXPECT_TRUE(stem_is(0));
}

TEST_F(WeightsImport, ObeysTheFormatThatIsNamed) {
  EXPECT_THAT(message_of<Error>([&] { import_weights(store_, torchvision_file(), request("other")); }),
              HasSubstr("0 were found by other's names"));
  EXPECT_THAT(message_of<UsageError>([&] { import_weights(store_, torchvision_file(), request("timm")); }),
              HasSubstr("unknown format \"timm\"; known here: sshost, torchvision, other"));
}

TEST_F(WeightsImport, UndoesHowTheFormatStoresValues) {
  formats_[0].names.at("backbone.stem.weight").changes = {model::PermuteBlocks{1, {2, 0, 1}, {}}};
  TensorFile file = torchvision_file();
  file.tensors[0].second = at::tensor({2.F, 0.F, 1.F, 5.F, 3.F, 4.F}).view({2, 3});
  import_weights(store_, file, request());
  EXPECT_TRUE(store_.find("backbone.stem.weight")->value.equal(at::arange(6, at::kFloat).view({2, 3})));
}

TEST_F(WeightsImport, DoesNotMissBatchCounters) {
  store_.add({"backbone.stem.num_batches_tracked", at::zeros({}, at::kLong), false, true});
  EXPECT_TRUE(import_weights(store_, torchvision_file(), request()).complete());
}

TEST_F(WeightsImport, KeepsWhatTheFormatLetsAFileLack) {
  formats_[0].names.at("backbone.stem.mean").optional = true;
  TensorFile file = torchvision_file();
  file.tensors.erase(file.tensors.begin() + 1);
  store_.assign("backbone.stem.mean", at::full({2}, 3));
  const ImportReport report = import_weights(store_, file, request());
  EXPECT_THAT(report.kept, ElementsAre("backbone.stem.mean"));
  EXPECT_THAT(report.summary(), HasSubstr("1 tensors read by torchvision's names; 1 stay as initialised: "
                                          "backbone.stem.mean; 2 of the file unused"));
  EXPECT_TRUE(store_.find("backbone.stem.mean")->value.eq(3).all().item<bool>());
}

TEST_F(WeightsImport, ReadsAnOptionalTensorThatIsThere) {
  formats_[0].names.at("backbone.stem.mean").optional = true;
  EXPECT_THAT(import_weights(store_, torchvision_file(), request()).kept, IsEmpty());
  EXPECT_TRUE(stem_is(7));
}

TEST_F(WeightsImport, DoesNotReadWhatTheModelComputesByItself) {
  formats_[0].names["backbone.table"] = {"index"};
  TensorFile file = torchvision_file();
  file.tensors.emplace_back("index", at::full({9}, 7));  // of other options
  const ImportReport report = import_weights(store_, file, request());
  EXPECT_THAT(report.used, ElementsAre("backbone.stem.weight", "backbone.stem.mean"));
  EXPECT_THAT(report.unused, ElementsAre("fc.weight", "fc.bias"));
  EXPECT_TRUE(store_.find("backbone.table")->value.eq(0).all().item<bool>());
}

TEST_F(WeightsImport, RefusesValuesThatAreNotFiniteAndChangesNothing) {
  TensorFile file = torchvision_file();
  file.tensors[0].second = at::full({2, 3}, 1e300, at::kDouble);  // infinite as a float
  EXPECT_THAT(
      message_of<Error>([&] { import_weights(store_, file, request()); }),
      AllOf(HasSubstr("model.backbone.weights"), HasSubstr("backbone.stem.weight (6 of 6 values are not finite)")));
  EXPECT_TRUE(stem_is(0));
  ImportRequest lenient = request();
  lenient.require_sound_values = false;
  EXPECT_TRUE(import_weights(store_, file, lenient).complete());
}

TEST_F(WeightsImport, ReadsAFormatWhoseOwnNamesAllBeginAsAWrapperDoes) {
  formats_[0].names.at("backbone.stem.weight").name = "model.conv1.weight";
  formats_[0].names.at("backbone.stem.mean").name = "model.bn1.running_mean";
  TensorFile file = torchvision_file();
  file.dropped_prefix = "model.";
  EXPECT_TRUE(import_weights(store_, file, request()).complete());
  EXPECT_TRUE(stem_is(7));
}

TEST_F(WeightsImport, NamesThePrefixWhereNothingMatches) {
  TensorFile file = torchvision_file();
  for (auto& [name, tensor] : file.tensors) name.insert(0, "student.net.");
  file.tensors.emplace_back("loss.weight", at::zeros({1}));
  EXPECT_THAT(message_of<Error>([&] { import_weights(store_, file, request()); }),
              AllOf(HasSubstr("\"student.net.\""), HasSubstr("prefix: student.net."), HasSubstr("--prefix")));
}

TEST_F(WeightsImport, NamesEachPrefixThatFits) {
  TensorFile file = torchvision_file();
  const TensorFile same = torchvision_file();
  for (auto& [name, tensor] : file.tensors) name.insert(0, "student.");
  for (const auto& [name, tensor] : same.tensors) file.tensors.emplace_back("teacher." + name, tensor);
  EXPECT_THAT(message_of<Error>([&] { import_weights(store_, file, request()); }),
              HasSubstr(R"(begin with "student." or "teacher.")"));
}

TEST_F(WeightsImport, SaysWhatStandsInATensorsPlace) {
  TensorFile file = torchvision_file();
  file.tensors.erase(file.tensors.begin());
  file.beside.emplace_back("conv1.weight", "an object of torch._utils._rebuild_sparse_tensor");
  EXPECT_THAT(message_of<Error>([&] { import_weights(store_, file, request()); }),
              HasSubstr("conv1.weight, an object of torch._utils._rebuild_sparse_tensor, which is no tensor of plain"));
}

TEST_F(WeightsImport, SaysThatThereIsAnotherStateDict) {
  TensorFile file = torchvision_file();
  file.part = "state_dict";
  file.other_parts = {"state_dict_ema"};
  EXPECT_THAT(import_weights(store_, file, request()).summary(),
              HasSubstr("read from state_dict; the file has other state dicts: state_dict_ema"));
}

class ImportOfClasses : public testing::Test {
 protected:
  ImportOfClasses() {
    store_.add({"head.weight", at::zeros({3}), true, true});
    store_.add({"head.other", at::zeros({3}), true, true});
    file_ = {{{"head.weight", at::arange(3, at::kFloat)}, {"head.other", at::arange(3, at::kFloat)}},
             to_metadata(CheckpointInfo{"", {{{"a", {}, 0}, {"b", {}, 1}, {"c", {}, 2}}, 255}, {}, 0})};
  }
  ImportRequest request(bool skip_classifier, ClassMatch match = ClassMatch::kSame,
                        const std::string& prefix = "head.") const {
    ImportRequest request{"model.head.weights x", prefix, "", {}};
    request.classes = 3;
    request.skip_classifier = skip_classifier;
    consider_classes(request, file_, {{{"c", {}, 0}, {"a", {}, 1}, {"b", {}, 2}}, match, [] {
                                        return ClassAxes{{{"head.weight", {0}}}, {}};
                                      }});
    return request;
  }
  state::StateStore store_;
  TensorFile file_;
};

TEST_F(ImportOfClasses, ThatAreOthersIsAnErrorOfTheComponentThatHasThem) {
  EXPECT_THAT(message_of<UsageError>([&] { request(false); }),
              AllOf(HasSubstr("model.head.weights x"), HasSubstr(R"(found ["a", "b", "c"])")));
  EXPECT_EQ(message_of<UsageError>([&] { request(false, ClassMatch::kSame, "backbone."); }), "");
}

TEST_F(ImportOfClasses, ThatAreOthersLeavesThemOutWhereThatIsAskedFor) {
  const ImportReport report = import_weights(store_, file_, request(true));
  EXPECT_THAT(report.used, ElementsAre("head.other"));
  EXPECT_THAT(report.summary(), HasSubstr("1 of other classes left out: head.weight"));
  EXPECT_TRUE(store_.find("head.weight")->value.eq(0).all().item<bool>());
}

TEST_F(ImportOfClasses, ByNamePutsThemInTheModelsOrder) {
  import_weights(store_, file_, request(false, ClassMatch::kByName));
  EXPECT_TRUE(store_.find("head.weight")->value.equal(at::tensor({2.F, 0.F, 1.F})));
  EXPECT_TRUE(store_.find("head.other")->value.equal(at::arange(3, at::kFloat)));
}

TEST_F(ImportOfClasses, ThatAnotherProgramNamesCountWhereOnlyTheirOrderDiffers) {
  file_.metadata.clear();
  file_.classes = {"a", "b", "c"};
  EXPECT_THAT(message_of<UsageError>([&] { request(false); }), HasSubstr(R"(found ["a", "b", "c"])"));
  import_weights(store_, file_, request(false, ClassMatch::kByName));
  EXPECT_TRUE(store_.find("head.weight")->value.equal(at::tensor({2.F, 0.F, 1.F})));
  file_.classes = {"a", "b ", "c"};
  const ImportReport report = import_weights(store_, file_, request(false));
  EXPECT_THAT(report.summary(), HasSubstr("classes are taken by their numbers: expected the data set's classes"));
  EXPECT_TRUE(store_.find("head.weight")->value.equal(at::arange(3, at::kFloat)));
}

}  // namespace
}  // namespace sshost::checkpoint
