// How published checkpoints name a Swin transformer's tensors.
#ifndef SSHOST_PLUGINS_SWIN_NAMES_HPP
#define SSHOST_PLUGINS_SWIN_NAMES_HPP

#include <sshost/names.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

struct SwinShape {
  int64_t channels;  // of the first stage
  int64_t window;
  std::vector<int64_t> depths;  // blocks of each stage
};

std::vector<ss::NameRule> swin_names(std::string_view format, const SwinShape& shape);

#endif
