// The label numbers of COCO-Stuff: 1..91 are things, 92..182 stuff. 11 things have no pixels in it, which leaves 171.
#ifndef SSHOST_PLUGINS_COCOSTUFF10K_CLASSES_H
#define SSHOST_PLUGINS_COCOSTUFF10K_CLASSES_H

#include <sshost/dataset.hpp>

namespace cocostuff10k {

inline constexpr int32_t kIds = 182;
inline constexpr int32_t kUsedIds = 171;

// The numbers that occur, in their order: the classes of the 171 variant.
std::vector<int32_t> used_ids();

// 182 or 171.
std::vector<ss::ClassInfo> classes(int64_t count);

}  // namespace cocostuff10k

#endif  // SSHOST_PLUGINS_COCOSTUFF10K_CLASSES_H
