#ifndef SSHOST_ONNX_RECORDING_H
#define SSHOST_ONNX_RECORDING_H

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "onnx/trace.h"

namespace sshost::onnx {

// A number as it was in each of several forwards of images of different sizes: what differs depends on the image's
// size.
using Numbers = std::vector<int64_t>;

bool is_constant(const Numbers& numbers);

// Forwards that did not do the same. what() says where they part, for people.
class NotAlike : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One operator of a forward, in all of them.
struct Step {
  Call call;                                     // as the first forward has it
  std::vector<std::vector<Argument>> arguments;  // of each forward
};

// Several forwards of one model as one. See Note [Sizes].
class Recording {
 public:
  // Lays the later traces over the first one. What a trace leaves out because it would change nothing at its sizes (a
  // padding by 0, a resizing to the same size) may be missing in it. Throws NotAlike.
  explicit Recording(std::vector<Trace> traces);

  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<Call>& hidden_writes() const { return traces_[0].hidden_writes; }
  size_t forwards() const { return traces_.size(); }
  ValueId image() const { return traces_[0].image; }
  ValueId output() const { return traces_[0].output; }

  // By the ids of the first trace.
  const Value& value(ValueId id) const { return traces_[0].values[id]; }
  Numbers size(ValueId id, size_t axis) const;
  std::vector<Numbers> sizes(ValueId id) const;

  // Its data is the same whatever the image: made before the forward, or computed from what is.
  bool is_constant(ValueId id) const { return constant_[id]; }

  // The data of a constant. Throws NotAlike where it differs from one forward to the next, as of random numbers.
  const at::Tensor& data(ValueId id) const;

 private:
  void lay_over(size_t forward);
  bool bind(size_t forward, ValueId id, ValueId its);
  bool match(size_t forward, const Step& step, const Call& call);
  bool match_argument(size_t forward, const Argument& argument, const Argument& its);
  bool skip(size_t forward, Step& step);
  void find_constants();
  bool is_constant_step(const Step& step) const;

  std::vector<Trace> traces_;
  std::vector<Step> steps_;
  std::vector<std::vector<ptrdiff_t>> ids_;  // of each trace: its id for each of the first one's, or -1
  std::vector<bool> constant_;
};

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_RECORDING_H
