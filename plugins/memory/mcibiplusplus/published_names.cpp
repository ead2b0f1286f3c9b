#include "published_names.hpp"

#include <sshost/nn/attention_block.hpp>

#include <string>

namespace mcibiplusplus {
namespace {

class Rules {
 public:
  void conv(const std::string& ours, const std::string& theirs) {
    ss::add_conv_names(list, ours, theirs + ".0", theirs + ".1");
  }
  void decoder(const std::string& ours, const std::string& theirs) {
    ss::add_conv_names(list, ours, theirs + ".conv1", theirs + ".bn1");
    list.push_back({ours + ".classifier", theirs + ".conv2"});
  }
  void attention(const std::string& ours, const std::string& theirs) {
    const std::vector<ss::NameRule> block = ss::nn::attention_block_names(ours, theirs);
    list.insert(list.end(), block.begin(), block.end());
  }

  std::vector<ss::NameRule> list;
};

}  // namespace

std::vector<ss::NameRule> published_names(std::size_t levels) {
  Rules rules;
  rules.list.push_back({"memory", "memory_module.memory"});
  rules.conv("bottleneck", "bottleneck");
  rules.conv("fuse", "memory_module.bottleneck");
  rules.conv("downsample", "memory_module.downsample_before_sa");
  rules.attention("attention", "memory_module.self_attention");
  rules.attention("self_attention", "self_attention");
  rules.decoder("pixel_decoder", "decoder_pr");
  rules.decoder("context_decoder", "decoder_cwi");
  rules.decoder("decoder", "decoder_cls");
  for (std::size_t i = 0; i < levels; ++i) {
    const std::string level = "." + std::to_string(i);
    rules.conv("fpn.lateral" + level, "lateral_convs" + level);
    rules.conv("fpn.out" + level, "fpn_convs" + level);
  }
  return rules.list;
}

}  // namespace mcibiplusplus
