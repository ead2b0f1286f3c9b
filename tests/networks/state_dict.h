// Names and shapes of other libraries' checkpoints, put together as their modules are.
#ifndef SSHOST_TESTS_NETWORKS_STATE_DICT_H
#define SSHOST_TESTS_NETWORKS_STATE_DICT_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sshost::test {

class StateDict {
 public:
  using Sizes = std::vector<int64_t>;

  // A square convolution without a bias, and a batch norm with its statistics.
  void conv(const std::string& name, int64_t out, int64_t in, int64_t kernel);
  void norm(const std::string& name, int64_t channels);

  // Both, as mmcv's ConvModule calls them: `name`.conv and `name`.bn.
  void conv_module(const std::string& name, int64_t out, int64_t in, int64_t kernel);

  // A 1x1 convolution with a bias.
  void classifier(const std::string& name, int64_t classes, int64_t in);

  const std::map<std::string, Sizes>& tensors() const { return tensors_; }

 private:
  std::map<std::string, Sizes> tensors_;
};

// The stem of three convolutions, by the names of mmsegmentation and timm.
enum class Stem { conv7x7, deep_of_mmsegmentation, deep_of_timm };

struct ResNetShape {
  std::vector<int64_t> blocks;
  bool bottleneck = false;
  Stem stem = Stem::conv7x7;
  bool average_pool_shortcut = false;  // variant D
};

// ResNet after torchvision, timm and mmsegmentation, which differ in the stem alone; `prefix` ends with a dot, or is
// empty.
void add_resnet(StateDict& dict, const std::string& prefix, const ResNetShape& shape);

// ResNeSt after timm, with a stem of `stem_width` channels.
void add_resnest(StateDict& dict, const std::vector<int64_t>& blocks, int64_t stem_width);

// HRNetV2 after timm and mmsegmentation, `modules` of stages 2 to 4.
void add_hrnet(StateDict& dict, const std::string& prefix, int64_t width, int64_t blocks,
               const std::vector<int64_t>& modules);

}  // namespace sshost::test

#endif  // SSHOST_TESTS_NETWORKS_STATE_DICT_H
