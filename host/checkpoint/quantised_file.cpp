#include "checkpoint/quantised_file.h"

#include <ATen/core/Tensor.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/foreign_json.h"
#include "base/printable.h"
#include "layer/kernel/int8_conv.h"

namespace sshost::checkpoint {
namespace {

using layer::kernel::Int8Weight;
using nlohmann::json;

constexpr const char* kScaleEnding = ".int8_scale";
constexpr size_t kMostBytes = 4 << 20;  // of JSON

std::string scale_of(const std::string& weight) { return weight + kScaleEnding; }

json to_json(const state::Codes& codes) { return {codes.scale, codes.zero_point}; }

json to_json(const state::Quantisation& quantisation) {
  json convs = json::object();
  for (const auto& [name, conv] : quantisation.convs) {
    convs[name] = {{"input", to_json(conv.input)}};
    if (conv.output) convs[name]["output"] = to_json(*conv.output);
  }
  return {{"precision", "int8"}, {"ranges", quantisation.ranges}, {"int8", convs}, {"float32", quantisation.kept}};
}

json parsed(const std::string& text, const std::string& name) try {
  return parse_foreign_json(text);
} catch (const Error& error) {
  throw Error(name + ": what it says of int8 is damaged: " + error.what());
}

state::Codes codes_from(const json& value, const std::string& name) {
  const state::Codes codes{value.at(0).get<double>(), value.at(1).get<int64_t>()};
  const bool is_sound = std::isfinite(codes.scale) && codes.scale > 1e-30 && codes.scale < 1e30;
  if (value.size() == 2 && is_sound && codes.zero_point >= 0 && codes.zero_point <= 255) return codes;
  throw Error(name + ": damaged: expected a scale and a zero point of 0 to 255, found " + shown(value));
}

state::Quantisation from_json(const json& value, const std::string& name) {
  state::Quantisation quantisation;
  for (const auto& [weight, conv] : value.at("int8").items()) {
    state::QuantisedConv& entry = quantisation.convs[weight];
    entry.input = codes_from(conv.at("input"), name);
    if (const auto output = conv.find("output"); output != conv.end()) entry.output = codes_from(*output, name);
  }
  value.at("float32").get_to(quantisation.kept);
  value.at("ranges").get_to(quantisation.ranges);
  return quantisation;
}

[[noreturn]] void refuse(const std::string& name, const std::string& weight, const std::string& found) {
  throw Error(name + ": damaged: expected \"" + printable_line(weight) + "\" in int8 with \"" +
              printable_line(scale_of(weight)) + "\", a float32 number for each output channel; found " + found);
}

at::Tensor restored(const TensorFile& file, const std::string& weight, const std::string& name) {
  const at::Tensor* values = file.find(weight);
  const at::Tensor* scales = file.find(scale_of(weight));
  if (values == nullptr || scales == nullptr) refuse(name, weight, values == nullptr ? "no weight" : "no scales");
  const bool fits = values->scalar_type() == at::kChar && scales->scalar_type() == at::kFloat && values->dim() > 0 &&
                    scales->dim() == 1 && scales->size(0) == values->size(0);
  if (!fits) {
    refuse(name, weight,
           c10::str(values->scalar_type(), " ", values->sizes(), " and ", scales->scalar_type(), " ", scales->sizes()));
  }
  return from_int8(Int8Weight{*values, *scales});
}

}  // namespace

std::string format_quantisation(const state::Quantisation& quantisation) { return to_json(quantisation).dump(); }

std::shared_ptr<const state::Quantisation> read_quantisation(const std::map<std::string, std::string>& metadata,
                                                             const std::string& name) {
  const auto found = metadata.find(kQuantisationKey);
  if (found == metadata.end()) return nullptr;
  if (found->second.size() > kMostBytes) throw Error(name + ": what it says of int8 is larger than any of sshost");
  try {
    return std::make_shared<const state::Quantisation>(from_json(parsed(found->second, name), name));
  } catch (const json::exception& error) {
    throw Error(name + ": what it says of int8 is damaged: " + error.what());
  }
}

void quantise(TensorFile& file) {
  const auto quantisation = read_quantisation(file.metadata, "int8");
  if (!quantisation) return;
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (auto& [name, tensor] : file.tensors) {
    if (!quantisation->convs.contains(name)) {
      tensors.emplace_back(name, tensor);
      continue;
    }
    const Int8Weight weight = layer::kernel::to_int8(tensor.detach().cpu());
    tensors.emplace_back(name, weight.values);
    tensors.emplace_back(scale_of(name), weight.scales);
  }
  file.tensors = std::move(tensors);
}

void dequantise(TensorFile& file, const std::string& name, const std::string& prefix) {
  const auto quantisation = read_quantisation(file.metadata, name);
  if (!quantisation) return;
  std::map<std::string, at::Tensor> weights;
  std::set<std::string> scales;
  for (const auto& [weight, conv] : quantisation->convs) {
    if (!weight.starts_with(prefix)) continue;
    const std::string own = weight.substr(prefix.size());
    weights.emplace(own, restored(file, own, name));
    scales.insert(scale_of(own));
  }
  std::erase_if(file.tensors, [&](const auto& entry) { return scales.contains(entry.first); });
  for (auto& [tensor_name, tensor] : file.tensors) {
    if (const auto weight = weights.find(tensor_name); weight != weights.end()) tensor = weight->second;
  }
}

void dequantise(TensorIndex& index, const std::string& name) {
  const auto quantisation = read_quantisation(index.metadata, name);
  if (!quantisation) return;
  std::set<std::string> scales;
  for (const auto& [weight, conv] : quantisation->convs) scales.insert(scale_of(weight));
  std::erase_if(index.tensors, [&](const StoredTensor& tensor) { return scales.contains(tensor.name); });
  for (StoredTensor& tensor : index.tensors) {
    if (quantisation->convs.contains(tensor.name)) tensor.type = ElementType::f32;
  }
}

}  // namespace sshost::checkpoint
