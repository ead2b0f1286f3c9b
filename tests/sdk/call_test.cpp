#include <sshost/ops.hpp>

#include "sdk/sdk_test.h"

namespace sshost::test {
namespace {

using testing::ElementsAre;

class Calls : public SdkTest {
 protected:
  ss::Tensor x = ss::Tensor::adopt(host.tensor({2, 3}));
};

TEST_F(Calls, EveryKindOfArgumentArrives) {
  const std::vector<ss::Tensor> parts = {x, x, x};
  const std::vector<double> reals = {0.5};
  ss::call("aten::some.overload", {x,
                                   ss::Tensor(),
                                   3,
                                   0.5,
                                   true,
                                   ss::none,
                                   "text",
                                   {1, 2},
                                   parts,
                                   ss::Dtype::int64,
                                   std::optional<double>(),
                                   std::span<const double>(reals),
                                   ss::DeviceOf(x)});
  EXPECT_THAT(host.calls, ElementsAre("aten::some.overload(tensor, absent, 3, 0.500000, true, none, \"text\", [1 2], "
                                      "3 tensors, 4, none, [0.500000], device)"));
}

TEST_F(Calls, OperatorsReadAsInMathematics) {
  (x + x) * 2 - 1 / x;
  EXPECT_THAT(host.calls,
              testing::UnorderedElementsAre("aten::add.Tensor(tensor, tensor)", "aten::mul.Scalar(tensor, 2)",
                                            "aten::reciprocal(tensor)", "aten::mul.Scalar(tensor, 1)",
                                            "aten::sub.Tensor(tensor, tensor)"));
}

TEST_F(Calls, FunctionsGiveTheirDefaults) {
  ss::avg_pool2d(x, {.kernel = 3, .ceil_mode = true});
  ss::resize_bilinear(x, {8, 9});
  ss::sum(x, {2, 3});
  EXPECT_THAT(host.calls, ElementsAre("aten::avg_pool2d(tensor, 3, 2, 0, true, true)",
                                      "aten::upsample_bilinear2d(tensor, [8 9], false)",
                                      "aten::sum.dim_IntList(tensor, [2 3], false)"));
}

TEST_F(Calls, SeveralResultsComeAsAList) {
  host.results = 3;
  EXPECT_EQ(ss::chunk(x, 3, 0).size(), 3u);
  host.results = 40;  // more than there is room for at first
  EXPECT_EQ(ss::unbind(x, 0).size(), 40u);
  EXPECT_EQ(host.live_tensors, 1);
}

TEST_F(Calls, ACallThatExpectsOneResultRefusesSeveral) {
  host.results = 2;
  EXPECT_THROW(ss::call("aten::topk", {x, 1}), ss::Error);
  EXPECT_EQ(host.live_tensors, 1);
}

TEST_F(Calls, AnUnknownOperatorIsNamed) {
  try {
    ss::call("other::thing", {x});
    FAIL() << "expected an error";
  } catch (const ss::Error& error) {
    EXPECT_STREQ(error.what(), "no operator other::thing");
    EXPECT_EQ(error.status(), SS_NOT_FOUND);
  }
}

}  // namespace
}  // namespace sshost::test
