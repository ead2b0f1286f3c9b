// Files as training programs save them: what they put beside the state dict, and around its names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "checkpoint/pth_bytes.h"
#include "checkpoint/tensor_index.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

using checkpoint::MemorySource;
using checkpoint::TensorIndex;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kTensor = pickle_tensor({.shape = {1}, .strides = {1}, .elements = 1});
const std::string kCounter =
    pickle_tensor({.shape = {}, .strides = {}, .elements = 1, .key = "1", .storage_class = "LongStorage"});

std::string getattr_of(const std::string& module, const std::string& owner, const std::string& name) {
  return pickle_global("__builtin__", "getattr") + pickle_tuple({pickle_global(module, owner), pickle_text(name)}) +
         "R";
}

std::string call(const std::string& module, const std::string& name, const std::vector<std::string>& arguments = {}) {
  return pickle_global(module, name) + pickle_tuple(arguments) + "R";
}

TensorIndex read(const std::string& file, const std::string& prefix = {}) {
  return read_tensor_index(MemorySource("file", file), "", prefix);
}

TensorIndex read_pickle_file(const std::string& value) { return read(zip_pth(pickle_of(value), {"1234", "12345678"})); }

std::vector<std::string> names_of(const TensorIndex& index) {
  std::vector<std::string> names;
  for (const auto& tensor : index.tensors) names.push_back(tensor.name);
  return names;
}

