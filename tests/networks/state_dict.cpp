#include "networks/state_dict.h"

#include <algorithm>

namespace sshost::test {
namespace {

std::string dotted(const std::string& name, int64_t index) { return name + "." + std::to_string(index); }

// Convolution `number` of a block and its norm.
void add_numbered(StateDict& dict, const std::string& block, int number, int64_t out, int64_t in, int64_t kernel) {
  dict.conv(block + "conv" + std::to_string(number), out, in, kernel);
  dict.norm(block + "bn" + std::to_string(number), out);
}

// A convolution and its norm as elements `first` and `first` + 1 of a sequence.
void add_pair(StateDict& dict, const std::string& sequence, int64_t first, int64_t out, int64_t in, int64_t kernel) {
  dict.conv(dotted(sequence, first), out, in, kernel);
  dict.norm(dotted(sequence, first + 1), out);
}

void add_basic_block(StateDict& dict, const std::string& block, int64_t in, int64_t width) {
  add_numbered(dict, block, 1, width, in, 3);
  add_numbered(dict, block, 2, width, width, 3);
}

void add_bottleneck(StateDict& dict, const std::string& block, int64_t in, int64_t width) {
  add_numbered(dict, block, 1, width, in, 1);
  add_numbered(dict, block, 2, width, width, 3);
  add_numbered(dict, block, 3, 4 * width, width, 1);
}

// As a bottleneck; the 3x3 with its two groups is split attention.
void add_split_attention_block(StateDict& dict, const std::string& block, int64_t in, int64_t width) {
  add_numbered(dict, block, 1, width, in, 1);
  const int64_t inner = std::max<int64_t>(width / 2, 32);
  dict.conv(block + "conv2.conv", 2 * width, width / 2, 3);
  dict.norm(block + "conv2.bn0", 2 * width);
  dict.classifier(block + "conv2.fc1", inner, width);
  dict.norm(block + "conv2.bn1", inner);
  dict.classifier(block + "conv2.fc2", 2 * width, inner);
  add_numbered(dict, block, 3, 4 * width, width, 1);
}

struct Stages {
  std::vector<int64_t> blocks;
  int64_t expansion;   // a block's channels to its width
  bool pool_shortcut;  // the average pool is element 0
};

template <typename AddBlock>
void add_stages(StateDict& dict, const std::string& prefix, const Stages& stages, int64_t in, AddBlock add_block) {
  int64_t width = 64;
  for (std::size_t stage = 0; stage < stages.blocks.size(); ++stage, width *= 2) {
    for (int64_t i = 0; i < stages.blocks[stage]; ++i) {
      const std::string block = dotted(prefix + "layer" + std::to_string(stage + 1), i) + ".";
      const int64_t out = width * stages.expansion;
      add_block(block, in, width);
      if (in != out) add_pair(dict, block + "downsample", stages.pool_shortcut ? 1 : 0, out, in, 1);
      in = out;
    }
  }
}

void add_deep_stem_of_timm(StateDict& dict, int64_t width) {
  add_pair(dict, "conv1", 0, width, 3, 3);
  add_pair(dict, "conv1", 3, width, width, 3);
  dict.conv("conv1.6", 2 * width, width, 3);
  dict.norm("bn1", 2 * width);
}

void add_deep_stem_of_mmsegmentation(StateDict& dict, const std::string& prefix) {
  add_pair(dict, prefix + "stem", 0, 32, 3, 3);
  add_pair(dict, prefix + "stem", 3, 32, 32, 3);
  add_pair(dict, prefix + "stem", 6, 64, 32, 3);
}

// From each branch to each other: finer ones by convolutions that halve, coarser ones by a 1x1.
void add_exchange(StateDict& dict, const std::string& module, const std::vector<int64_t>& channels) {
  const auto count = static_cast<int64_t>(channels.size());
  for (int64_t to = 0; to < count; ++to) {
    for (int64_t from = 0; from < count; ++from) {
      const std::string layer = dotted(dotted(module + ".fuse_layers", to), from);
      if (from > to) add_pair(dict, layer, 0, channels[to], channels[from], 1);
      for (int64_t step = 0; step < to - from; ++step) {
        const int64_t out = step + 1 == to - from ? channels[to] : channels[from];
        add_pair(dict, dotted(layer, step), 0, out, channels[from], 3);
      }
    }
  }
}

}  // namespace

void StateDict::conv(const std::string& name, int64_t out, int64_t in, int64_t kernel) {
  tensors_[name + ".weight"] = {out, in, kernel, kernel};
}

void StateDict::norm(const std::string& name, int64_t channels) {
  for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) tensors_[name + part] = {channels};
  tensors_[name + ".num_batches_tracked"] = {};
}

