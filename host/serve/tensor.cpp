#include "serve/tensor.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "base/foreign_json.h"

namespace sshost::serve {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& text) { throw Refusal(400, text); }

// The length of the JSON at the body's beginning.
size_t json_length(const Request& request) {
  const std::string_view given = request.header("inference-header-content-length");
  if (given.empty()) return request.body.size();
  size_t length = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), length);
  if (error != std::errc() || end != given.data() + given.size() || length > request.body.size()) {
    refuse("Inference-Header-Content-Length: expected at most the body's " + std::to_string(request.body.size()) +
           " bytes, found " + std::string(given.substr(0, 32)));
  }
  return length;
}

json document_of(std::string_view text) {
  if (text.size() > kMostJsonBytes) {
    throw Refusal(413, "expected at most " + std::to_string(kMostJsonBytes) +
                           " bytes of JSON; the binary tensor extension takes larger images");
  }
  try {
    json document = parse_foreign_json(text);
    if (!document.is_object()) refuse("expected a JSON object with \"inputs\"");
    return document;
  } catch (const Refusal&) {
    throw;
  } catch (const Error& error) {
    refuse(std::string("the JSON cannot be read: ") + error.what());
  }
}

// document[key] of that kind; a null value where it is absent.
const json& member(const json& document, const char* key, bool (json::*is_kind)() const, const char* kind) {
  static const json none;
  const auto found = document.find(key);
  if (found == document.end()) return none;
  if (!((*found).*is_kind)()) refuse("\"" + std::string(key) + "\": expected " + kind + ", found " + shown(*found));
  return *found;
}

const json& parameters_of(const json& document) {
  return member(document, "parameters", &json::is_object, "an object");
}

bool flag(const json& parameters, const char* key, bool otherwise) {
  if (!parameters.is_object()) return otherwise;
  const auto found = parameters.find(key);
  if (found == parameters.end()) return otherwise;
  if (!found->is_boolean()) refuse("\"" + std::string(key) + "\": expected true or false, found " + shown(*found));
  return found->get<bool>();
}

void refuse_shared_memory(const json& parameters) {
  if (parameters.is_object() && parameters.contains("shared_memory_region")) {
    refuse("\"shared_memory_region\": shared memory is not served; send the tensor with the request");
  }
}

std::vector<int64_t> shape_of(const json& input, int64_t channels, int64_t most_pixels) {
  const std::string wanted = "[images, height, width, " + std::to_string(channels) + "]";
  const auto given = input.find("shape");
  if (given == input.end() || !given->is_array() || given->size() != 4) {
    refuse("\"shape\" of \"image\": expected " + wanted);
  }
  std::vector<int64_t> shape;
  for (const json& size : *given) {
    if (!size.is_number_unsigned() || size.get<uint64_t>() < 1 || size.get<uint64_t>() > (uint64_t{1} << 31)) {
      refuse("\"shape\" of \"image\": expected " + wanted + ", found " + shown(size));
    }
    shape.push_back(size.get<int64_t>());
  }
  if (shape[3] != channels) {
    refuse("\"shape\" of \"image\": expected " + wanted + ", found " + std::to_string(shape[3]) + " channels");
  }
  if (shape[1] > most_pixels / shape[2]) {
    throw Refusal(413, "expected an image of at most " + std::to_string(most_pixels) + " pixels, found " +
                           std::to_string(shape[1]) + " x " + std::to_string(shape[2]));
  }
  if (shape[0] > (int64_t{1} << 16)) throw Refusal(413, "expected fewer images in a request");
  return shape;
}

int64_t count_of(const std::vector<int64_t>& shape) { return shape[0] * shape[1] * shape[2] * shape[3]; }

void refuse_length(int64_t expected, size_t found) {
  refuse("\"image\": expected " + std::to_string(expected) + " values, as its shape says, found " +
         std::to_string(found));
}

// Numbers of a list, whatever its nesting (parse_foreign_json bounds it).
void append_values(const json& data, size_t most, std::string& bytes) {
  if (data.is_array()) {
    for (const json& element : data) append_values(element, most, bytes);
    return;
  }
  if (!data.is_number_unsigned() || data.get<uint64_t>() > 255) {
    refuse("\"data\" of \"image\": expected integers from 0 to 255, found " + shown(data));
  }
  if (bytes.size() >= most) refuse_length(static_cast<int64_t>(most), bytes.size() + 1);
  bytes += static_cast<char>(data.get<uint8_t>());
}

std::string values_in_json(const json& input, int64_t count) {
  const auto data = input.find("data");
  if (data == input.end() || !data->is_array()) {
    refuse("\"image\": expected \"data\", a list, or \"binary_data_size\" in its parameters");
  }
  std::string bytes;
  append_values(*data, static_cast<size_t>(count), bytes);
  if (static_cast<int64_t>(bytes.size()) != count) refuse_length(count, bytes.size());
  return bytes;
}