std::string safetensors(const std::vector<std::string>& names, const std::string& counter = {}) {
  std::string header = "{";
  size_t end = 0;
  for (const std::string& name : names) {
    header += "\"" + name + R"(":{"dtype":"U8","shape":[1],"data_offsets":[)" + std::to_string(end) + "," +
              std::to_string(end + 1) + "]},";
    ++end;
  }
  if (!counter.empty()) {
    header += "\"" + counter + R"(":{"dtype":"I64","shape":[],"data_offsets":[)" + std::to_string(end) + "," +
              std::to_string(end + 8) + "]},";
    end += 8;
  }
  header.back() = '}';
  return little_endian(header.size(), 8) + header + std::string(end, 'x');
}

TEST(ForeignFiles, WhatWrapsSingleLayersIsDroppedWhereverItStands) {
  EXPECT_THAT(names_of(read(safetensors({"layer1.0._checkpoint_wrapped_module.conv1.weight", "fc.weight"}))),
              ElementsAre("layer1.0.conv1.weight", "fc.weight"));
  EXPECT_THAT(names_of(read(safetensors({"layer1._orig_mod.conv1.weight", "fc.bias"}))),
              ElementsAre("layer1.conv1.weight", "fc.bias"));
  EXPECT_THAT(names_of(read(safetensors({"_fsdp_wrapped_module.layer1._fsdp_wrapped_module.conv.weight",
                                         "_fsdp_wrapped_module.module.fc.weight"}))),
              ElementsAre("layer1.conv.weight", "module.fc.weight"));
  EXPECT_THAT(names_of(read(safetensors({"module.a._orig_mod._checkpoint_wrapped_module.w"}))), ElementsAre("a.w"));
  EXPECT_THAT(names_of(read(safetensors({"my_orig_mod.weight", "b"}))), ElementsAre("my_orig_mod.weight", "b"));
}

TEST(ForeignFiles, NamesStayWhereTwoWouldBecomeOne) {
  EXPECT_THAT(names_of(read(safetensors({"a._orig_mod.w", "a.w"}))), ElementsAre("a._orig_mod.w", "a.w"));
}

std::string refusal(const std::string& file) {
  try {
    read(file);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ForeignFiles, TorchScriptArchivesAreNamedWithWhatToSaveInstead) {
  const std::string pickle = pickle_of(pickle_dict({}));
  for (const uint16_t method : {uint16_t{0}, uint16_t{8}}) {
    EXPECT_THAT(refusal(zip_of({{"a/data.pkl", pickle}, {"a/constants.pkl", pickle}, {"a/code/a.py", "x", method}})),
                AllOf(HasSubstr("TorchScript"), HasSubstr("torch.jit.load"), HasSubstr("state_dict()")));
  }
}

TEST(ForeignFiles, WhatDownloadsLeaveInThePlaceOfWeightsIsNamed) {
  EXPECT_THAT(refusal("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
              AllOf(HasSubstr("pointer of Git LFS"), HasSubstr("git lfs pull")));
  EXPECT_THAT(refusal("<!DOCTYPE html><html><body>Sign in</body></html>"), HasSubstr("a web page"));
  EXPECT_THAT(refusal(R"({"metadata": {}, "weight_map": {"a": "b"}})"), HasSubstr("JSON"));
}

TEST(ForeignFiles, OtherFormatsAreNamedByTheirBytes) {
  EXPECT_THAT(refusal(std::string("\x1f\x8b\x08\0\0\0\0\0\0\0", 10)), HasSubstr("compressed"));
  EXPECT_THAT(refusal(std::string(257, 'a') + "ustar"), HasSubstr("tar -xf"));
  EXPECT_THAT(refusal("\x89HDF\r\n\x1a\n and more"), HasSubstr("Keras"));
  EXPECT_THAT(refusal("\x08\x07\x12\x07pytorch and more"), HasSubstr("a model of ONNX"));
  EXPECT_THAT(refusal(zip_of({{"w.npy", "x"}})), HasSubstr("numpy.load"));
  EXPECT_THAT(refusal(zip_of({{"best.pth", "x"}})), HasSubstr("Unpack it: it holds best.pth"));
  EXPECT_THAT(refusal(pickle_of(pickle_dict({{"model", "}"}}))), HasSubstr("detectron2"));
}

TEST(ForeignFiles, TheOnlyStateDictIsReadWhateverItsKey) {
  const TensorIndex index = read_pickle_file(
      pickle_dict({{"epoch", pickle_integer(3)}, {"state_dict_ema", pickle_dict({{"conv.weight", kTensor}})}}));
  EXPECT_EQ(index.part, "state_dict_ema");
  EXPECT_THAT(names_of(index), ElementsAre("conv.weight"));
  EXPECT_THAT(index.other_parts, ElementsAre());
}

TEST(ForeignFiles, OfSeveralStateDictsTheOthersAreNamed) {
  const std::string one = pickle_dict({{"conv.weight", kTensor}});
  const TensorIndex index = read_pickle_file(pickle_dict({{"state_dict", one}, {"state_dict_ema", one}}));
  EXPECT_EQ(index.part, "state_dict");
  EXPECT_THAT(index.other_parts, ElementsAre("state_dict_ema"));
  EXPECT_THAT(message_of<Error>([&] {
                read_pickle_file(pickle_dict({{"generator", one}, {"critic", one}}));
              }),
              AllOf(HasSubstr("generator, critic"), HasSubstr("--part generator")));
}

TEST(ForeignFiles, OpenMmLabsNamesOfClassesAreRead) {
  const std::string names = pickle_tuple({pickle_text("tree"), pickle_text("road")});
  const std::string weights = pickle_dict({{"conv.weight", kTensor}});
  const TensorIndex old =
      read_pickle_file(pickle_dict({{"meta", pickle_dict({{"CLASSES", names}})}, {"state_dict", weights}}));
  EXPECT_THAT(old.classes, ElementsAre("tree", "road"));
  const std::string meta = pickle_dict({{"dataset_meta", pickle_dict({{"classes", names}})}});
  EXPECT_THAT(read_pickle_file(pickle_dict({{"meta", meta}, {"state_dict", weights}})).classes,
              ElementsAre("tree", "road"));
  EXPECT_THAT(read_pickle_file(pickle_dict({{"meta", "N"}, {"state_dict", weights}})).classes, ElementsAre());
}

TEST(ForeignFiles, APrefixMayStandBehindAWrappers) {
  const std::string file = safetensors({"module.encoder_k.conv", "module.encoder_q.conv"});
  EXPECT_THAT(names_of(read(file, "encoder_q.")), ElementsAre("conv"));
  EXPECT_THAT(names_of(read(file, "module.encoder_q.")), ElementsAre("conv"));
}

TEST(ForeignFiles, MmenginesMessageHubDoesNotKeepAStateDictFromBeingRead) {
  const std::string buffer = "mmengine.logging.history_buffer";
  const std::string history = call("collections", "OrderedDict") + "}" + "(" + pickle_text("min") +
                              getattr_of(buffer, "HistoryBuffer", "min") + pickle_text("mean") +
                              getattr_of(buffer, "HistoryBuffer", "mean") + "ub";
  const std::string scalar = call("numpy.core.multiarray", "scalar",
                                  {call("numpy", "dtype", {pickle_text("f8")}),
                                   "U\x08"
                                   "12345678"});
  const TensorIndex index = read_pickle_file(pickle_dict(
      {{"meta", pickle_dict({{"epoch", pickle_integer(3)}, {"lr", scalar}})},
       {"state_dict", pickle_dict({{"backbone.conv1.weight", kTensor}})},
       {"message_hub", pickle_dict({{"log_scalars", history}, {"resumed_keys", call("builtins", "type", {"N"})}})},
       {"optimizer", pickle_dict({{"state", "}"}})}}));
  EXPECT_THAT(names_of(index), ElementsAre("backbone.conv1.weight"));
  EXPECT_EQ(index.part, "state_dict");
}

TEST(ForeignFiles, AnAttributeOfAClassIsItsNameAndOfAnythingElseACallThatIsNotMade) {
  const std::string nested = pickle_global("builtins", "getattr") +
                             pickle_tuple({getattr_of("some.library", "Outer", "Inner"), pickle_text("kind")}) + "R";
  const std::string of_object =
      pickle_global("builtins", "getattr") + pickle_tuple({call("some", "Thing"), pickle_text("run")}) + "R";
  const TensorIndex index = read_pickle_file(pickle_dict({{"w", kTensor}, {"a", nested}, {"b", of_object}}));
  ASSERT_EQ(index.beside.size(), 2U);
  EXPECT_EQ(index.beside[0].second, "some.library.Outer.Inner.kind");
  EXPECT_EQ(index.beside[1].second, "an object of builtins.getattr");
}

TEST(ForeignFiles, AnAttributeThatReachesForCommandsIsRefusedByName) {
  const auto error = [](const std::string& value) {
    return message_of<Error>([&] { read_pickle_file(pickle_dict({{"w", kTensor}, {"x", value}})); });
  };
  EXPECT_THAT(error(getattr_of("torch", "os", "system")), AllOf(HasSubstr("torch.os.system"), HasSubstr("not made")));
  const std::string hub = pickle_global("builtins", "getattr") +
                          pickle_tuple({getattr_of("torch", "hub", "os"), pickle_text("system")}) + "R";
  EXPECT_THAT(error(hub), HasSubstr("torch.hub.os.system"));
  EXPECT_THAT(error(getattr_of("torch", "hub", "load")), HasSubstr("torch.hub.load"));
  EXPECT_THAT(error(getattr_of("some.library", "Thing", "__globals__")), HasSubstr("getattr"));
  EXPECT_THAT(error(call("builtins", "getattr", {pickle_global("a", "b")})), HasSubstr("getattr"));
  EXPECT_THAT(error(getattr_of("a", "builtins", "eval")), HasSubstr("a.builtins.eval"));
}

TEST(ForeignFiles, LightningsPrefixIsDroppedAndItsHyperParametersStayClosed) {
  const std::string parameters = call("pytorch_lightning.utilities.parsing", "AttributeDict") + "(" +
                                 pickle_text("norm") + call("types", "SimpleNamespace") + pickle_text("of") +
                                 call("builtins", "type", {"N"}) + "u";
  const TensorIndex index = read_pickle_file(
      pickle_dict({{"epoch", pickle_integer(1)},
                   {"state_dict", pickle_dict({{"model.backbone.weight", kTensor}, {"model.head.weight", kTensor}})},
                   {"hyper_parameters", parameters}}));
  EXPECT_THAT(names_of(index), ElementsAre("backbone.weight", "head.weight"));
  EXPECT_EQ(index.dropped_prefix, "model.");
}

TEST(ForeignFiles, PrefixesOfWrappersInEachOtherAreDroppedInEveryOrder) {
  for (const std::string prefix :
       {"module.", "_orig_mod.", "_orig_mod.module.", "module._orig_mod.", "model._orig_mod."}) {
    const std::vector<std::string> names = {prefix + "a.weight", prefix + "b.weight"};
    const TensorIndex pickled = read_pickle_file(pickle_dict({{names[0], kTensor}, {names[1], kTensor}}));
    EXPECT_THAT(names_of(pickled), ElementsAre("a.weight", "b.weight")) << prefix;
    const TensorIndex stored = read(safetensors(names));
    EXPECT_THAT(names_of(stored), ElementsAre("a.weight", "b.weight")) << prefix;
    EXPECT_EQ(stored.dropped_prefix, prefix);
  }
}

TEST(ForeignFiles, TheCounterOfAnAveragedModelIsNoPartOfIt) {
  for (const std::string counter : {"n_averaged", "steps"}) {
    const TensorIndex pickled = read_pickle_file(pickle_dict({{counter, kCounter}, {"module.a.weight", kTensor}}));
    EXPECT_THAT(names_of(pickled), ElementsAre("a.weight")) << counter;
    EXPECT_EQ(pickled.storages.size(), 1U) << "what no tensor uses is not read";
    EXPECT_THAT(names_of(read(safetensors({"module._orig_mod.a.weight"}, counter))), ElementsAre("a.weight"));
  }
}

TEST(ForeignFiles, APrefixThatNotAllNamesHaveStays) {
  EXPECT_THAT(names_of(read(safetensors({"model.a", "criterion.weight"}))), ElementsAre("model.a", "criterion.weight"));
  EXPECT_THAT(names_of(read(safetensors({"a"}, "n_averaged"))), testing::UnorderedElementsAre("a", "n_averaged"));
}

TEST(ForeignFiles, OnlyTheNamesUnderAPrefixAreTakenWhereOneIsAskedFor) {
  const std::string file = safetensors({"student.module.a", "teacher.module.a", "student.module.b"});
  EXPECT_THAT(names_of(read(file, "student.")), ElementsAre("a", "b"));
  EXPECT_EQ(read(file, "student.").storages.size(), 2U);
  EXPECT_THAT(message_of<Error>([&] { read(file, "tutor."); }),
              AllOf(HasSubstr("\"tutor.\""), HasSubstr("begin with student, teacher")));
}

}  // namespace
}  // namespace sshost::test
