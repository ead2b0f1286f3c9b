// Which parts a memory has, and how wide what passes between them is.
#ifndef SSHOST_MCIBIPLUSPLUS_LAYOUT_HPP
#define SSHOST_MCIBIPLUSPLUS_LAYOUT_HPP

#include <sshost/memory.hpp>

#include <cstdint>
#include <vector>

#include "options.hpp"

namespace mcibiplusplus {

struct Layout {
  bool has_context;            // there is a context head
  bool attends;                // it attends to what was mined
  bool joins_late;             // what was mined joins after the pyramid, whose top is the context alone
  int64_t mined;               // channels of what was mined
  int64_t top;                 // of the pyramid's top
  int64_t result;              // of all that is classified, side by side
  std::vector<int64_t> below;  // of the levels below it
};

inline Layout layout_of(const Options& options, const ss::MemorySpec& spec) {
  Layout layout{};
  layout.has_context = spec.context_channels > 0;
  layout.attends = layout.has_context && options.self_attention;
  layout.joins_late = layout.has_context && options.fpn && !options.fuse_before_fpn;
  layout.mined = layout.attends ? spec.context_channels : options.channels;
  layout.result = layout.mined + spec.context_channels;
  if (!options.fpn) return layout;

  layout.top = layout.joins_late ? spec.context_channels : layout.result;
  for (const ss::FeatureSpec& feature : spec.features.first(spec.features.size() - 1)) {
    layout.below.push_back(feature.channels);
    layout.result += options.fpn->out_channels;
  }
  if (layout.top == options.fpn->channels) return layout;
  throw ss::Error("option fpn.channels: expected the width of the pyramid's top, " + std::to_string(layout.top) +
                  ", found " + std::to_string(options.fpn->channels));
}

}  // namespace mcibiplusplus

#endif
