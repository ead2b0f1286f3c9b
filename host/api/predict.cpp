#include <ATen/core/Tensor.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "api/call_scope.h"
#include "api/cancel.h"
#include "api/enumeration.h"
#include "api/error.h"
#include "api/model.h"
#include "api/pixels.h"
#include "infer/inference.h"
#include "infer/predictor.h"
#include "infer/scores.h"

namespace sshost::api {
namespace {

bool is_dense(sshost_values values) { return values == SSHOST_PROBABILITIES_F32 || values == SSHOST_SCORES_F32; }

int64_t bytes_of(sshost_values values) { return values == SSHOST_CLASSES_U8 ? 1 : 4; }

void check(const sshost_map& map, const sshost_image& image, int64_t classes) {
  if (map.size < sizeof(sshost_map))
    refuse("sshost_map.size: expected sizeof(sshost_map), found " + std::to_string(map.size));
  const int64_t values = number_of(map.values);
  if (values < SSHOST_CLASSES_U8 || values > SSHOST_SCORES_F32) {
    refuse("sshost_map.values: " + std::to_string(values) + " is no known kind");
  }
  if (map.values == SSHOST_CLASSES_U8 && classes > 256) {
    refuse("sshost_map.values: " + std::to_string(classes) +
           " classes do not fit SSHOST_CLASSES_U8; take SSHOST_CLASSES_I32");
  }
  if (map.data == nullptr) return;
  const int64_t needed = image.height * image.width * bytes_of(map.values) * (is_dense(map.values) ? classes : 1);
  if (map.capacity >= static_cast<uint64_t>(needed)) return;
  refuse("sshost_map.capacity: expected at least " + std::to_string(needed) + " bytes, found " +
         std::to_string(map.capacity));
}

// -> what the map wants, on the CPU, contiguous: [h, w] or [classes, h, w].
at::Tensor values_of(const infer::Scores& scores, sshost_values values, bool are_probabilities) {
  switch (values) {
    case SSHOST_CLASSES_U8:
      return scores.likeliest().to(at::kCPU, at::kByte).contiguous();
    case SSHOST_CLASSES_I32:
      return scores.likeliest().to(at::kCPU, at::kInt).contiguous();
    case SSHOST_PROBABILITIES_F32:
      if (!are_probabilities) return scores.tensor().softmax(1).squeeze(0).to(at::kCPU, at::kFloat).contiguous();
      [[fallthrough]];
    default:
      return scores.tensor().squeeze(0).to(at::kCPU, at::kFloat).contiguous();
  }
}

void fill(sshost_map& map, at::Tensor values) {
  map.channels = values.dim() == 3 ? values.size(0) : 1;
  map.height = values.size(-2);
  map.width = values.size(-1);
  if (map.data != nullptr) {
    std::memcpy(map.data, values.const_data_ptr(), values.nbytes());
    return;
  }
  auto owner = std::make_unique<at::Tensor>(std::move(values));
  map.data = owner->mutable_data_ptr();
  map.owner = owner.release();
}

void predict(const sshost_model& model, const sshost_image* images, size_t count, sshost_map* maps,
             const sshost_cancel* cancel) {
  const auto classes = static_cast<int64_t>(model.opened.dataset.classes.size());
  std::vector<cv::Mat> pixels;
  for (size_t i = 0; i < count; ++i) {
    if (images[i].size < sizeof(sshost_image))
      refuse("sshost_image.size: expected sizeof(sshost_image), found " + std::to_string(images[i].size));
    pixels.push_back(pixels_of(images[i], model.opened.session.pipeline.data.channels));
    check(maps[i], images[i], classes);
  }
  const config::EvaluateConfig& config = model.opened.session.pipeline.evaluate;
  infer::Inference inference(*model.opened.model->segmentor, model.opened.model->store, model.opened.dataset.classes,
                             config, &model.prepared);
  infer::Predictor predictor(inference, model.transforms);
  std::vector<at::Tensor> found;
  for (size_t i = 0; i < count; ++i) {
    require_not_cancelled(cancel);
    found.push_back(values_of(predictor.scores(pixels[i], "image " + std::to_string(i + 1) + " of the call"),
                              maps[i].values, config.average_probabilities));
  }
  for (size_t i = 0; i < count; ++i) fill(maps[i], std::move(found[i]));
}

}  // namespace
}  // namespace sshost::api

sshost_code sshost_predict(sshost_model* model, const sshost_image* images, size_t count, sshost_map* maps,
                           const sshost_cancel* cancel, sshost_error** error) {
  return sshost::api::guarded(error, [&] {
    if (model == nullptr || (count > 0 && (images == nullptr || maps == nullptr))) {
      sshost::api::refuse("sshost_predict: expected a model, images and maps, found NULL");
    }
    const sshost::api::CallScope scope(model->threads, *model->callbacks);
    sshost::api::predict(*model, images, count, maps, cancel);
  });
}

void sshost_map_release(sshost_map* map) {
  if (map == nullptr || map->owner == nullptr) return;
  delete static_cast<at::Tensor*>(map->owner);
  map->owner = nullptr;
  map->data = nullptr;
}
