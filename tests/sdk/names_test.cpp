// The published names of our plugins' tensors, against the keys and shapes of published checkpoints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sshost/abi/checkpoint_names.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "sdk/loaded_plugin.h"

namespace sshost::test {
namespace {

using Keys = std::map<std::string, std::vector<int64_t>>;

struct Rule {
  std::string ours, theirs;
};

// Our key with the longest of the rules' dotted prefixes replaced.
std::string published(const std::string& key, const std::vector<Rule>& rules) {
  const Rule* best = nullptr;
  for (const Rule& rule : rules) {
    const bool fits = rule.ours.empty() || key == rule.ours || key.starts_with(rule.ours + ".");
    if (fits && (!best || rule.ours.size() > best->ours.size())) best = &rule;
  }
  if (!best) return "no rule for " + key;
  const std::string rest = best->ours.empty() ? key : key.substr(std::min(key.size(), best->ours.size() + 1));
  return best->theirs.empty() ? rest : best->theirs + "." + rest;
}

std::vector<Rule> rules_of(const ss_component& component, void* self, ss_role role, std::string_view format) {
  const auto* table = static_cast<const ss_checkpoint_names_table*>(component.get(to_abi(SS_CHECKPOINT_NAMES_1)));
  std::vector<Rule> rules;
  const ss_name_sink sink{&rules, [](void* to, const ss_name_rule* rule) -> ss_status {
                            static_cast<std::vector<Rule>*>(to)->push_back({text(rule->ours), text(rule->theirs)});
                            return SS_OK;
                          }};
  const ss_names_query query{sizeof(query), role, to_abi(format), 0, 1, sizeof(ss_name_rule), 0};
  if (table->rules(self, &query, &sink) != SS_OK) throw std::runtime_error("rules failed");
  return rules;
}

class Names : public testing::Test {
 protected:
  static Keys checkpoint(const std::string& recipe) {
    const std::string path = SSHOST_SHARED_DIR "/reference/state_dicts/" + recipe + ".keys.json";
    Keys keys;
    std::ifstream file(path);
    if (!file) return keys;
    const nlohmann::json content = nlohmann::json::parse(file);
    for (const auto& entry : content.at("tensors")) {
      keys.emplace(entry[0].get<std::string>(), entry[1].get<std::vector<int64_t>>());
    }
    return keys;
  }

  // Published names and shapes of all that the component declared.
  Keys declared(const ss_component& component, void* self, ss_role role, std::string_view format = "sssegmentation") {
    const std::vector<Rule> rules = rules_of(component, self, role, format);
    Keys keys;
    for (const DeclaredState& state : host.states) keys[published(state.name, rules)] = state.sizes;
    host.states.clear();
    return keys;
  }

  Keys backbone(const Options& options, std::string_view format = "sssegmentation") {
    return backbone("resnet", options, format);
  }

  Keys backbone(const std::string& name, const Options& options, std::string_view format) {
    const ss_component& component = *load(SSHOST_PLUGIN_DIR "/" + name + ".so", host)->components[0];
    const auto* table = static_cast<const ss_backbone_table*>(component.table);
    const ss_backbone_spec spec{sizeof(spec), 0, 3};
    void* self = nullptr;
    if (table->create(nullptr, &options, &spec, &self) != SS_OK) throw std::runtime_error(host.last_message);
    Keys keys = declared(component, self, SS_ROLE_BACKBONE, format);
    table->destroy(self);
    return keys;
  }

  Keys head(const std::string& name, const Options& options, ss_role role, int64_t in, int64_t classes,
            std::string_view format = "sssegmentation") {
    const ss_component& component = *load(SSHOST_PLUGIN_DIR "/" + name + ".so", host)->components[0];
    const auto* table = static_cast<const ss_head_table*>(component.table);
    const ss_feature_spec feature{in, 8};
    const ss_head_spec spec{sizeof(spec), role == SS_ROLE_CONTEXT ? 1 : 0, &feature, 1, 0, classes};
    void* self = nullptr;
    if (table->create(nullptr, &options, &spec, &self) != SS_OK) throw std::runtime_error(host.last_message);
    Keys keys = declared(component, self, role, format);
    table->destroy(self);
    return keys;
  }