void StateDict::conv_module(const std::string& name, int64_t out, int64_t in, int64_t kernel) {
  conv(name + ".conv", out, in, kernel);
  norm(name + ".bn", out);
}

void StateDict::classifier(const std::string& name, int64_t classes, int64_t in) {
  conv(name, classes, in, 1);
  tensors_[name + ".bias"] = {classes};
}

void add_resnet(StateDict& dict, const std::string& prefix, const ResNetShape& shape) {
  if (shape.stem == Stem::conv7x7) add_numbered(dict, prefix, 1, 64, 3, 7);
  if (shape.stem == Stem::deep_of_mmsegmentation) add_deep_stem_of_mmsegmentation(dict, prefix);
  if (shape.stem == Stem::deep_of_timm) add_deep_stem_of_timm(dict, 32);
  const Stages stages{shape.blocks, shape.bottleneck ? 4 : 1, shape.average_pool_shortcut};
  add_stages(dict, prefix, stages, 64, [&](const std::string& block, int64_t in, int64_t width) {
    shape.bottleneck ? add_bottleneck(dict, block, in, width) : add_basic_block(dict, block, in, width);
  });
}

void add_resnest(StateDict& dict, const std::vector<int64_t>& blocks, int64_t stem_width) {
  add_deep_stem_of_timm(dict, stem_width);
  add_stages(dict, "", {blocks, 4, true}, 2 * stem_width, [&](const std::string& block, int64_t in, int64_t width) {
    add_split_attention_block(dict, block, in, width);
  });
}

void add_hrnet(StateDict& dict, const std::string& prefix, int64_t width, int64_t blocks,
               const std::vector<int64_t>& modules) {
  add_numbered(dict, prefix, 1, 64, 3, 3);
  add_numbered(dict, prefix, 2, 64, 64, 3);
  add_stages(dict, prefix, {{blocks}, 4, false}, 64,
             [&](const std::string& block, int64_t in, int64_t inner) { add_bottleneck(dict, block, in, inner); });
  add_pair(dict, prefix + "transition1.0", 0, width, 256, 3);
  std::vector<int64_t> channels{width};
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const int64_t coarsest = i == 0 ? 256 : channels.back();
    channels.push_back(2 * channels.back());
    const auto number = static_cast<int64_t>(i) + 1;
    const std::string transition = dotted(prefix + "transition" + std::to_string(number), number);
    add_pair(dict, transition + ".0", 0, channels.back(), coarsest, 3);
    for (int64_t m = 0; m < modules[i]; ++m) {
      const std::string module = dotted(prefix + "stage" + std::to_string(number + 1), m);
      for (std::size_t branch = 0; branch < channels.size(); ++branch) {
        for (int64_t block = 0; block < blocks; ++block) {
          const std::string name = dotted(dotted(module + ".branches", static_cast<int64_t>(branch)), block) + ".";
          add_basic_block(dict, name, channels[branch], channels[branch]);
        }
      }
      add_exchange(dict, module, channels);
    }
  }
}

}  // namespace sshost::test