std::string values_behind_json(const json& size, std::string_view binary, int64_t count) {
  if (!size.is_number_unsigned() || size.get<uint64_t>() != binary.size()) {
    refuse("\"binary_data_size\": expected the " + std::to_string(binary.size()) + " bytes behind the JSON, found " +
           shown(size));
  }
  if (static_cast<int64_t>(binary.size()) != count) refuse_length(count, binary.size());
  return std::string(binary);
}

const json& input_of(const json& document) {
  const auto inputs = document.find("inputs");
  if (inputs == document.end() || !inputs->is_array() || inputs->size() != 1 || !(*inputs)[0].is_object()) {
    refuse("\"inputs\": expected a list of one tensor, \"image\"");
  }
  const json& input = (*inputs)[0];
  if (input.value("name", json()) != "image") refuse("\"inputs\": expected the tensor \"image\"");
  if (input.value("datatype", json()) != "UINT8") refuse("\"datatype\" of \"image\": expected UINT8");
  return input;
}

InputTensor image_of(const json& document, std::string_view binary, int64_t channels, int64_t most_pixels) {
  const json& input = input_of(document);
  InputTensor tensor{shape_of(input, channels, most_pixels), {}};
  const json& parameters = parameters_of(input);
  refuse_shared_memory(parameters);
  const bool is_binary = parameters.is_object() && parameters.contains("binary_data_size");
  if (!is_binary && !binary.empty()) refuse("bytes behind the JSON that no tensor's \"binary_data_size\" tells of");
  tensor.bytes = is_binary ? values_behind_json(parameters["binary_data_size"], binary, count_of(tensor.shape))
                           : values_in_json(input, count_of(tensor.shape));
  return tensor;
}

std::vector<WantedOutput> outputs_of(const json& document, bool binary_by_default) {
  std::vector<WantedOutput> wanted;
  const auto outputs = document.find("outputs");
  if (outputs == document.end()) return wanted;
  if (!outputs->is_array()) refuse("\"outputs\": expected a list, found " + shown(*outputs));
  for (const json& output : *outputs) {
    if (!output.is_object() || !output.value("name", json()).is_string()) {
      refuse("\"outputs\": expected objects with a \"name\"");
    }
    const json& parameters = parameters_of(output);
    refuse_shared_memory(parameters);
    if (parameters.is_object() && parameters.value("classification", json(0)) != 0) {
      refuse("\"classification\": what is served are maps; it is not known");
    }
    wanted.push_back({output["name"].get<std::string>(), flag(parameters, "binary_data", binary_by_default)});
    if (wanted.size() > 8) refuse("\"outputs\": expected each output once");
  }
  return wanted;
}

template <typename T>
json values_of(const std::string& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

json data_of(const OutputTensor& output) {
  if (output.datatype == "UINT8") return values_of<uint8_t>(output.bytes);
  if (output.datatype == "INT32") return values_of<int32_t>(output.bytes);
  return values_of<float>(output.bytes);
}

}  // namespace

InferRequest read_infer_request(const Request& request, int64_t channels, int64_t most_pixels) {
  const size_t length = json_length(request);
  const std::string_view body = request.body;
  const json document = document_of(body.substr(0, length));
  InferRequest infer;
  infer.id = member(document, "id", &json::is_string, "a text").is_string() ? document["id"].get<std::string>() : "";
  infer.binary_by_default = flag(parameters_of(document), "binary_data_output", false);
  infer.outputs = outputs_of(document, infer.binary_by_default);
  infer.image = image_of(document, body.substr(length), channels, most_pixels);
  return infer;
}

Response infer_response(const std::string& model, const std::string& id, const std::vector<OutputTensor>& outputs) {
  json document = {{"model_name", model}, {"model_version", "1"}, {"outputs", json::array()}};
  if (!id.empty()) document["id"] = id;
  std::string binary;
  for (const OutputTensor& output : outputs) {
    json entry = {{"name", output.name}, {"datatype", output.datatype}, {"shape", output.shape}};
    if (output.is_binary) {
      entry["parameters"] = {{"binary_data_size", output.bytes.size()}};
      binary += output.bytes;
    } else {
      entry["data"] = data_of(output);
    }
    document["outputs"].push_back(std::move(entry));
  }
  Response response;
  response.body = document.dump(-1, ' ', false, json::error_handler_t::replace);
  if (binary.empty()) return response;
  response.type = "application/octet-stream";
  response.headers["Inference-Header-Content-Length"] = std::to_string(response.body.size());
  response.body += binary;
  return response;
}

}  // namespace sshost::serve
