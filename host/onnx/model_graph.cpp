#include "onnx/model_graph.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/rand.h>

#include <array>
#include <utility>
#include <vector>

#include "base/error.h"
#include "onnx/recorder.h"
#include "onnx/recording.h"
#include "onnx/translation.h"
#include "state/generator.h"

namespace sshost::onnx {
namespace {

struct BatchSize {
  int64_t images;
  infer::ImageSize size;
};

// Note [Sizes] of recording.cpp. The first are one to three above a multiple of 32, so that each stage of a network
// halves an odd size and each window and patch needs padding; then come whole ones, of windows of 7, 8 and 12 at most
// stages; and one at which a window of 12 is not the whole of the coarsest map.
constexpr std::array<BatchSize, 6> kSizes = {
    {{2, {129, 225}}, {3, {162, 130}}, {2, {259, 163}}, {1, {224, 192}}, {1, {192, 224}}, {1, {450, 421}}}};

std::vector<BatchSize> batches_of(infer::ImageSize size) { return {{2, size}, {3, size}, {1, size}}; }

at::Tensor noise(const ExportedForward& forward, const BatchSize& batch, uint64_t seed) {
  const std::array<int64_t, 4> sizes = {batch.images, forward.segmentor().in_channels(), batch.size.height,
                                        batch.size.width};
  const at::Tensor image = at::rand(sizes, state::make_generator(at::kCPU, seed), at::kFloat);
  return forward.options().normalisation ? (image * 255).to(forward.image_dtype()) : image * 4 - 2;
}

std::string result_name(Result result) {
  switch (result) {
    case Result::kLogits:
      return "logits";
    case Result::kProbabilities:
      return "probabilities";
    default:
      return "classes";
  }
}

Port output_of(const ExportedForward& forward, const std::vector<Dimension>& plane) {
  Port output{result_name(forward.options().result), forward.result_dtype(), {std::string("batch")}};
  if (forward.options().result != Result::kClasses) output.dimensions.emplace_back(forward.segmentor().classes());
  output.dimensions.insert(output.dimensions.end(), plane.begin(), plane.end());
  return output;
}

Graph graph_of(const ExportedForward& forward, state::ExecutionContext& context, const std::vector<BatchSize>& batches,
               const std::vector<Dimension>& plane) {
  std::vector<Trace> traces;
  for (const BatchSize& batch : batches) {
    traces.push_back(record(context, noise(forward, batch, traces.size()), forward));
  }
  const Recording recording(std::move(traces));
  Graph graph;
  graph.set_input(
      {"image", forward.image_dtype(), {std::string("batch"), forward.segmentor().in_channels(), plane[0], plane[1]}});
  graph.set_output(output_of(forward, plane));
  Translation translation(recording, graph);
  translation.run();
  graph.set_scope("host");
  graph.rename_output(graph.add("Identity", {translation.output()}).front(), graph.output().name);
  graph.drop_unused();
  return graph;
}

Graph graph_of(const ExportedForward& forward, state::ExecutionContext& context, infer::ImageSize size) {
  try {
    return graph_of(forward, context, batches_of(size), {size.height, size.width});
  } catch (const NotAlike& error) {
    throw Error(
        std::string("what the model does changes with the number of images or at random, which a graph cannot: ") +
        error.what());
  } catch (const UnknownSize& error) {
    throw Error(std::string("a size changes with the number of images in a way that is not understood: ") +
                error.what());
  }
}

}  // namespace

ModelGraph make_graph(const ExportedForward& forward, state::ExecutionContext& context,
                      const std::optional<infer::ImageSize>& size, infer::ImageSize otherwise) {
  if (size) return {graph_of(forward, context, *size), size, ""};
  std::string why;
  try {
    const std::vector<Dimension> any = {std::string("height"), std::string("width")};
    return {graph_of(forward, context, {kSizes.begin(), kSizes.end()}, any), {}, ""};
  } catch (const NotAlike& error) {
    why = error.what();
  } catch (const UnknownSize& error) {
    why = error.what();
  }
  return {graph_of(forward, context, otherwise), otherwise, why};
}

}  // namespace sshost::onnx
