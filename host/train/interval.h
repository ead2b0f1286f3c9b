#ifndef SSHOST_TRAIN_INTERVAL_H
#define SSHOST_TRAIN_INTERVAL_H

#include <cstdint>

namespace sshost::train {

// How often something is due in a training: each time so many batches more have gone by, in steps of one batch or
// several. A step in which an epoch ends counts for that epoch, wherever in the step it ends.
class Interval {
 public:
  // Every so many steps; 0: never.
  static Interval of_steps(int64_t steps) { return {steps, 1}; }

  // Every so many epochs of so many batches, of which a step takes several.
  static Interval of_epochs(int64_t epochs, int64_t batches_of_epoch, int64_t batches_of_step) {
    return {epochs * batches_of_epoch, batches_of_step};
  }

  // After `step` steps, from 1 on.
  bool is_due(int64_t step) const { return batches_ > 0 && step > 0 && times_until(step) > times_until(step - 1); }

 private:
  Interval(int64_t batches, int64_t batches_of_step) : batches_(batches), batches_of_step_(batches_of_step) {}

  int64_t times_until(int64_t step) const { return step * batches_of_step_ / batches_; }

  int64_t batches_;  // between two times
  int64_t batches_of_step_;
};

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_INTERVAL_H
