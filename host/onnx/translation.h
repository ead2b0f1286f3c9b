#ifndef SSHOST_ONNX_TRANSLATION_H
#define SSHOST_ONNX_TRANSLATION_H

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "onnx/graph.h"
#include "onnx/recording.h"
#include "onnx/size_expression.h"

namespace sshost::onnx {

// What an operator was called with has no counterpart. what() ends "<operator>: ", for people.
class Untranslatable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A size that is no function of sizes that are known: the graph cannot be for images of any size.
class UnknownSize : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A batch norm in inference: input * scale + shift for each channel. Float64 [channels].
struct Affine {
  at::Tensor scale;
  at::Tensor shift;
};

// A recording on its way to a graph, and the step that is being translated. Arguments are counted as in the operator's
// schema. Functions throw Untranslatable where an argument is not of the kind that is asked for.
class Translation {
 public:
  Translation(const Recording& recording, Graph& graph);

  // Translates every step that the output needs. Throws Error with all operators that have no mapping, or were called
  // with what has none, each with its caller; and UnknownSize.
  void run();

  // The name of the recording's output in the graph.
  std::string output() { return name_of(recording_.output()); }

  // The step's arguments.
  bool has(size_t argument) const;
  bool is_tensor(size_t argument) const;
  std::string tensor(size_t argument);
  Names tensors(size_t argument);          // of a list
  int64_t integer(size_t argument) const;  // the same in all forwards
  int64_t axis(size_t argument) const;     // of tensor 0, not negative
  std::vector<int64_t> integers(size_t argument) const;
  std::vector<int64_t> pair(size_t argument) const;  // two, also where one stands for both
  double real(size_t argument) const;
  bool flag(size_t argument) const;
  std::string text(size_t argument) const;
  Numbers number(size_t argument) const;  // in each forward
  std::vector<Numbers> numbers(size_t argument) const;
  size_t rank(size_t argument) const;
  at::ScalarType dtype(size_t argument) const;
  std::vector<Numbers> sizes(size_t argument) const;
  at::Tensor constant(size_t argument) const;  // undefined where it is none

  // Its results.
  size_t results() const { return step_->call.results.size(); }
  std::vector<Numbers> result_sizes(size_t result = 0) const;
  at::ScalarType result_dtype() const;
  void give(const std::string& name, size_t result = 0);

  // The batch norm of constants that alone takes the result, if there is one; it is then done with.
  std::optional<Affine> take_following_norm();
  std::string name_of_constant(size_t argument) const;  // "head.fuse.conv.weight"; may be empty

  // Nodes.
  Graph& graph() { return graph_; }
  std::string node(const std::string& op, Names inputs, Attributes attributes = {});
  std::string cast(const std::string& name, at::ScalarType from, at::ScalarType to);

  // The argument as a tensor of `dtype`, a number as well.
  std::string operand(size_t argument, at::ScalarType dtype);

  // int64 [1] and int64 [sizes].
  std::string size(const Numbers& numbers);
  std::string sizes(const std::vector<Numbers>& sizes);

  // `name`, of the sizes of argument 0, in the result's sizes: a reshape.
  std::string reshaped(const std::string& name);

  [[noreturn]] void refuse(const std::string& why) const;

 private:
  const Argument& argument(size_t index) const;
  ValueId id(size_t argument) const;
  std::string name_of(ValueId id);
  void find_needed();
  void translate(size_t index);
  void learn_sizes(const Step& step);
  std::vector<KnownSize> known_sizes() const;
  std::optional<SizeExpression> expression(const Numbers& numbers, std::vector<KnownSize>& known) const;
  std::string emit(const SizeExpression& expression);

  const Recording& recording_;
  Graph& graph_;
  const Step* step_ = nullptr;
  std::vector<std::string> names_;          // of values, empty until they are given
  std::vector<bool> needed_;                // steps
  std::vector<bool> done_;                  // steps
  std::vector<std::vector<size_t>> users_;  // needed steps that take a value, for each
  std::vector<KnownSize> known_;            // of all that is given, each only once
};

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_TRANSLATION_H
