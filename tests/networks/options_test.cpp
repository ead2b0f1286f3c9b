// Options that no published network has are refused before any weight is made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/model.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string refusal(const std::string& backbone, const std::string& head = "{type: fcn}") {
  const std::string pipeline = "plugins: [" SSHOST_PLUGIN_DIR
                               "]\ndata: {dataset: {type: synthetic}}\nrun: [evaluate]\nmodel:\n  backbone: " +
                               backbone + "\n  head: " + head + "\n";
  return message_of<std::exception>([&] {
    const run::Session session = run::open_session_text(pipeline, "p.yaml", {}, [](auto&&...) {});
    run::build_model(session, 3);
  });
}

TEST(NetworkOptions, OfResNeStAreThePublishedDepthsAndStrides) {
  EXPECT_THAT(refusal("{type: resnest, depth: 152}"), AllOf(HasSubstr("depth"), HasSubstr("200")));
  EXPECT_THAT(refusal("{type: resnest, output_stride: 4}"), AllOf(HasSubstr("output_stride"), HasSubstr("16")));
  EXPECT_THAT(refusal("{type: resnest, stem_width: 0}"), HasSubstr("stem_width"));
}

TEST(NetworkOptions, ASizeOfAPluginIsWrittenAsAMapOrAsAList) {
  EXPECT_EQ(refusal("{type: vit, depth: 1, image_size: {width: 32, height: 64}}"), "");
  EXPECT_EQ(refusal("{type: vit, depth: 1, image_size: [64, 32]}"), "");
  EXPECT_THAT(refusal("{type: vit, depth: 1, image_size: {width: 32}}"), HasSubstr("image_size.height: a size needs"));
  EXPECT_THAT(refusal("{type: vit, depth: 1, image_size: [64]}"), HasSubstr("expected [height, width]"));
}

TEST(NetworkOptions, OfHrNetAreThePublishedVariants) {
  EXPECT_THAT(refusal("{type: hrnet, variant: w30}"), AllOf(HasSubstr("variant"), HasSubstr("w18-small")));
}

TEST(NetworkOptions, OcrNeedsTheAuxiliaryHeadThatItNames) {
  EXPECT_THAT(refusal("{type: resnet, depth: 18}", "{type: ocr}"),
              AllOf(HasSubstr("auxiliary.0.logits"), HasSubstr("model.auxiliary")));
  EXPECT_THAT(refusal("{type: resnet, depth: 18}", "{type: ocr, fuse_kernel: 2}"), HasSubstr("fuse_kernel"));
}

TEST(NetworkOptions, FcnHasItsInputBesideMapsOfTheSameSizeAlone) {
  EXPECT_THAT(refusal("{type: resnet, depth: 18}", "{type: fcn, concat_input: true, upsample: 2}"),
              HasSubstr("concat_input"));
}

}  // namespace
}  // namespace sshost::test
