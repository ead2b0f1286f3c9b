#ifndef SSHOST_TESTS_ONNX_WELL_FORMED_H
#define SSHOST_TESTS_ONNX_WELL_FORMED_H

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "onnx/graph.h"

namespace sshost::onnx {

// What is wrong with a graph, a line each: names that are used before they are given, or given twice; weights that
// nothing uses; an output that nothing gives.
inline std::vector<std::string> faults_of(const Graph& graph) {
  std::vector<std::string> faults;
  std::set<std::string> given{graph.input().name}, used;
  const auto give = [&](const std::string& name) {
    if (!given.insert(name).second) faults.push_back(name + " is given twice");
  };
  for (const Initializer& initializer : graph.initializers()) give(initializer.name);
  for (const Node& node : graph.nodes()) {
    for (const std::string& input : node.inputs) {
      if (!input.empty() && !given.contains(input)) faults.push_back(input + " is used before it is given");
      used.insert(input);
    }
    for (const std::string& output : node.outputs) give(output);
  }
  for (const Initializer& initializer : graph.initializers()) {
    if (!used.contains(initializer.name)) faults.push_back(initializer.name + " is not used");
  }
  if (!given.contains(graph.output().name)) faults.push_back(graph.output().name + " is not given");
  return faults;
}

inline size_t count_of(const Graph& graph, const std::string& op) {
  return static_cast<size_t>(
      std::count_if(graph.nodes().begin(), graph.nodes().end(), [&](const Node& node) { return node.op == op; }));
}

}  // namespace sshost::onnx

#endif  // SSHOST_TESTS_ONNX_WELL_FORMED_H
