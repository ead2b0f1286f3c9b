#ifndef SSHOST_ONNX_GRAPH_H
#define SSHOST_ONNX_GRAPH_H

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sshost::onnx {

using AttributeValue = std::variant<int64_t, double, std::string, std::vector<int64_t>>;
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;
using Names = std::vector<std::string>;

struct Node {
  std::string name;  // "head/Conv_3"
  std::string op;    // of ONNX's default domain
  Names inputs;      // empty: an optional one that is absent
  Names outputs;
  Attributes attributes;
};

struct Initializer {
  std::string name;
  at::Tensor data;
};

// A size of an input or an output: a number, or a name that stands for any.
using Dimension = std::variant<int64_t, std::string>;

struct Port {
  std::string name;
  at::ScalarType dtype = at::kFloat;
  std::vector<Dimension> dimensions;
};

// An ONNX graph of operator set kOperatorSet: each name is given before it is used. A node like one that is there is
// not added again.
class Graph {
 public:
  static constexpr int64_t kOperatorSet = 18;
  static constexpr int64_t kFormat = 8;  // IR version

  // Of what is added from now on: "head". It begins the names of nodes.
  void set_scope(std::string scope) { scope_ = std::move(scope); }

  void set_input(Port input) { input_ = std::move(input); }
  void set_output(Port output) { output_ = std::move(output); }

  // The name of a tensor with this data; `wish` is its name where that is free.
  std::string constant(const at::Tensor& data, const std::string& wish = "");
  std::string integers(const std::vector<int64_t>& values);  // int64 [values]
  std::string scalar(double value, at::ScalarType dtype);    // []

  // The names of its outputs.
  Names add(const std::string& op, Names inputs, Attributes attributes = {}, size_t outputs = 1);

  // Gives `name` to the result `of` a node, as the graph's output has to have its own.
  void rename_output(const std::string& of, const std::string& name);

  // Drops what nothing leads from to the output.
  void drop_unused();

  const Port& input() const { return input_; }
  const Port& output() const { return output_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<Initializer>& initializers() const { return initializers_; }

 private:
  std::string free_name(const std::string& wish);
  const Initializer* find_initializer(const std::string& name) const;

  std::string scope_;
  Port input_, output_;
  std::vector<Node> nodes_;
  std::vector<Initializer> initializers_;
  std::map<std::string, Names> alike_;            // outputs by op, inputs and attributes
  std::map<std::string, std::string> small_;      // small constants by dtype, sizes and bytes
  std::map<const void*, std::string> by_tensor_;  // others, by where they are
  std::vector<at::Tensor> kept_;                  // so that they stay there
  std::map<std::string, size_t> taken_;           // names, and how often they were wished for
};

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_GRAPH_H
