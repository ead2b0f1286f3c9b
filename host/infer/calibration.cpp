#include "infer/calibration.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/ne.h>
#include <c10/util/intrusive_ptr.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "bridge/operand.h"

namespace sshost::infer {
namespace {

// Of the network's input for each of a map's: where there are more, the map is pooled to a few cells.
constexpr int64_t kInputOfCell = 64 * 64;

// Each image once, at the middle one of the scales.
config::EvaluateConfig at_one_scale(config::EvaluateConfig config) {
  config.scales = {config.scales[config.scales.size() / 2]};
  config.flip = false;
  config.precision = "float32";
  return config;
}

std::vector<ImageSize> own_sizes(const at::Tensor& images) {
  return std::vector<ImageSize>(static_cast<size_t>(images.size(0)), {images.size(2), images.size(3)});
}

}  // namespace

// What reads what, over all images. The maps of a forward are known by their tensors; over images a map is known by the
// convolution that gave it.
class Calibration::Graph final : public state::ConvWatch {
 public:
  Graph(const state::StateStore& store, int64_t image_channels, int64_t classes)
      : store_(store), image_channels_(image_channels), classes_(classes) {}

  void on_conv(const state::ConvCall& call) override {
    Node& node = nodes_[call.weight];
    for (const at::Tensor& input : call.inputs) {
      node.input.add(input);
      if (const auto producer = producer_of(input)) {
        unite(call.weight, *producer);
        nodes_[*producer].readers.insert(call.weight);
      } else if (input.size(1) == image_channels_) {
        node.reads_image = true;
        input_pixels_ = input.size(2) * input.size(3);
      }
    }
    if (call.residual.defined()) {
      if (const auto producer = producer_of(call.residual)) nodes_[*producer].readers.insert(call.weight);
    }
    node.output.add(call.output);
    node.channels = call.output.size(1);
    node.is_small = node.is_small || kInputOfCell * call.output.size(2) * call.output.size(3) <= input_pixels_;
    maps_.insert_or_assign(call.output.unsafeGetTensorImpl(), Map{call.weight, Weak(call.output.getIntrusivePtr())});
  }

  void on_operand(const at::Tensor& tensor) {
    if (const auto producer = producer_of(tensor)) nodes_[*producer].is_read_otherwise = true;
  }

  void end_forward() { maps_.clear(); }

  state::Quantisation quantisation(const RangeMethod& method, const std::map<std::string, std::string>& kept) const {
    if (nodes_.empty()) throw Error("no convolution of the model can run in int8: none was seen at work");
    state::Quantisation made{{}, kept, method.name};
    std::set<state::StateId> quantised;
    for (const auto& [weight, node] : nodes_) {
      const std::string& name = store_.entry(weight).name;
      if (const std::string why = reason_against(node); !why.empty()) made.kept.emplace(name, why);
      if (!made.kept.contains(name)) quantised.insert(weight);
    }
    const std::map<state::StateId, state::Codes> codes = codes_of_groups(method);
    for (const state::StateId weight : quantised) {
      state::QuantisedConv& conv = made.convs[store_.entry(weight).name];
      conv.input = codes.at(group_of(input_of(weight)));
      if (hands_on_codes(nodes_.at(weight), quantised)) conv.output = codes.at(group_of(output_of(weight)));
    }
    return made;
  }

 private:
  struct Node {
    ActivationRange input;
    ActivationRange output;
    std::set<state::StateId> readers = {};  // convolutions, of the output
    int64_t channels = 0;                   // of the output
    bool is_read_otherwise = false;
    bool reads_image = false;
    bool is_small = false;
  };
  using Weak = c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
  struct Map {
    state::StateId producer;
    Weak address;  // so that no later map has it
  };

  // Maps are the inputs and the outputs of convolutions; those that are the same, or concatenated, form a group.
  static state::StateId input_of(state::StateId weight) { return 2 * weight; }
  static state::StateId output_of(state::StateId weight) { return 2 * weight + 1; }

  state::StateId group_of(state::StateId map) const {
    auto found = parents_.find(map);
    while (found != parents_.end()) {
      map = found->second;
      found = parents_.find(map);
    }
    return map;
  }

  void unite(state::StateId reader, state::StateId producer) {
    const state::StateId one = group_of(input_of(reader));
    const state::StateId other = group_of(output_of(producer));
    if (one != other) parents_.emplace(one, other);
  }

