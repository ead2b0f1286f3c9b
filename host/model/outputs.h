#ifndef SSHOST_MODEL_OUTPUTS_H
#define SSHOST_MODEL_OUTPUTS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "config/pipeline.h"
#include "data/sample.h"

namespace sshost::model {

// What the channels of a model's logits stand for, and what labels tell of them. A value.
//
// Exclusive: a pixel is one of the data set's classes, of which each has a channel; p is the softmax over them.
// Independent: each channel says by itself whether a pixel is of its class; p is its sigmoid. The data set may have a
// class that means "none of the others", the background: it has no channel.
class Outputs {
 public:
  // Exclusive ones of so many classes. Implicit: most models are such.
  Outputs(int64_t classes);

  // `classes` of the data set; `background` is one of them.
  static Outputs independent(int64_t classes, std::optional<int64_t> background = {});

  // Independent ones of a data set whose labels are sets of classes (data/label_set.h).
  static Outputs of_sets(int64_t classes);

  int64_t count() const { return static_cast<int64_t>(classes_.size()); }  // channels
  bool are_independent() const { return are_independent_; }

  // The number of the data set's class that a channel stands for, for each.
  const std::vector<int64_t>& classes() const { return classes_; }
  std::optional<int64_t> background() const { return background_; }

  // labels int64 [N, H, W], ignored outside the data set's labels. Exclusive: int64 [N, H, W], the channel or kIgnored
  // (labelled_pixels.h). Independent: int8 [N, channels, H, W], 1 or 0, or kIgnored.
  at::Tensor targets(const at::Tensor& labels) const;

  // Labels int64 [h, w] as pictures show them, a class for each pixel: of a set the class in `preferred` [h, w] where it
  // is in it, else the last one; -1 for none and for what is ignored.
  at::Tensor shown(const at::Tensor& labels, const at::Tensor& preferred) const;

  // logits [N, channels, h, w] -> the same shape.
  at::Tensor probabilities(const at::Tensor& logits) const;

 private:
  std::vector<int64_t> classes_;
  int64_t labels_;  // classes of the data set
  bool are_independent_ = false;
  bool labels_are_sets_ = false;
  std::optional<int64_t> background_;
};

// Of a model for this data set. Throws ValueError where `model.background` is none of its classes.
Outputs outputs_of(const config::ModelConfig& config, const data::DatasetInfo& info);

// The classes that have a channel, in the channels' order; `mirrored` is a channel too.
std::vector<data::Class> output_classes(const Outputs& outputs, const std::vector<data::Class>& classes);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_OUTPUTS_H
