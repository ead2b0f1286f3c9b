// onnx_samples FOLDER [RECIPE]...: exports published recipes with weights drawn from a seed, small ones of the large
// backbones, and writes beside each graph some batches of images and the logits that sshost infers for them. check.py
// compares what other programs make of the graphs.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "infer/inference.h"
#include "onnx/exported_forward.h"
#include "onnx/model_file.h"
#include "onnx/model_graph.h"
#include "output/npy_file.h"
#include "run/model.h"
#include "run/model_classes.h"
#include "run/session.h"
#include "state/generator.h"

namespace sshost::onnx {
namespace {

namespace fs = std::filesystem;

struct Recipe {
  const char* folder;
  const char* name;
  std::vector<std::string> overrides = {};
};

// Each backbone, head and memory once.
const std::vector<Recipe> kRecipes = {
    {"fcn", "fcn_resnet50os8_voc"},
    {"pspnet", "pspnet_resnet50os16_ade20k"},
    {"deeplabv3", "deeplabv3_resnet50os8_cityscapes"},
    {"ocrnet", "ocrnet_hrnetv2w18s_cityscapes"},
    {"mcibi", "mcibi_deeplabv3_resnest101os8_lip", {"model.backbone.depth=50"}},
    {"mcibi",
     "mcibi_deeplabv3_vitlarge_ade20k",
     {"model.backbone.variant=tiny", "model.backbone.layers=[2, 5, 8, 11]"}},
    {"mcibi", "mcibi_deeplabv3_hrnetv2w48_cocostuff10k", {"model.backbone.variant=w18-small"}},
    {"mcibiplusplus", "mcibiplusplus_ppm_resnet50os8_ade20k"},
    {"mcibiplusplus", "mcibiplusplus_upernet_swinlarge_lip", {"model.backbone.variant=tiny"}},
    {"mcibiplusplus", "mcibiplusplus_upernet_resnet50os8_voc"},
};

constexpr int64_t kSizes[2][2] = {{161, 195}, {192, 256}};
constexpr int64_t kBatches[2] = {1, 3};

// What training leaves that initial values have not: statistics, and memories.
void draw_statistics(state::StateStore& store) {
  at::Generator generator = at::detail::createCPUGenerator(1);
  for (const state::StateEntry& entry : store) {
    if (entry.trainable || !entry.value.is_floating_point()) continue;
    const bool is_variance = entry.name.ends_with("running_var");
    const at::Tensor drawn = is_variance ? at::rand(entry.value.sizes(), generator, at::kFloat).add_(0.5)
                                         : at::randn(entry.value.sizes(), generator, at::kFloat).mul_(0.3);
    store.assign(entry.name, entry.name.ends_with("memory") ? drawn.abs() : drawn);
  }
}

config::EvaluateConfig one_view(config::EvaluateConfig config) {
  config.scales = {1.0};
  config.flip = false;
  config.slide.reset();
  config.average_probabilities = false;
  return config;
}

at::Tensor logits_of(infer::Inference& inference, const at::Tensor& images) {
  std::vector<at::Tensor> logits(static_cast<size_t>(images.size(0)));
  const std::vector<infer::ImageSize> sizes(logits.size(), {images.size(2), images.size(3)});
  inference.run(images, sizes, [&](int64_t n, const infer::Scores& scores) {
    logits[static_cast<size_t>(n)] = scores.tensor().clone();
  });
  return at::cat(logits, 0);
}

void write_cases(const fs::path& folder, infer::Inference& inference, int64_t channels) {
  for (const auto& [height, width] : kSizes) {
    for (const int64_t batch : kBatches) {
      const std::string name = std::to_string(height) + "x" + std::to_string(width) + "x" + std::to_string(batch);
      const at::Tensor images = at::randn({batch, channels, height, width}, state::make_generator(at::kCPU, 7));
      output::write_npy(folder / (name + ".image.npy"), images);
      output::write_npy(folder / (name + ".logits.npy"), logits_of(inference, images));
    }
  }
}

void write_sample(const Recipe& recipe, const fs::path& folder) {
  const fs::path pipeline =
      fs::path(SSHOST_SOURCE_DIR) / "configs" / recipe.folder / (std::string(recipe.name) + ".yaml");
  const run::Session session = run::open_session(pipeline, recipe.overrides, [](ss_log_level, std::string_view) {});
  const data::DatasetInfo dataset = run::model_classes(session);
  const auto model = run::build_model(session, static_cast<int64_t>(dataset.classes.size()));
  draw_statistics(model->store);
  const config::EvaluateConfig config = one_view(session.pipeline.evaluate);
  fs::create_directories(folder);

  state::ExecutionContext context(model->store, state::make_generator(at::kCPU, 0));
  const ExportedForward forward(*model->segmentor, context, config, {});
  const ModelGraph made = make_graph(forward, context, {}, {kSizes[0][0], kSizes[0][1]});
  if (made.size) throw Error(std::string(recipe.name) + ": height and width are fixed: " + made.why_fixed);
  write_model(folder / "model.onnx", made.graph, {"test", recipe.name, {}});

  infer::Inference inference(*model->segmentor, model->store, dataset.classes, config);
  write_cases(folder, inference, session.pipeline.data.channels);
  std::printf("%s: %zu nodes\n", recipe.name, made.graph.nodes().size());
  std::fflush(stdout);
}

bool is_chosen(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace
}  // namespace sshost::onnx

int main(int count, char** arguments) {
  using namespace sshost::onnx;
  setenv("SSHOST_PLUGIN_PATH", SSHOST_PLUGIN_DIR, 1);
  if (count < 2) {
    std::fprintf(stderr, "usage: onnx_samples FOLDER [RECIPE]...\n");
    return 2;
  }
  const std::vector<std::string> names(arguments + 2, arguments + count);
  try {
    for (const Recipe& recipe : kRecipes) {
      if (is_chosen(names, recipe.name)) write_sample(recipe, fs::path(arguments[1]) / recipe.name);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
