// POST /v2/models/NAME/infer.

#include <ATen/core/Tensor.h>

#include <array>
#include <utility>

#include "serve/call.h"
#include "serve/description.h"
#include "serve/tensor.h"

namespace sshost::serve {
namespace {

// What a request may ask to be held and sent; in JSON a value is held as many times its size.
constexpr int64_t kMostOutputBytes = int64_t{1} << 29;
constexpr int64_t kMostJsonValues = int64_t{1} << 24;

// A request whose images are on their way through the model.
struct Inference {
  InferRequest request;
  std::vector<OutputTensor> outputs;
  size_t left = 0;  // images; only read and written on the thread that computes
};

bool is_mask(const OutputTensor& output) { return output.name == "mask"; }

OutputTensor output_of(const WantedOutput& wanted, const ServedModel& model, const std::vector<int64_t>& image) {
  const auto classes = static_cast<int64_t>(model.classes().size());
  if (wanted.name == "mask") {
    return {"mask", mask_datatype(model), {image[0], image[1], image[2]}, {}, wanted.is_binary};
  }
  if (wanted.name == "probabilities" || wanted.name == "logits") {
    return {wanted.name, "FP32", {image[0], classes, image[1], image[2]}, {}, wanted.is_binary};
  }
  throw Refusal(400,
                "\"outputs\": expected mask, probabilities or logits, found \"" + wanted.name.substr(0, 64) + "\"");
}

int64_t count_of(const OutputTensor& output) {
  int64_t count = 1;
  for (const int64_t size : output.shape) count *= size;
  return count;
}

void require_size(const std::vector<OutputTensor>& outputs) {
  int64_t bytes = 0;
  for (const OutputTensor& output : outputs) {
    const int64_t count = count_of(output);
    bytes += count * (output.datatype == "UINT8" ? 1 : 4);
    if (!output.is_binary && count > kMostJsonValues) {
      throw Refusal(413, "\"" + output.name + "\" would be " + std::to_string(count) +
                             " numbers in JSON; ask for it with \"binary_data\": true");
    }
  }
  if (bytes <= kMostOutputBytes) return;
  throw Refusal(413, "the outputs would be " + std::to_string(bytes) + " bytes, expected at most " +
                         std::to_string(kMostOutputBytes) + "; ask for fewer, of fewer or smaller images");
}

std::vector<OutputTensor> outputs_of(const InferRequest& request, const ServedModel& model) {
  std::vector<OutputTensor> outputs;
  for (const WantedOutput& wanted : request.outputs) outputs.push_back(output_of(wanted, model, request.image.shape));
  if (outputs.empty()) outputs.push_back(output_of({"mask", request.binary_by_default}, model, request.image.shape));
  require_size(outputs);
  return outputs;
}

at::Tensor values_of(const infer::Scores& scores, const OutputTensor& output, bool are_probabilities) {
  if (is_mask(output)) return scores.likeliest().to(at::kCPU, output.datatype == "UINT8" ? at::kByte : at::kInt);
  const at::Tensor maps = scores.tensor().squeeze(0);
  return (output.name == "probabilities" && !are_probabilities ? maps.softmax(0) : maps).to(at::kCPU, at::kFloat);
}

void append(std::string& bytes, const at::Tensor& values) {
  const at::Tensor dense = values.contiguous();
  bytes.append(static_cast<const char*>(dense.const_data_ptr()), dense.nbytes());
}

cv::Mat image_of(const InferRequest& request, int64_t index) {
  const std::vector<int64_t>& shape = request.image.shape;
  const auto bytes = static_cast<size_t>(shape[1] * shape[2] * shape[3]);
  const char* data = request.image.bytes.data() + static_cast<size_t>(index) * bytes;
  return {static_cast<int>(shape[1]), static_cast<int>(shape[2]), CV_8UC(static_cast<int>(shape[3])),
          const_cast<char*>(data)};  // nothing writes to it
}

}  // namespace

void Service::infer(const std::shared_ptr<Call>& call, ServedModel& model) {
  call->kind = "infer";
  const auto inference = std::make_shared<Inference>();
  inference->request = read_infer_request(*call->request, model.channels(), settings_.most_pixels);
  inference->outputs = outputs_of(inference->request, model);
  inference->left = static_cast<size_t>(inference->request.image.shape[0]);
  const auto use = [call, inference, &model](const infer::Scores& scores) {
    for (OutputTensor& output : inference->outputs) {
      append(output.bytes, values_of(scores, output, model.averages_probabilities()));
    }
    if (--inference->left > 0) return;
    call->post([call, inference, &model] {
      try {
        call->answer(infer_response(model.name(), inference->request.id, inference->outputs));
      } catch (...) {
        call->answer_with_current_error();
      }
    });
  };
  const auto fail = [call](const std::exception_ptr& why) {
    try {
      std::rethrow_exception(why);
    } catch (...) {
      call->answer_with_current_error();
    }
  };
  std::vector<Job> jobs;
  for (int64_t i = 0; i < inference->request.image.shape[0]; ++i) {
    jobs.push_back({&model, image_of(inference->request, i), call->deadline, use, fail});
  }
  queue_.push(std::move(jobs));
}

}  // namespace sshost::serve
