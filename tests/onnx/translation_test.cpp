// Small forwards, recorded and translated.
#include "onnx/translation.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "onnx/recorder.h"
#include "onnx/well_formed.h"
#include "state/generator.h"
#include "temp_folder.h"

namespace sshost::onnx {
namespace {

using test::message_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class OnnxTranslation : public testing::Test {
 protected:
  Recording recorded(const Forward& forward) {
    state::ExecutionContext context(store_, state::make_generator(at::kCPU, 0));
    std::vector<Trace> traces;
    for (const auto& [images, height, width] :
         {std::array<int64_t, 3>{2, 33, 57}, {3, 42, 34}, {1, 67, 43}, {2, 56, 48}}) {
      traces.push_back(record(context, at::randn({images, 3, height, width}), forward));
    }
    return Recording(std::move(traces));
  }

  Graph translated(const Forward& forward) {
    const Recording recording = recorded(forward);
    Graph graph;
    graph.set_input({"image", at::kFloat, {std::string("batch"), int64_t{3}, std::string("h"), std::string("w")}});
    graph.set_output({"logits", at::kFloat, {}});
    Translation translation(recording, graph);
    translation.run();
    graph.rename_output(graph.add("Identity", {translation.output()}).front(), "logits");
    graph.drop_unused();
    EXPECT_THAT(faults_of(graph), IsEmpty());
    return graph;
  }

  const Node* node_of(const Graph& graph, const std::string& op) const {
    for (const Node& node : graph.nodes()) {
      if (node.op == op) return &node;
    }
    return nullptr;
  }

  state::StateStore store_;
};

TEST_F(OnnxTranslation, OnlyTheOutermostOperatorsAreSeen) {
  const Recording recording = recorded([](const at::Tensor& image) { return at::softmax(image, 1); });
  ASSERT_EQ(recording.steps().size(), 1U);
  EXPECT_EQ(recording.steps()[0].call.name, "aten::softmax.int");
}

TEST_F(OnnxTranslation, WhatDoesNotDependOnTheImageIsAWeight) {
  const at::Tensor weight = at::randn({3, 4});
  const Graph graph = translated([&](const at::Tensor& image) {
    return at::matmul(image.permute({0, 2, 3, 1}), (weight * 2).softmax(0));
  });
  EXPECT_EQ(count_of(graph, "Softmax") + count_of(graph, "Mul"), 0U);
  ASSERT_EQ(graph.initializers().size(), 1U);
  EXPECT_TRUE(at::equal(graph.initializers()[0].data, (weight * 2).softmax(0)));
}

TEST_F(OnnxTranslation, AParameterKeepsItsName) {
  store_.add({"head.scale", at::randn({3, 1, 1}), true, true});
  const Graph graph = translated([&](const at::Tensor& image) { return image * store_.value(0); });
  ASSERT_EQ(graph.initializers().size(), 1U);
  EXPECT_EQ(graph.initializers()[0].name, "head.scale");
}

TEST_F(OnnxTranslation, ABatchNormOfConstantsIsFoldedIntoTheConvolutionBeforeIt) {
  const at::Tensor weight = at::randn({4, 3, 3, 3}), scale = at::rand({4}) + 0.5, shift = at::randn({4});
  const at::Tensor mean = at::randn({4}), variance = at::rand({4}) + 0.5;
  const auto norm = [&](const at::Tensor& x) {
    return at::batch_norm(x, scale, shift, mean, variance, false, 0.1, 1e-5, false);
  };
  const Graph graph = translated([&](const at::Tensor& image) { return norm(at::conv2d(image, weight)).relu_(); });
  EXPECT_EQ(count_of(graph, "BatchNormalization"), 0U);
  ASSERT_EQ(graph.initializers().size(), 2U);
  const at::Tensor image = at::randn({1, 3, 9, 9});
  const at::Tensor& folded = graph.initializers()[0].data;
  EXPECT_TRUE(at::allclose(at::conv2d(image, folded, graph.initializers()[1].data), norm(at::conv2d(image, weight)),
                           1e-4, 1e-5));
  EXPECT_EQ(count_of(graph, "Relu"), 1U);
}

TEST_F(OnnxTranslation, ANormOfAConvolutionThatOthersReadStays) {
  const at::Tensor weight = at::randn({4, 3, 1, 1}), ones = at::ones({4});
  const Graph graph = translated([&](const at::Tensor& image) {
    const at::Tensor x = at::conv2d(image, weight);
    return x + at::batch_norm(x, ones, ones, ones, ones, false, 0.1, 1e-5, false);
  });
  EXPECT_EQ(count_of(graph, "BatchNormalization"), 1U);
}

TEST_F(OnnxTranslation, AConstantThatIsChangedInPlaceKeepsBothValues) {
  const Graph graph = translated([](const at::Tensor& image) {
    at::Tensor two = at::full({3, 1, 1}, 2.0F);
    const at::Tensor before = image * two;
    two.add_(5);
    return before + two;
  });
  std::vector<float> values;
  for (const Initializer& each : graph.initializers()) values.push_back(each.data.flatten()[0].item<float>());
  EXPECT_THAT(values, testing::UnorderedElementsAre(2.0F, 7.0F));
}

// The padding is missing where the size is a multiple, and the graph has it all the same.
TEST_F(OnnxTranslation, APaddingToWholeWindowsIsForAnySize) {
  const Graph graph = translated([](const at::Tensor& image) {
    const int64_t bottom = (7 - image.size(2) % 7) % 7, right = (8 - image.size(3) % 8) % 8;
    return bottom == 0 && right == 0 ? image : at::constant_pad_nd(image, {0, right, 0, bottom});
  });
  const Node* pad = node_of(graph, "Pad");
  ASSERT_NE(pad, nullptr);
  EXPECT_EQ(count_of(graph, "Div"), 2U);  // what is missing to a multiple of 7, and of 8
}

TEST_F(OnnxTranslation, TheSizeThatSeveralAskForIsAskedOnce) {
  const Graph graph = translated([](const at::Tensor& image) {
    const at::Tensor small = at::avg_pool2d(image, 2);
    const std::vector<int64_t> size{image.size(2), image.size(3)};
    return at::upsample_bilinear2d(small, size, false) + at::upsample_nearest2d(small, size);
  });
  EXPECT_EQ(count_of(graph, "Shape"), 3U);  // height, width; batch and channels of the small map
}

TEST_F(OnnxTranslation, ARandomTensorIsRefused) {
  const Forward forward = [](const at::Tensor& image) { return image + at::randn({3, 1, 1}); };
  EXPECT_THAT(message_of<Error>([&] { translated(forward); }),
              AllOf(HasSubstr("aten::add.Tensor"), HasSubstr("differs from one forward to the next")));
}

TEST_F(OnnxTranslation, AnotherCourseAtAnotherSizeIsToldByItsOperator) {
  const Forward forward = [](const at::Tensor& image) { return image.size(2) > 50 ? image.sin() : image.cos(); };
  EXPECT_THAT(message_of<NotAlike>([&] { recorded(forward); }), HasSubstr("aten::cos, called by the host"));
}

TEST_F(OnnxTranslation, ASizeThatNobodyUnderstandsIsToldByItsOperator) {
  const Forward forward = [](const at::Tensor& image) {
    return at::upsample_nearest2d(image, {image.size(2) ^ 21, 10});
  };
  EXPECT_THAT(message_of<UnknownSize>([&] { translated(forward); }), HasSubstr("aten::upsample_nearest2d"));
}

TEST_F(OnnxTranslation, AllOperatorsWithoutAMappingAreToldAtOnce) {
  const Forward forward = [](const at::Tensor& image) { return at::lgamma(image.relu()) + at::i0(image); };
  EXPECT_THAT(message_of<Error>([&] { translated(forward); }),
              AllOf(HasSubstr("aten::lgamma, called by the host: it has no mapping"),
                    HasSubstr("aten::i0, called by the host: it has no mapping"), testing::Not(HasSubstr("relu"))));
}

TEST_F(OnnxTranslation, WhatTheResultDoesNotNeedIsNotAsked) {
  const Graph graph = translated([](const at::Tensor& image) {
    at::lgamma(image);
    return image.relu();
  });
  EXPECT_EQ(graph.nodes().size(), 2U);
}

TEST_F(OnnxTranslation, AWriteThroughAViewIsNoOperatorOfAGraph) {
  const Forward forward = [](const at::Tensor& image) {
    const at::Tensor whole = image * 2;
    whole.narrow(1, 0, 1).relu_();
    return whole;
  };
  // The first channel of `whole` changes behind its back: silence would be a wrong graph.
  EXPECT_THAT(message_of<Error>([&] { translated(forward); }), HasSubstr("aten::relu_"));
}

}  // namespace
}  // namespace sshost::onnx