  std::optional<state::StateId> producer_of(const at::Tensor& tensor) const {
    const auto found = maps_.find(tensor.unsafeGetTensorImpl());
    return found == maps_.end() ? std::nullopt : std::optional(found->second.producer);
  }

  std::string reason_against(const Node& node) const {
    if (node.reads_image) return "it reads the image";
    if (node.channels == classes_ && node.readers.empty()) return "it gives the scores of the classes";
    if (node.is_small) return "its map has a few cells";
    return {};
  }

  static bool hands_on_codes(const Node& node, const std::set<state::StateId>& quantised) {
    const bool all = std::all_of(node.readers.begin(), node.readers.end(),
                                 [&](state::StateId reader) { return quantised.contains(reader); });
    return all && !node.readers.empty() && !node.is_read_otherwise;
  }

  std::map<state::StateId, state::Codes> codes_of_groups(const RangeMethod& method) const {
    std::map<state::StateId, ActivationRange> ranges;
    for (const auto& [weight, node] : nodes_) {
      ranges[group_of(input_of(weight))].add(node.input);
      ranges[group_of(output_of(weight))].add(node.output);
    }
    std::map<state::StateId, state::Codes> codes;
    for (const auto& [group, range] : ranges) codes.emplace(group, range.codes(method));
    return codes;
  }

  const state::StateStore& store_;
  int64_t image_channels_;
  int64_t classes_;
  int64_t input_pixels_ = 0;                          // of the network, of this forward
  std::map<state::StateId, Node> nodes_;              // by weight
  std::map<state::StateId, state::StateId> parents_;  // of groups
  std::map<const c10::TensorImpl*, Map> maps_;        // of this forward
};

Calibration::Calibration(const model::Segmentor& segmentor, state::StateStore& store,
                         const std::vector<data::Class>& classes, const config::EvaluateConfig& config)
    : graph_(std::make_unique<Graph>(store, segmentor.in_channels(), segmentor.classes())),
      inference_(segmentor, store, classes, at_one_scale(config)) {
  inference_.watch_convs(graph_.get());
}

Calibration::~Calibration() = default;

void Calibration::add(const at::Tensor& images) {
  struct Operands final : bridge::OperandWatch {
    explicit Operands(Graph& to) : graph(to) {}
    void on_operand(const at::Tensor& tensor) override { graph.on_operand(tensor); }
    Graph& graph;
  } operands(*graph_);
  inference_.run(images, own_sizes(images), [](int64_t, const Scores&) {});
  graph_->end_forward();
}

state::Quantisation Calibration::quantisation(const RangeMethod& method,
                                              const std::map<std::string, std::string>& kept) const {
  return graph_->quantisation(method, kept);
}

std::map<std::string, double> sensitivities(const model::Segmentor& segmentor, state::StateStore& store,
                                            const std::vector<data::Class>& classes,
                                            const config::EvaluateConfig& config,
                                            const state::Quantisation& quantisation, const at::Tensor& images,
                                            const std::function<void(size_t done)>& tell) {
  config::EvaluateConfig once = at_one_scale(config);
  once.precision.reset();
  state::Prepared prepared;  // a convolution's int8 weights are the same with others in float32
  const auto classes_of = [&] {
    std::vector<at::Tensor> found;
    Inference inference(segmentor, store, classes, once, &prepared);
    inference.run(images, own_sizes(images),
                  [&](int64_t, const Scores& scores) { found.push_back(inference.decide(scores).classes); });
    return found;
  };
  store.quantise(nullptr);
  const std::vector<at::Tensor> expected = classes_of();
  std::map<std::string, double> shares;
  for (const auto& [name, conv] : quantisation.convs) {
    auto alone = std::make_shared<state::Quantisation>();
    alone->convs[name] = {conv.input, {}};
    store.quantise(std::move(alone));
    const std::vector<at::Tensor> found = classes_of();
    double changed = 0;
    for (size_t i = 0; i < found.size(); ++i) changed += found[i].ne(expected[i]).to(at::kDouble).mean().item<double>();
    shares[name] = changed / static_cast<double>(found.size());
    tell(shares.size());
  }
  store.quantise(nullptr);
  return shares;
}

}  // namespace sshost::infer
