#include "serve/tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace sshost::serve {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr int64_t kMostPixels = 100;

json document(json input) { return {{"inputs", {std::move(input)}}}; }

json in_json() {
  return {{"name", "image"}, {"datatype", "UINT8"}, {"shape", {1, 1, 2, 3}}, {"data", {1, 2, 3, 4, 5, 255}}};
}

Request request_of(const json& body, const std::string& binary = {}) {
  Request request;
  request.body = body.dump();
  if (!binary.empty()) request.headers["inference-header-content-length"] = std::to_string(request.body.size());
  request.body += binary;
  return request;
}

json in_binary(size_t bytes) {
  json input = in_json();
  input.erase("data");
  input["parameters"] = {{"binary_data_size", bytes}};
  return input;
}

InferRequest read(const Request& request) { return read_infer_request(request, 3, kMostPixels); }

TEST(InferRequest, InJsonAndInBytesMeansTheSame) {
  json nested = in_json();
  nested["data"] = {{{{1, 2, 3}, {4, 5, 255}}}};
  const std::string bytes = "\x01\x02\x03\x04\x05\xff";
  for (const Request& request :
       {request_of(document(in_json())), request_of(document(nested)), request_of(document(in_binary(6)), bytes)}) {
    const InferRequest infer = read(request);
    EXPECT_EQ(infer.image.bytes, bytes);
    EXPECT_EQ(infer.image.shape, (std::vector<int64_t>{1, 1, 2, 3}));
  }
}

TEST(InferRequest, KnowsWhichOutputsAreWantedAndHow) {
  json body = document(in_json());
  body["id"] = "7";
  body["parameters"] = {{"binary_data_output", true}};
  body["outputs"] = {{{"name", "mask"}}, {{"name", "logits"}, {"parameters", {{"binary_data", false}}}}};
  const InferRequest infer = read(request_of(body));
  EXPECT_EQ(infer.id, "7");
  ASSERT_EQ(infer.outputs.size(), 2);
  EXPECT_TRUE(infer.outputs[0].is_binary);
  EXPECT_FALSE(infer.outputs[1].is_binary);
}

struct Wrong {
  std::string body;
  int status;
  std::string says;
  std::string json_length = {};
};

std::vector<Wrong> wrong_requests() {
  const auto changed = [](const char* key, json value) {
    json input = in_json();
    input[key] = std::move(value);
    return document(input).dump();
  };
  return {
      {"", 400, "JSON"},
      {"[]", 400, "inputs"},
      {"{}", 400, "inputs"},
      {"{\"inputs\": [1]}", 400, "inputs"},
      {std::string(1000, '['), 400, "JSON"},
      {changed("name", "imgae"), 400, "image"},
      {changed("datatype", "FP32"), 400, "UINT8"},
      {changed("shape", {1, 1, 2}), 400, "[images, height, width, 3]"},
      {changed("shape", {1, 1, 2, 4}), 400, "4 channels"},
      {changed("shape", {1, -1, 2, 3}), 400, "-1"},
      {changed("shape", {1, 0, 2, 3}), 400, "0"},
      {changed("shape", {1, 1.5, 2, 3}), 400, "1.5"},
      {changed("shape", {1, 11, 10, 3}), 413, "100 pixels"},
      {changed("shape", {1, 2147483647, 2147483647, 3}), 413, "pixels"},
      {changed("shape", {2147483647, 1, 2, 3}), 413, "images"},
      {changed("data", {1, 2, 3}), 400, "6 values"},
      {changed("data", {1, 2, 3, 4, 5, 6, 7}), 400, "6 values"},
      {changed("data", {1, 2, 3, 4, 5, 256}), 400, "0 to 255"},
      {changed("data", {1, 2, 3, 4, 5, -1}), 400, "0 to 255"},
      {changed("data", "AAAA"), 400, "data"},
      {changed("parameters", 3), 400, "parameters"},
      {changed("parameters", {{"shared_memory_region", "a"}}), 400, "shared memory"},
      {document(in_binary(5)).dump() + "12345", 400, "6 values", std::to_string(document(in_binary(5)).dump().size())},
      {document(in_binary(6)).dump() + "12345", 400, "5 bytes", std::to_string(document(in_binary(6)).dump().size())},
      {document(in_json()).dump() + "12345", 400, "bytes", std::to_string(document(in_json()).dump().size())},
      {document(in_json()).dump(), 400, "Content-Length", "99999999999999999999"},
      {document(in_json()).dump(), 400, "Content-Length", "-1"},
      {std::string(kMostJsonBytes + 1, ' '), 413, "binary tensor"}};
}

TEST(InferRequest, NamesWhatIsWrong) {
  for (const Wrong& wrong : wrong_requests()) {
    Request request;
    request.body = wrong.body;
    if (!wrong.json_length.empty()) request.headers["inference-header-content-length"] = wrong.json_length;
    try {
      read(request);
      ADD_FAILURE() << wrong.body.substr(0, 200);
    } catch (const Refusal& refusal) {
      EXPECT_EQ(refusal.status(), wrong.status) << wrong.body.substr(0, 200);
      EXPECT_THAT(refusal.what(), HasSubstr(wrong.says)) << wrong.body.substr(0, 200);
    }
  }
}

// Whatever the bytes are: read, or refused as the client's fault.
TEST(InferRequest, TenThousandDamagedOnesAreReadOrRefused) {
  const Request whole = request_of(document(in_binary(6)), "123456");
  std::mt19937 random(1);
  int refused = 0;
  for (int i = 0; i < 10'000; ++i) {
    Request request = whole;
    for (int damage = static_cast<int>(random() % 4); damage >= 0; --damage) {
      const size_t at = random() % request.body.size();
      if (random() % 3 == 0) {
        request.body.erase(at, 1 + random() % 8);
      } else {
        request.body[at] = static_cast<char>(random());
      }
      if (request.body.empty()) request.body = " ";
    }
    try {
      read(request);
    } catch (const Refusal& refusal) {
      ++refused;
      ASSERT_THAT(refusal.status(), testing::AnyOf(400, 413)) << refusal.what();
    }
  }
  EXPECT_GT(refused, 9000);
}

TEST(InferResponse, HasItsBinaryTensorsBehindTheJson) {
  const Response response = infer_response("m", "7",
                                           {{"mask", "UINT8", {1, 1, 2}, std::string("\0\3", 2), true},
                                            {"other", "INT32", {1}, std::string("\5\0\0\0", 4), false}});
  const size_t length = std::stoul(response.headers.at("Inference-Header-Content-Length"));
  EXPECT_EQ(response.body.substr(length), std::string("\0\3", 2));
  const json parsed = json::parse(response.body.substr(0, length));
  EXPECT_EQ(parsed.at("id"), "7");
  EXPECT_EQ(parsed.at("outputs")[0].at("parameters").at("binary_data_size"), 2);
  EXPECT_EQ(parsed.at("outputs")[1].at("data"), json({5}));
}

}  // namespace
}  // namespace sshost::serve
