// Checkpoints of torchvision, mmsegmentation and timm, made up with the names and shapes that those libraries give
// them: every tensor of the file is the model's, and the other way round.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "checkpoint/weights_export.h"
#include "checkpoint/weights_import.h"
#include "networks/state_dict.h"
#include "run/initial_weights.h"
#include "run/model.h"

namespace sshost::test {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr int64_t kClasses = 21;

class LibraryNames : public testing::Test {
 protected:
  // `model` is the section of a pipeline.
  void open(const std::string& model) {
    const std::string pipeline =
        "plugins: [" SSHOST_PLUGIN_DIR "]\ndata: {dataset: {type: synthetic}}\nrun: [evaluate]\nmodel:\n" + model;
    session_ = run::open_session_text(pipeline, "model.yaml", {}, [](auto&&...) {});
    model_ = run::build_model(session_, kClasses);
  }

  // Names and shapes of the model's tensors in the format.
  std::map<std::string, StateDict::Sizes> declared(const std::string& format) const {
    std::map<std::string, StateDict::Sizes> found;
    for (const auto& [ours, theirs] : model_->segmentor->names(format)) {
      found[theirs] = model_->store.find(ours)->value.sizes().vec();
    }
    return found;
  }

  checkpoint::ImportReport import(const checkpoint::TensorFile& file, const std::string& prefix = {}) {
    return checkpoint::import_weights(model_->store, file,
                                      {"the file", prefix, {}, run::name_maps(*model_->segmentor), kClasses});
  }

  // Imports a file of the library's names and shapes, and writes it again.
  void expect_whole_model(const std::string& format, const StateDict& dict) {
    EXPECT_EQ(declared(format), dict.tensors());
    const checkpoint::TensorFile file = file_of(dict);
    const checkpoint::ImportReport report = import(file);
    EXPECT_EQ(report.format, format);
    EXPECT_THAT(report.unused, IsEmpty());
    const checkpoint::TensorFile again =
        checkpoint::export_weights(model_->store, {format, model_->segmentor->published(format)});
    EXPECT_EQ(again.tensors.size(), file.tensors.size());
    for (const auto& [name, value] : again.tensors) EXPECT_TRUE(at::equal(value, *file.find(name))) << name;
  }

  // The same of a classifier's checkpoint, of which the backbone is read.
  void expect_backbone(const std::string& format, const StateDict& dict) {
    EXPECT_EQ(declared(format), dict.tensors());
    checkpoint::TensorFile file = file_of(dict);
    file.tensors.emplace_back("fc.weight", at::zeros({10, 8}));
    const checkpoint::ImportReport report = import(file, "backbone.");
    EXPECT_EQ(report.format, format);
    EXPECT_EQ(report.used.size(), dict.tensors().size());
    EXPECT_THAT(report.unused, UnorderedElementsAre("fc.weight"));
  }

  static checkpoint::TensorFile file_of(const StateDict& dict) {
    checkpoint::TensorFile file;
    for (const auto& [name, sizes] : dict.tensors()) {
      file.tensors.emplace_back(name, name.ends_with("num_batches_tracked") ? at::zeros(sizes, at::kLong)
                                      : name.ends_with("running_var")       ? at::rand(sizes)
                                                                            : at::randn(sizes));
    }
    return file;
  }

  int64_t parameters() const {
    int64_t count = 0;
    for (const state::StateEntry& entry : model_->store) count += entry.trainable ? entry.value.numel() : 0;
    return count;
  }

