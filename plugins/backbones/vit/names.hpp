// How published checkpoints name a vision transformer's tensors.
#ifndef SSHOST_PLUGINS_VIT_NAMES_HPP
#define SSHOST_PLUGINS_VIT_NAMES_HPP

#include <sshost/names.hpp>
#include <sshost/tensor.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

// `grid`: patches a side of the position embedding, which is resized from that of another image size.
std::vector<ss::NameRule> vit_names(std::string_view format, int64_t depth, ss::Size grid);

#endif
