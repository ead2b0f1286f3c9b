#include "data/sink.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.h"
#include "bridge/boundary.h"

namespace sshost::data {

namespace {

constexpr int64_t kLongestSide = 1 << 16;

std::string text(const ss_buffer_spec& spec) {
  return "buffer \"" + std::string(spec.name.data, spec.name.size) + "\" of " + std::to_string(spec.height) + "x" +
         std::to_string(spec.width) + "x" + std::to_string(spec.channels) + ", dtype " + std::to_string(spec.dtype);
}

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
      throw Error(text(spec) + ": unknown dtype");
  }
}

// Bytes before and behind a buffer that are not the plugin's, and what they hold.
constexpr size_t kGuard = 64;
constexpr uint8_t kGuardByte = 0xa5;

bool is_whole(const uint8_t* guard) {
  return std::all_of(guard, guard + kGuard, [](uint8_t byte) { return byte == kGuardByte; });
}

}  // namespace

// The matrix is the middle of a larger one, which it keeps alive, and no part of it in OpenCV's eyes: filters read what
// lies around a part.
void* Sink::allocate_once(cv::Mat& mat, const ss_buffer_spec& spec, int type) {
  if (!mat.empty()) throw Error(text(spec) + ": asked for twice");
  const auto rows = static_cast<int>(spec.height), columns = static_cast<int>(spec.width);
  const size_t row = static_cast<size_t>(columns) * CV_ELEM_SIZE(type);
  const auto around = static_cast<int>((kGuard + row - 1) / row);
  mat = cv::Mat(rows + 2 * around, columns, type).rowRange(around, around + rows);
  mat.flags &= ~cv::Mat::SUBMATRIX_FLAG;
  mat.datastart = mat.data;
  mat.dataend = mat.datalimit = mat.data + row * static_cast<size_t>(rows);
  return guard(spec, mat.data, row * static_cast<size_t>(rows));
}

void* Sink::guard(const ss_buffer_spec& spec, uint8_t* data, size_t bytes) {
  std::memset(data - kGuard, kGuardByte, kGuard);
  std::memset(data + bytes, kGuardByte, kGuard);
  guarded_.push_back({text(spec), data, bytes});
  return data;
}

void Sink::require_guards(const std::string& who) const {
  for (const Guarded& buffer : guarded_) {
    if (is_whole(buffer.data - kGuard) && is_whole(buffer.data + buffer.bytes)) continue;
    throw Error(who + ": `read` writes beyond its " + buffer.name + ", which has " + std::to_string(buffer.bytes) +
                " bytes");
  }
}

ss_status Sink::buffer(void* self, const ss_buffer_spec* spec, void** data) {
  return bridge::guarded([&] { *data = static_cast<Sink*>(self)->allocate(*spec); });
}

void* Sink::allocate_image(const ss_buffer_spec& spec) {
  if (image_channels_ == 3) {
    const bool is_rgb = spec.channels == 3 && spec.dtype == SS_UINT8;
    if (!is_rgb) throw Error(text(spec) + ": an image has 3 channels of uint8, unless data.channels says otherwise");
    return allocate_once(image_, spec, CV_8UC3);
  }
  if (spec.channels != image_channels_) {
    throw Error(text(spec) + ": expected an image of " + std::to_string(image_channels_) +
                " channels, as data.channels says, found " + std::to_string(spec.channels));
  }
  if (spec.dtype != SS_UINT8 && spec.dtype != SS_FLOAT32) throw Error(text(spec) + ": expected uint8 or float32");
  const int depth = spec.dtype == SS_FLOAT32 ? CV_32F : CV_8U;
  return allocate_once(image_, spec, CV_MAKETYPE(depth, static_cast<int>(spec.channels)));
}

void* Sink::allocate(const ss_buffer_spec& spec) {
  if (!SS_HAS(ss_buffer_spec, &spec, channels)) throw Error("a buffer spec is shorter than the contract's");
  const bool sane = spec.height >= 1 && spec.height <= kLongestSide && spec.width >= 1 && spec.width <= kLongestSide &&
                    spec.channels >= 1 && spec.channels <= kLongestSide;
  if (!sane) throw Error(text(spec) + ": every size has to be in 1.." + std::to_string(kLongestSide));

  const std::string_view name(spec.name.data, spec.name.size);
  if (name == "image") {
    return allocate_image(spec);
  }
  if (name == "label") {
    const bool fits = spec.channels == 1 && (spec.dtype == SS_UINT8 || spec.dtype == SS_INT32);
    if (!fits) throw Error(text(spec) + ": a label has 1 channel of uint8 or int32");
    return allocate_once(label_, spec, spec.dtype == SS_UINT8 ? CV_8U : CV_32S);
  }
  const size_t bytes = static_cast<size_t>(spec.height) * spec.width * spec.channels * element_size(spec);
  return guard(spec, extras_.emplace_back(bytes + 2 * kGuard).data() + kGuard, bytes);
}

}  // namespace sshost::data
