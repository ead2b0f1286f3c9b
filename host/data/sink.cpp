#include "data/sink.h"

#include <string>
#include <string_view>

#include "base/error.h"
#include "bridge/boundary.h"

namespace sshost::data {

namespace {

size_t element_size(const ss_buffer_spec& spec) {
  switch (spec.dtype) {
    case SS_UINT8:
    case SS_INT8:
    case SS_BOOL:
      return 1;
    case SS_INT16:
    case SS_FLOAT16:
    case SS_BFLOAT16:
      return 2;
    case SS_INT32:
    case SS_FLOAT32:
      return 4;
    case SS_INT64:
    case SS_FLOAT64:
      return 8;
    default:
      throw Error(to_text(spec) + ": unknown dtype");
  }
}

}  // namespace

void* Sink::allocate_once(cv::Mat& mat, const ss_buffer_spec& spec, int type) {
  if (!mat.empty()) throw Error(to_text(spec) + ": asked for twice");
  mat = guarded_.make(spec, type);
  return mat.data;
}

ss_status Sink::buffer(void* self, const ss_buffer_spec* spec, void** data) {
  return bridge::guarded([&] { *data = static_cast<Sink*>(self)->allocate(*spec); });
}

void* Sink::allocate_image(const ss_buffer_spec& spec) {
  if (image_channels_ == 3) {
    const bool is_rgb = spec.channels == 3 && spec.dtype == SS_UINT8;
    if (!is_rgb) throw Error(to_text(spec) + ": an image has 3 channels of uint8, unless data.channels says otherwise");
    return allocate_once(image_, spec, CV_8UC3);
  }
  if (spec.channels != image_channels_) {
    throw Error(to_text(spec) + ": expected an image of " + std::to_string(image_channels_) +
                " channels, as data.channels says, found " + std::to_string(spec.channels));
  }
  if (spec.dtype != SS_UINT8 && spec.dtype != SS_FLOAT32) throw Error(to_text(spec) + ": expected uint8 or float32");
  const int depth = spec.dtype == SS_FLOAT32 ? CV_32F : CV_8U;
  return allocate_once(image_, spec, CV_MAKETYPE(depth, static_cast<int>(spec.channels)));
}

void* Sink::allocate(const ss_buffer_spec& spec) {
  require_sane(spec);
  const std::string_view name(spec.name.data, spec.name.size);
  if (name == "image") {
    return allocate_image(spec);
  }
  if (name == "label") {
    const bool fits = spec.channels == 1 && (spec.dtype == SS_UINT8 || spec.dtype == SS_INT32);
    if (!fits) throw Error(to_text(spec) + ": a label has 1 channel of uint8 or int32");
    return allocate_once(label_, spec, spec.dtype == SS_UINT8 ? CV_8U : CV_32S);
  }
  const size_t bytes = static_cast<size_t>(spec.height) * spec.width * spec.channels * element_size(spec);
  return guarded_.make_bytes(spec, bytes);
}

}  // namespace sshost::data
