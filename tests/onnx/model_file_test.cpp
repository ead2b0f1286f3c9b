#include "onnx/model_file.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx_schema/onnx.pb.h>

#include <cstring>

#include "base/error.h"
#include "temp_folder.h"

namespace sshost::onnx {
namespace {

namespace fs = std::filesystem;

class ModelFile : public testing::Test {
 protected:
  ModelFile() {
    graph_.set_input({"image", at::kFloat, {std::string("batch"), int64_t{3}}});
    graph_.set_output({"logits", at::kFloat, {std::string("batch"), int64_t{500}}});
    const std::string product = graph_.add("MatMul", {"image", graph_.constant(weight_, "head.weight")}).front();
    const std::string scaled =
        graph_.add("LeakyRelu", {product}, {{"alpha", 0.25}, {"kind", std::string("x")}}).front();
    graph_.rename_output(graph_.add("Transpose", {scaled}, {{"perm", std::vector<int64_t>{0, 1}}}).front(), "logits");
  }

  schema::ModelProto read() const {
    schema::ModelProto model;
    EXPECT_TRUE(model.ParseFromString(test::read_bytes(path_)));
    return model;
  }

  test::TempFolder folder_;
  fs::path path_ = folder_ / "model.onnx";
  at::Tensor weight_ = at::randn({3, 500});
  Graph graph_;
};

TEST_F(ModelFile, HoldsTheGraphItsWeightsAndWhereItComesFrom) {
  write_model(path_, graph_, {"1.2.3", "street", {{"sshost.classes", "[\"road\"]"}}});
  const schema::ModelProto model = read();
  EXPECT_EQ(model.opset_import(0).version(), 18);
  EXPECT_EQ(model.producer_version(), "1.2.3");
  EXPECT_EQ(model.metadata_props(0).key(), "sshost.classes");
  EXPECT_EQ(model.graph().name(), "street");
  EXPECT_EQ(model.graph().input(0).type().tensor_type().shape().dim(0).dim_param(), "batch");
  EXPECT_EQ(model.graph().output(0).type().tensor_type().shape().dim(1).dim_value(), 500);
  ASSERT_EQ(model.graph().node_size(), 3);
  EXPECT_EQ(model.graph().node(1).attribute(0).f(), 0.25F);
  EXPECT_EQ(model.graph().node(1).attribute(1).s(), "x");
  EXPECT_EQ(model.graph().node(2).attribute(0).ints_size(), 2);
  EXPECT_EQ(model.graph().node(2).output(0), "logits");
  const std::string& data = model.graph().initializer(0).raw_data();
  ASSERT_EQ(data.size(), weight_.nbytes());
  EXPECT_EQ(std::memcmp(data.data(), weight_.const_data_ptr(), data.size()), 0);
}

TEST_F(ModelFile, WeightsThatAreTooManyLieBesideIt) {
  write_model(path_, graph_, {"", "", {}}, /*most_inside=*/1000);
  const schema::ModelProto model = read();
  const schema::TensorProto& tensor = model.graph().initializer(0);
  EXPECT_FALSE(tensor.has_raw_data());
  EXPECT_EQ(tensor.data_location(), schema::TensorProto::EXTERNAL);
  EXPECT_EQ(tensor.external_data(0).value(), "model.onnx.data");
  const std::string data = test::read_bytes(folder_ / "model.onnx.data");
  const size_t offset = std::stoul(tensor.external_data(1).value());
  ASSERT_GE(data.size(), offset + weight_.nbytes());
  EXPECT_EQ(std::memcmp(data.data() + offset, weight_.const_data_ptr(), weight_.nbytes()), 0);
}

TEST_F(ModelFile, AFolderThatIsNotThereIsAnErrorWithThePath) {
  const fs::path nowhere = folder_ / "none" / "model.onnx";
  EXPECT_THAT(test::message_of<Error>([&] {
                write_model(nowhere, graph_, {"", "", {}});
              }),
              testing::HasSubstr(nowhere.string()));
}

}  // namespace
}  // namespace sshost::onnx
