// `sshost export`, as a person runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx_schema/onnx.pb.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/pipeline_folder.h"

namespace sshost::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kPipeline = R"(run: [evaluate]
data:
  dataset: {type: synthetic, classes: 3}
  train: {transforms: [{type: random_crop, size: {height: 64, width: 96}}, {type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: resnet, depth: 18, output_stride: 8}
  head: {type: picky}
)";

class Export : public PipelineFolder {
 protected:
  Export() : PipelineFolder(kPipeline, {"picky_head.so"}) {}

  Outcome write(std::vector<std::string> words) const {
    words.insert(words.begin(), {"export", "p.yaml", "--output", "m.onnx"});
    return run(words);
  }

  onnx::schema::ModelProto model() const {
    onnx::schema::ModelProto model;
    EXPECT_TRUE(model.ParseFromString(test::read_bytes(file("m.onnx"))));
    return model;
  }
};

TEST_F(Export, NamesAllThatHasNoCounterpartWithWhoCalledItAndWritesNothing) {
  const Outcome outcome = write({});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("aten::lgamma, called by head picky ("), HasSubstr("aten::i0, called by"),
                                 HasSubstr("picky_head.so), after its layer \"mix\"")));
  EXPECT_FALSE(std::filesystem::exists(file("m.onnx")));
}

TEST_F(Export, FixesTheSizeWhereTheModelMindsItAndSaysWhy) {
  const Outcome outcome = write({"--set", "model.head.minds_size=true"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err + outcome.out,
              AllOf(HasSubstr("height and width are fixed at {height: 64, width: 96}"), HasSubstr("aten::sin")));
  EXPECT_EQ(model().graph().input(0).type().tensor_type().shape().dim(3).dim_value(), 96);
}

TEST_F(Export, TellsTheClassesTheColoursAndWhereItComesFrom) {
  const Outcome outcome = write(
      {"--set", "model.head={type: fcn, channels: 8}", "--json", "--normalise", "uint8", "--output-kind", "classes"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json document = json::parse(outcome.out);
  EXPECT_EQ(document.at("saved"), "m.onnx");
  EXPECT_TRUE(document.at("height").is_null());
  const onnx::schema::ModelProto written = model();
  std::map<std::string, std::string> metadata;
  for (const auto& entry : written.metadata_props()) metadata[entry.key()] = entry.value();
  EXPECT_EQ(json::parse(metadata["sshost.classes"]).size(), 3U);
  EXPECT_EQ(json::parse(metadata["sshost.colors"])[0].size(), 3U);
  EXPECT_EQ(metadata["sshost.pipeline.sha256"].size(), 64U);
  EXPECT_EQ(written.producer_version(), metadata["sshost.version"]);
}

TEST_F(Export, WhatItCannotWriteIsRefusedBeforeAnyWork) {
  const auto complaint = [&](const std::vector<std::string>& words) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    return outcome.err;
  };
  EXPECT_THAT(complaint({"export", "p.yaml", "--output", "m.pth"}), HasSubstr("ends in .onnx"));
  EXPECT_THAT(complaint({"export", "p.yaml", "--output", "m.onnx", "--format", "tflite"}), HasSubstr("expected onnx"));
  EXPECT_THAT(complaint({"export", "p.yaml", "--output", "m.onnx", "--output-kind", "clases"}),
              HasSubstr("did you mean \"classes\""));
  EXPECT_THAT(complaint({"export", "p.yaml", "--output", "m.onnx", "--normalise", "int8"}), HasSubstr("uint8"));
}

}  // namespace
}  // namespace sshost::cli