  FakeHost host;
};

Options resnet(int64_t depth, const std::string& stem) {
  return group({{"depth", value_of(depth)},
                {"output_stride", value_of(int64_t{8})},
                {"stem", value_of(stem)},
                {"style", value_of("pytorch")},
                {"average_pool_shortcut", value_of(false)},
                {"contract_dilation", value_of(true)}});
}
Options fcn(int64_t convolutions) {
  return group({{"channels", value_of(int64_t{512})},
                {"convolutions", value_of(convolutions)},
                {"kernel", value_of(int64_t{3})},
                {"concat_input", value_of(false)},
                {"upsample", value_of(int64_t{1})},
                {"dropout", value_of(0.1)},
                {"activation", value_of("relu")}});
}
Options numbers(const std::vector<int64_t>& values) {
  std::vector<Options> items;
  for (const int64_t value : values) items.push_back(value_of(value));
  return list(items);
}
Options psp(const std::vector<int64_t>& scales) {
  return group({{"channels", value_of(int64_t{512})},
                {"scales", numbers(scales)},
                {"dropout", value_of(0.1)},
                {"activation", value_of("relu")}});
}
Options aspp(const std::vector<int64_t>& dilations) {
  return group({{"channels", value_of(int64_t{512})},
                {"dilations", numbers(dilations)},
                {"fuse_kernel", value_of(int64_t{3})},
                {"refine", value_of(false)},
                {"dropout", value_of(0.1)},
                {"activation", value_of("relu")}});
}

// The keys that begin with one of `prefixes`.
Keys part(const Keys& all, const std::vector<std::string>& prefixes) {
  Keys result;
  for (const auto& [key, sizes] : all) {
    const auto begins = [&](const std::string& prefix) { return key.starts_with(prefix); };
    if (std::any_of(prefixes.begin(), prefixes.end(), begins)) result[key] = sizes;
  }
  return result;
}

#define SKIP_WITHOUT(keys) \
  if ((keys).empty()) GTEST_SKIP() << "the fixtures are not at " SSHOST_SHARED_DIR

TEST_F(Names, FcnIsComplete) {
  const Keys published_keys = checkpoint("fcn_resnet50os8_voc");
  SKIP_WITHOUT(published_keys);
  Keys ours = backbone(resnet(50, "deep"));
  ours.merge(head("fcn", fcn(2), SS_ROLE_HEAD, 2048, 21));
  ours.merge(head("fcn", fcn(1), SS_ROLE_AUXILIARY, 1024, 21));
  EXPECT_EQ(ours, published_keys);
}

TEST_F(Names, PspNetIsComplete) {
  const Keys published_keys = checkpoint("pspnet_resnet50os8_voc");
  SKIP_WITHOUT(published_keys);
  Keys ours = backbone(resnet(50, "deep"));
  ours.merge(head("psp", psp({1, 2, 3, 6}), SS_ROLE_HEAD, 2048, 21));
  ours.merge(head("fcn", fcn(1), SS_ROLE_AUXILIARY, 1024, 21));
  EXPECT_EQ(ours, published_keys);
}

TEST_F(Names, DeepLabWith101LayersIsComplete) {
  const Keys published_keys = checkpoint("deeplabv3_resnet101os16_cityscapes");
  SKIP_WITHOUT(published_keys);
  Keys ours = backbone(resnet(101, "deep"));
  ours.merge(head("aspp", aspp({1, 6, 12, 18}), SS_ROLE_HEAD, 2048, 19));
  ours.merge(head("fcn", fcn(1), SS_ROLE_AUXILIARY, 1024, 19));
  EXPECT_EQ(ours, published_keys);
}

TEST_F(Names, AContextHeadHasItsOwnPlace) {
  const std::vector<std::string> prefixes = {"context_within_image_module."};
  const Keys of_aspp = part(checkpoint("mcibi_deeplabv3_resnet50os8_ade20k"), prefixes);
  SKIP_WITHOUT(of_aspp);
  EXPECT_EQ(head("aspp", aspp({1, 12, 24, 36}), SS_ROLE_CONTEXT, 2048, 150), of_aspp);
  const Keys of_psp = part(checkpoint("mcibiplusplus_ppm_resnet50os8_ade20k"), prefixes);
  EXPECT_EQ(head("psp", psp({1, 2, 3, 6}), SS_ROLE_CONTEXT, 2048, 150), of_psp);
}

using Sizes = std::vector<int64_t>;

TEST_F(Names, HeadsKnowThoseOfMmsegmentation) {
  const Keys of_aspp = head("aspp", aspp({1, 12, 24, 36}), SS_ROLE_HEAD, 2048, 19, "mmsegmentation");
  EXPECT_EQ(of_aspp.at("decode_head.image_pool.1.conv.weight"), (Sizes{512, 2048, 1, 1}));
  EXPECT_EQ(of_aspp.at("decode_head.aspp_modules.0.conv.weight"), (Sizes{512, 2048, 1, 1}));
  EXPECT_EQ(of_aspp.at("decode_head.aspp_modules.3.conv.weight"), (Sizes{512, 2048, 3, 3}));
  EXPECT_EQ(of_aspp.at("decode_head.aspp_modules.3.bn.running_mean"), (Sizes{512}));
  EXPECT_EQ(of_aspp.at("decode_head.bottleneck.conv.weight"), (Sizes{512, 2560, 3, 3}));
  EXPECT_EQ(of_aspp.at("decode_head.conv_seg.bias"), (Sizes{19}));
  const Keys of_psp = head("psp", psp({1, 2, 3, 6}), SS_ROLE_HEAD, 2048, 19, "mmsegmentation");
  EXPECT_EQ(of_psp.at("decode_head.psp_modules.3.1.conv.weight"), (Sizes{512, 2048, 1, 1}));
  EXPECT_EQ(of_psp.at("decode_head.psp_modules.0.1.bn.bias"), (Sizes{512}));
  EXPECT_EQ(of_psp.at("decode_head.bottleneck.conv.weight"), (Sizes{512, 4096, 3, 3}));
  const Keys auxiliary = head("fcn", fcn(1), SS_ROLE_AUXILIARY, 1024, 19, "mmsegmentation");
  EXPECT_EQ(auxiliary.at("auxiliary_head.convs.0.conv.weight"), (Sizes{512, 1024, 3, 3}));
  EXPECT_EQ(auxiliary.at("auxiliary_head.conv_seg.weight"), (Sizes{19, 512, 1, 1}));
}

TEST_F(Names, WholeModelsOfTorchvisionAreKnown) {
  const Keys fcn_keys = head("fcn", fcn(1), SS_ROLE_HEAD, 2048, 21, "torchvision_segmentation");
  EXPECT_EQ(fcn_keys.at("classifier.0.weight"), (Sizes{512, 2048, 3, 3}));
  EXPECT_EQ(fcn_keys.at("classifier.1.running_var"), (Sizes{512}));
  EXPECT_EQ(fcn_keys.at("classifier.4.bias"), (Sizes{21}));
  EXPECT_TRUE(backbone(resnet(18, "conv7x7"), "torchvision_segmentation").contains("backbone.layer1.0.bn2.bias"));
}

TEST_F(Names, DeepStemsOfTimmAndMmsegmentationAreKnown) {
  const Keys timm = backbone(resnet(18, "deep"), "timm");
  EXPECT_EQ(timm.at("conv1.0.weight"), (Sizes{32, 3, 3, 3}));
  EXPECT_EQ(timm.at("conv1.4.weight"), (Sizes{32}));
  EXPECT_EQ(timm.at("conv1.6.weight"), (Sizes{64, 32, 3, 3}));
  EXPECT_EQ(timm.at("bn1.running_mean"), (Sizes{64}));
  const Keys mmsegmentation = backbone(resnet(18, "deep"), "mmsegmentation");
  EXPECT_EQ(mmsegmentation.at("backbone.stem.6.weight"), (Sizes{64, 32, 3, 3}));
  EXPECT_EQ(mmsegmentation.at("backbone.stem.7.weight"), (Sizes{64}));
}

TEST_F(Names, ResNetsOwnNamesAreThoseOfTorchvision) {
  const Keys keys = backbone(resnet(18, "conv7x7"), "torchvision");
  EXPECT_EQ(keys.size(), 120u);  // torchvision's resnet18 has 122 tensors, two of them in its classifier
  EXPECT_EQ(keys.at("conv1.weight"), (std::vector<int64_t>{64, 3, 7, 7}));
  EXPECT_EQ(keys.at("bn1.running_var"), (std::vector<int64_t>{64}));
  EXPECT_EQ(keys.at("layer2.0.downsample.0.weight"), (std::vector<int64_t>{128, 64, 1, 1}));
  EXPECT_EQ(keys.at("layer4.1.conv2.weight"), (std::vector<int64_t>{512, 512, 3, 3}));
}

// As in the definition of timm's resnest101e, which is also that of the paper's own checkpoints.
TEST_F(Names, ResNeStHasThoseOfTimm) {
  const Options options = group({{"depth", value_of(int64_t{101})},
                                 {"output_stride", value_of(int64_t{32})},
                                 {"stem_width", value_of(int64_t{64})},
                                 {"contract_dilation", value_of(true)}});
  const Keys keys = backbone("resnest", options, "timm");
  EXPECT_EQ(keys.at("conv1.0.weight"), (std::vector<int64_t>{64, 3, 3, 3}));
  EXPECT_EQ(keys.at("conv1.4.running_mean"), (std::vector<int64_t>{64}));
  EXPECT_EQ(keys.at("conv1.6.weight"), (std::vector<int64_t>{128, 64, 3, 3}));
  EXPECT_EQ(keys.at("bn1.weight"), (std::vector<int64_t>{128}));
  EXPECT_EQ(keys.at("layer1.0.conv2.conv.weight"), (std::vector<int64_t>{128, 32, 3, 3}));
  EXPECT_EQ(keys.at("layer2.3.conv2.fc1.bias"), (std::vector<int64_t>{64}));
  EXPECT_EQ(keys.at("layer4.0.downsample.1.weight"), (std::vector<int64_t>{2048, 1024, 1, 1}));
  EXPECT_TRUE(backbone("resnest", options, "mmsegmentation").contains("backbone.stem.7.running_var"));
}

TEST_F(Names, HrNetHasThoseOfTimmAndMmsegmentation) {
  const Options options = group({{"variant", value_of("w48")}, {"first_stem_relu", value_of(true)}});
  const Keys keys = backbone("hrnet", options, "timm");
  EXPECT_EQ(keys.at("conv2.weight"), (std::vector<int64_t>{64, 64, 3, 3}));
  EXPECT_EQ(keys.at("transition1.1.0.0.weight"), (std::vector<int64_t>{96, 256, 3, 3}));
  EXPECT_EQ(keys.at("stage4.2.fuse_layers.0.3.1.bias"), (std::vector<int64_t>{48}));
  EXPECT_EQ(keys.at("stage4.2.fuse_layers.3.0.2.0.weight"), (std::vector<int64_t>{384, 48, 3, 3}));
  EXPECT_TRUE(backbone("hrnet", options, "mmsegmentation").contains("backbone.stage3.3.branches.2.3.bn2.weight"));
}

TEST_F(Names, OcrIsTheSecondOfMmsegmentationsCascade) {
  const Options options = group({{"channels", value_of(int64_t{512})},
                                 {"transform_channels", value_of(int64_t{256})},
                                 {"scale", value_of(1.0)},
                                 {"fuse_kernel", value_of(int64_t{1})},
                                 {"auxiliary", value_of(int64_t{0})},
                                 {"dropout", value_of(0.0)},
                                 {"activation", value_of("relu")}});
  const Keys keys = head("ocr", options, SS_ROLE_HEAD, 720, 19, "mmsegmentation");
  const std::string block = "decode_head.1.object_context_block.";
  EXPECT_EQ(keys.at("decode_head.1.bottleneck.conv.weight"), (std::vector<int64_t>{512, 720, 3, 3}));
  EXPECT_EQ(keys.at(block + "query_project.1.bn.weight"), (std::vector<int64_t>{256}));
  EXPECT_EQ(keys.at(block + "value_project.conv.weight"), (std::vector<int64_t>{256, 512, 1, 1}));
  EXPECT_EQ(keys.at(block + "bottleneck.conv.weight"), (std::vector<int64_t>{512, 1024, 1, 1}));
  EXPECT_EQ(keys.at("decode_head.1.conv_seg.bias"), (std::vector<int64_t>{19}));
}

}  // namespace
}  // namespace sshost::test
