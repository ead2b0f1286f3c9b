#ifndef SSHOST_MODEL_LOSS_TYPE_H
#define SSHOST_MODEL_LOSS_TYPE_H

#include <ATen/core/Tensor.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "config/host_type.h"
#include "config/section.h"
#include "model/labelled_pixels.h"

// A loss is a file with a function that gives its LossType: the file <name>.cpp in loss/, which is listed in
// CMakeLists.txt, has the function <name>_loss.
namespace sshost::model {

// A loss before it is divided (losses.h): a scalar with its gradient. Pixels that are ignored count nothing; 0 where there
// is no other. `class_weights` [outputs], in the logits' dtype and on their device; undefined: all are 1.
struct LossFunction {
  std::function<at::Tensor(const LabelledPixels& pixels, const at::Tensor& class_weights)> compute;
  bool is_sum_over_pixels = false;  // each with its weight; else it is a mean already
};

struct LossType {
  config::HostType host;
  // `options` are complete by the schema. An option whose name ends in "_weights" has a number for each output, or is
  // null.
  LossFunction (*make)(const ss_options_object& options, bool independent);
};

// All of them, in the order of CMakeLists.txt; the first is what an empty name means.
std::span<const LossType* const> loss_types();

// What every loss has.
struct LossOptions {
  double weight = 1;
  std::vector<double> class_weights;  // one for each output; empty: all are 1
};

template <typename Options>
config::Key<Options> weight_key() {
  return {config::key("weight", "multiplies the loss").at_least(0), &LossOptions::weight};
}

// `of_what` a class weighs: kWeighedPixels or kWeighedClasses.
template <typename Options>
config::Key<Options> class_weights_key(const std::string& of_what) {
  return {config::key("class_weights", of_what + ", in the data set's order; null: all count the same")
              .list(1)
              .nullable()
              .at_least(0),
          &LossOptions::class_weights};
}

inline constexpr const char* kWeighedPixels = "of the pixels of each class";
inline constexpr const char* kWeighedClasses = "of each class in the mean";

}  // namespace sshost::model

#endif  // SSHOST_MODEL_LOSS_TYPE_H