  run::Session session_;
  std::unique_ptr<run::Model> model_;
};

const ResNetShape kResNet50{.blocks = {3, 4, 6, 3}, .bottleneck = true};
const ResNetShape kResNet18OfMmsegmentation{.blocks = {2, 2, 2, 2}, .stem = Stem::deep_of_mmsegmentation};

// torchvision's FCNHead: convolution, norm, activation, dropout, classifier.
void add_fcn_of_torchvision(StateDict& dict, const std::string& name, int64_t in) {
  dict.conv(name + ".0", in / 4, in, 3);
  dict.norm(name + ".1", in / 4);
  dict.classifier(name + ".4", kClasses, in / 4);
}

// The numbers of parameters are those that torchvision documents for the two.
TEST_F(LibraryNames, DeepLabV3IsTorchvisions) {
  open(R"(
  backbone: {type: resnet, depth: 50, output_stride: 8}
  head: {type: aspp, channels: 256, dilations: [1, 12, 24, 36], fuse_kernel: 1, refine: true}
  auxiliary: [{type: fcn, feature: -2, channels: 256, convolutions: 1}]
)");
  StateDict dict;
  add_resnet(dict, "backbone.", kResNet50);
  for (const int64_t branch : {0, 1, 2, 3}) {
    const std::string name = "classifier.0.convs." + std::to_string(branch);
    dict.conv(name + ".0", 256, 2048, branch == 0 ? 1 : 3);
    dict.norm(name + ".1", 256);
  }
  dict.conv("classifier.0.convs.4.1", 256, 2048, 1);
  dict.norm("classifier.0.convs.4.2", 256);
  dict.conv("classifier.0.project.0", 256, 5 * 256, 1);
  dict.norm("classifier.0.project.1", 256);
  dict.conv("classifier.1", 256, 256, 3);
  dict.norm("classifier.2", 256);
  dict.classifier("classifier.4", kClasses, 256);
  add_fcn_of_torchvision(dict, "aux_classifier", 1024);
  EXPECT_EQ(parameters(), 42004074);
  expect_whole_model("torchvision_segmentation", dict);
}

TEST_F(LibraryNames, FcnIsTorchvisions) {
  open(R"(
  backbone: {type: resnet, depth: 50, output_stride: 8}
  head: {type: fcn, channels: 512, convolutions: 1}
  auxiliary: [{type: fcn, feature: -2, channels: 256, convolutions: 1}]
)");
  StateDict dict;
  add_resnet(dict, "backbone.", kResNet50);
  add_fcn_of_torchvision(dict, "classifier", 2048);
  add_fcn_of_torchvision(dict, "aux_classifier", 1024);
  EXPECT_EQ(parameters(), 35322218);
  expect_whole_model("torchvision_segmentation", dict);
}

// mmsegmentation's FCNHead with one convolution and no concat_input, as its auxiliary heads are.
void add_fcn_of_mmsegmentation(StateDict& dict, const std::string& name, int64_t in, int64_t channels, int64_t kernel) {
  dict.conv_module(name + ".convs.0", channels, in, kernel);
  dict.classifier(name + ".conv_seg", kClasses, channels);
}

TEST_F(LibraryNames, FcnIsMmsegmentations) {
  open(R"(
  backbone: {type: resnet, depth: 18, stem: deep}
  head: {type: fcn, channels: 16, convolutions: 2, concat_input: true}
  auxiliary: [{type: fcn, feature: -2, channels: 8, convolutions: 1}]
)");
  StateDict dict;
  add_resnet(dict, "backbone.", kResNet18OfMmsegmentation);
  add_fcn_of_mmsegmentation(dict, "decode_head", 512, 16, 3);
  dict.conv_module("decode_head.convs.1", 16, 16, 3);
  dict.conv_module("decode_head.conv_cat", 16, 512 + 16, 3);
  add_fcn_of_mmsegmentation(dict, "auxiliary_head", 256, 8, 3);
  expect_whole_model("mmsegmentation", dict);
}

TEST_F(LibraryNames, PspNetIsMmsegmentations) {
  open(R"(
  backbone: {type: resnet, depth: 18, stem: deep}
  head: {type: psp, channels: 8}
  auxiliary:
    - {type: fcn, feature: 1, channels: 8, convolutions: 1}
    - {type: fcn, feature: 2, channels: 8, convolutions: 1}
)");
  StateDict dict;
  add_resnet(dict, "backbone.", kResNet18OfMmsegmentation);
  for (const char* scale : {"0", "1", "2", "3"}) {
    dict.conv_module(std::string("decode_head.psp_modules.") + scale + ".1", 8, 512, 1);
  }
  dict.conv_module("decode_head.bottleneck", 8, 512 + 4 * 8, 3);
  dict.classifier("decode_head.conv_seg", kClasses, 8);
  add_fcn_of_mmsegmentation(dict, "auxiliary_head.0", 128, 8, 3);
  add_fcn_of_mmsegmentation(dict, "auxiliary_head.1", 256, 8, 3);
  expect_whole_model("mmsegmentation", dict);
}

TEST_F(LibraryNames, DeepLabV3IsMmsegmentationsWithThePooledBranchFirst) {
  open(R"(
  backbone: {type: resnet, depth: 18, stem: deep}
  head: {type: aspp, channels: 8, dilations: [1, 12, 24, 36]}
)");
  StateDict dict;
  add_resnet(dict, "backbone.", kResNet18OfMmsegmentation);
  dict.conv_module("decode_head.image_pool.1", 8, 512, 1);
  for (const int64_t branch : {0, 1, 2, 3}) {
    dict.conv_module("decode_head.aspp_modules." + std::to_string(branch), 8, 512, branch == 0 ? 1 : 3);
  }
  dict.conv_module("decode_head.bottleneck", 8, 5 * 8, 3);
  dict.classifier("decode_head.conv_seg", kClasses, 8);
  expect_whole_model("mmsegmentation", dict);
  const checkpoint::TensorFile file = file_of(dict);
  import(file);
  const at::Tensor& theirs = *file.find("decode_head.bottleneck.conv.weight");
  const at::Tensor& ours = model_->store.find("head.fuse.conv.weight")->value;
  EXPECT_TRUE(at::equal(ours.narrow(1, 32, 8), theirs.narrow(1, 0, 8)));  // the pooled branch
  EXPECT_TRUE(at::equal(ours.narrow(1, 0, 32), theirs.narrow(1, 8, 32)));
}

// A cascade: the first head's logits outline the regions of the second.
void add_ocr_of_mmsegmentation(StateDict& dict, int64_t in) {
  const std::string block = "decode_head.1.object_context_block.";
  for (const std::string side : {"query_project.", "key_project."}) {
    dict.conv_module(block + side + "0", 4, 8, 1);
    dict.conv_module(block + side + "1", 4, 4, 1);
  }
  dict.conv_module(block + "value_project", 4, 8, 1);
  dict.conv_module(block + "out_project", 8, 4, 1);
  dict.conv_module(block + "bottleneck", 8, 2 * 8, 1);
  dict.conv_module("decode_head.1.bottleneck", 8, in, 3);
  dict.classifier("decode_head.1.conv_seg", kClasses, 8);
}

TEST_F(LibraryNames, OcrNetOnHrNetIsMmsegmentationsCascade) {
  open(R"(
  backbone: {type: hrnet, variant: w18-small}
  features: {indices: [0, 0]}
  head: {type: ocr, channels: 8, transform_channels: 4, fuse_kernel: 1}
  auxiliary: [{type: fcn, feature: 0, channels: 270, convolutions: 1, kernel: 1}]
)");
  StateDict dict;
  add_hrnet(dict, "backbone.", 18, 2, {1, 3, 2});
  add_fcn_of_mmsegmentation(dict, "decode_head.0", 270, 270, 1);
  add_ocr_of_mmsegmentation(dict, 270);
  expect_whole_model("mmsegmentation", dict);
}

TEST_F(LibraryNames, OcrNetOnResNetIsMmsegmentationsCascade) {
  open(R"(
  backbone: {type: resnet, depth: 18, stem: deep}
  head: {type: ocr, channels: 8, transform_channels: 4, fuse_kernel: 1}
  auxiliary: [{type: fcn, feature: -2, channels: 8, convolutions: 1}]
)");
  StateDict dict;
  add_resnet(dict, "backbone.", kResNet18OfMmsegmentation);
  add_fcn_of_mmsegmentation(dict, "decode_head.0", 256, 8, 3);
  add_ocr_of_mmsegmentation(dict, 512);
  expect_whole_model("mmsegmentation", dict);
}

TEST_F(LibraryNames, BackbonesAreTimms) {
  const auto with_small_head = [](const std::string& backbone) {
    return "  backbone: " + backbone + "\n  head: {type: fcn, channels: 8}\n";
  };
  StateDict of_resnet, of_resnest, of_hrnet;
  open(with_small_head("{type: resnet, depth: 18, stem: deep, average_pool_shortcut: true}"));
  add_resnet(of_resnet, "", {{2, 2, 2, 2}, false, Stem::deep_of_timm, true});
  expect_backbone("timm", of_resnet);
  open(with_small_head("{type: resnest, depth: 50, stem_width: 32}"));
  add_resnest(of_resnest, {3, 4, 6, 3}, 32);
  expect_backbone("timm", of_resnest);
  open(with_small_head("{type: hrnet, variant: w18-small}"));
  add_hrnet(of_hrnet, "", 18, 2, {1, 3, 2});
  expect_backbone("timm", of_hrnet);
}

}  // namespace
}  // namespace sshost::test
