#include "onnx/graph.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace sshost::onnx {
namespace {

constexpr int64_t kSmall = 256;  // elements

std::string key_of(const at::Tensor& data) {
  std::ostringstream key;
  key << c10::toString(data.scalar_type()) << c10::str(data.sizes());
  key.write(static_cast<const char*>(data.const_data_ptr()), static_cast<std::streamsize>(data.nbytes()));
  return std::move(key).str();
}

struct KeyWriter {
  std::ostringstream& key;
  void operator()(int64_t value) const { key << value; }
  void operator()(double value) const { key << std::hexfloat << value << std::defaultfloat; }
  void operator()(const std::string& value) const { key << value; }
  void operator()(const std::vector<int64_t>& values) const {
    for (const int64_t value : values) key << value << ',';
  }
};

bool is_like(const at::Tensor& one, const at::Tensor& other) {
  return one.scalar_type() == other.scalar_type() && one.sizes() == other.sizes() && at::equal(one, other);
}

std::string key_of(const std::string& op, const Names& inputs, const Attributes& attributes, size_t outputs) {
  std::ostringstream key;
  key << op << ' ' << outputs;
  for (const std::string& input : inputs) key << '\n' << input;
  for (const auto& [name, value] : attributes) {
    key << "\n=" << name << ' ';
    std::visit(KeyWriter{key}, value);
  }
  return std::move(key).str();
}

}  // namespace

std::string Graph::free_name(const std::string& wish) {
  std::string name = wish;
  while (!taken_.emplace(name, 0).second) name = wish + "_" + std::to_string(++taken_[wish]);
  return name;
}

std::string Graph::constant(const at::Tensor& data, const std::string& wish) {
  const at::Tensor plain = data.detach().cpu().contiguous();
  if (const Initializer* named = find_initializer(wish); named != nullptr && is_like(named->data, plain)) return wish;
  std::string& known = plain.numel() <= kSmall ? small_[key_of(plain)] : by_tensor_[data.unsafeGetTensorImpl()];
  if (!known.empty()) return known;
  known = free_name(wish.empty() ? scope_ + "/constant" : wish);
  initializers_.push_back({known, plain});
  if (plain.numel() > kSmall) kept_.push_back(data);
  return known;
}

const Initializer* Graph::find_initializer(const std::string& name) const {
  const auto found = std::find_if(initializers_.begin(), initializers_.end(),
                                  [&](const Initializer& each) { return each.name == name; });
  return found == initializers_.end() ? nullptr : &*found;
}

std::string Graph::integers(const std::vector<int64_t>& values) { return constant(at::tensor(values, at::kLong)); }

std::string Graph::scalar(double value, at::ScalarType dtype) { return constant(at::scalar_tensor(value, dtype)); }

Names Graph::add(const std::string& op, Names inputs, Attributes attributes, size_t outputs) {
  Names& known = alike_[key_of(op, inputs, attributes, outputs)];
  if (!known.empty()) return known;
  Node node{free_name(scope_ + "/" + op), op, std::move(inputs), {}, std::move(attributes)};
  for (size_t i = 0; i < outputs; ++i) node.outputs.push_back(free_name(node.name + ":" + std::to_string(i)));
  known = node.outputs;
  nodes_.push_back(std::move(node));
  return known;
}

void Graph::rename_output(const std::string& of, const std::string& name) {
  const auto rename = [&](Names& names) { std::replace(names.begin(), names.end(), of, name); };
  for (Node& node : nodes_) {
    rename(node.inputs);
    rename(node.outputs);
  }
}

void Graph::drop_unused() {
  std::set<std::string> used{output_.name};
  std::vector<Node> kept;
  for (auto node = nodes_.rbegin(); node != nodes_.rend(); ++node) {
    const bool is_used =
        std::any_of(node->outputs.begin(), node->outputs.end(), [&](const auto& name) { return used.contains(name); });
    if (!is_used) continue;
    used.insert(node->inputs.begin(), node->inputs.end());
    kept.push_back(std::move(*node));
  }
  std::reverse(kept.begin(), kept.end());
  nodes_ = std::move(kept);
  std::erase_if(initializers_, [&](const Initializer& each) { return !used.contains(each.name); });
}

}  // namespace sshost::onnx
