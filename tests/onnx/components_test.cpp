// Every backbone, head and memory that comes with sshost has a graph for images of any size.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "onnx/model_graph.h"
#include "onnx/well_formed.h"
#include "run/model.h"
#include "run/session.h"
#include "state/generator.h"

namespace sshost::onnx {
namespace {

using testing::IsEmpty;

struct Case {
  const char* name;
  const char* model;
};

class Components : public testing::TestWithParam<Case> {
 protected:
  Components() {
    setenv("SSHOST_PLUGIN_PATH", SSHOST_PLUGIN_DIR, 1);
    const std::string yaml =
        "data: {dataset: {type: synthetic, classes: 3}}\nrun: [evaluate]\nmodel:\n" + std::string(GetParam().model);
    session_ = run::open_session_text(yaml, "test", {}, [](ss_log_level, std::string_view) {});
    model_ = run::build_model(*session_, 3);
  }

  ModelGraph graph(const ForwardOptions& options = {}, std::optional<infer::ImageSize> size = {}) {
    state::ExecutionContext context(model_->store, state::make_generator(at::kCPU, 0));
    const ExportedForward forward(*model_->segmentor, context, session_->pipeline.evaluate, options);
    return make_graph(forward, context, size, {64, 64});
  }

  std::optional<run::Session> session_;
  std::unique_ptr<run::Model> model_;
};

TEST_P(Components, HaveAGraphForImagesOfAnySize) {
  const ModelGraph made = graph();
  EXPECT_EQ(made.why_fixed, "");
  EXPECT_THAT(faults_of(made.graph), IsEmpty());
  EXPECT_EQ(count_of(made.graph, "BatchNormalization"), 0U) << "all of them follow a convolution alone";
}

TEST_P(Components, HaveAGraphForImagesOfOneSize) {
  const ModelGraph made = graph({Result::kClasses, {}}, infer::ImageSize{64, 96});
  EXPECT_THAT(faults_of(made.graph), IsEmpty());
  EXPECT_EQ(made.graph.input().dimensions.back(), Dimension(int64_t{96}));
  EXPECT_EQ(made.graph.input().dimensions.front(), Dimension(std::string("batch")));
}

constexpr Case kCases[] = {
    {"Independent",
     "  outputs: independent\n  loss: [{type: bce}]\n"
     "  backbone: {type: resnet, depth: 18, output_stride: 8}\n"
     "  head: {type: fcn, channels: 8}\n"},
    {"ResnetPsp",
     "  backbone: {type: resnet, depth: 18, output_stride: 8}\n"
     "  head: {type: psp, channels: 8}\n"},
    {"ResnestFcn",
     "  backbone: {type: resnest, depth: 50, output_stride: 8, stem_width: 8}\n"
     "  head: {type: fcn, channels: 8}\n"},
    {"HrnetOcr",
     "  backbone: {type: hrnet, variant: w18-small}\n"
     "  head: {type: ocr, channels: 8, transform_channels: 4}\n"
     "  auxiliary: [{type: fcn, feature: -1, channels: 8}]\n"},
    {"VitMcibiAspp",
     "  backbone: {type: vit, channels: 16, heads: 2, depth: 2, layers: [0, 1], image_size: "
     "{height: 128, width: 128}}\n"
     "  head: {type: aspp, channels: 8, dilations: [1, 6]}\n"
     "  memory: {type: mcibi, channels: 8, transform_channels: 4}\n"},
    {"SwinMcibiplusplusUpernet",
     "  backbone: {type: swin, channels: 8, depths: [2, 2, 2, 2], heads: [1, 2, 2, 4]}\n"
     "  head: {type: upernet, channels: 8}\n"
     "  memory: {type: mcibiplusplus, channels: 8, transform_channels: 4}\n"},
};

INSTANTIATE_TEST_SUITE_P(Onnx, Components, testing::ValuesIn(kCases),
                         [](const testing::TestParamInfo<Case>& test) { return std::string(test.param.name); });

class Ends : public Components {};

TEST_P(Ends, NormalisingTakesPixelsAsTheyAreStored) {
  const ModelGraph made = graph({Result::kProbabilities, Normalisation{{1, 2, 3}, {4, 5, 6}, at::kByte}});
  EXPECT_EQ(made.graph.input().dtype, at::kByte);
  EXPECT_EQ(made.graph.output().name, "probabilities");
  EXPECT_EQ(made.graph.nodes().front().op, "Cast");
  EXPECT_EQ(made.graph.nodes().front().inputs, Names{"image"});
}

TEST_P(Ends, ClassesAreNumbers) {
  const ModelGraph made = graph({Result::kClasses, {}});
  EXPECT_EQ(made.graph.output().dtype, at::kLong);
  EXPECT_EQ(made.graph.output().dimensions.size(), 3U);
  EXPECT_EQ(count_of(made.graph, "ArgMax"), 1U);
}

INSTANTIATE_TEST_SUITE_P(Onnx, Ends, testing::Values(kCases[0], kCases[1]),
                         [](const testing::TestParamInfo<Case>& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace sshost::onnx
