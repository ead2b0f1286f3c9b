#include "recipes/comparison.h"

namespace sshost::recipes {
namespace {

struct Setting {
  const char* path;
  const char* why;
};

constexpr Setting kWithoutMeaning[] = {
    {"/act_cfg/inplace", "how a Python module uses memory; no result depends on it"},
    {"/dataloader/auto_adapt_to_expected_train_bs", "ours is the total batch from the start"},
    {"/dataloader/train/pin_memory", "how a Python loader copies to a GPU"},
    {"/dataloader/test/pin_memory", "how a Python loader copies to a GPU"},
    {"/inference/evaluate/metric_list", "every evaluation reports the IoU of each class and their mean"},
};

}  // namespace

void drop_what_has_no_meaning(Comparison& comparison) {
  for (const Setting& setting : kWithoutMeaning) comparison.without_meaning(setting.path, setting.why);
}

}  // namespace sshost::recipes
