#include "data/guarded_buffers.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace sshost::data {
namespace {

constexpr int64_t kLongestSide = 1 << 16;

// Bytes before and behind a buffer that are not the plugin's, and what they hold.
constexpr size_t kGuard = 64;
constexpr uint8_t kGuardByte = 0xa5;

bool is_whole(const uint8_t* guard) {
  return std::all_of(guard, guard + kGuard, [](uint8_t byte) { return byte == kGuardByte; });
}

}  // namespace

std::string to_text(const ss_buffer_spec& spec) {
  return "buffer \"" + std::string(spec.name.data, spec.name.size) + "\" of " + std::to_string(spec.height) + "x" +
         std::to_string(spec.width) + "x" + std::to_string(spec.channels) + ", dtype " + std::to_string(spec.dtype);
}

void require_sane(const ss_buffer_spec& spec) {
  if (!SS_HAS(ss_buffer_spec, &spec, channels)) throw Error("a buffer spec is shorter than the contract's");
  const auto is_side = [](int64_t size) { return size >= 1 && size <= kLongestSide; };
  if (is_side(spec.height) && is_side(spec.width) && is_side(spec.channels)) return;
  throw Error(to_text(spec) + ": every size has to be in 1.." + std::to_string(kLongestSide));
}

// The matrix is the middle of a larger one, which it keeps alive, and no part of it in OpenCV's eyes: filters read what
// lies around a part.
cv::Mat GuardedBuffers::make(const ss_buffer_spec& spec, int type) {
  const auto rows = static_cast<int>(spec.height), columns = static_cast<int>(spec.width);
  const size_t row = static_cast<size_t>(columns) * CV_ELEM_SIZE(type);
  const auto around = static_cast<int>((kGuard + row - 1) / row);
  cv::Mat mat = cv::Mat(rows + 2 * around, columns, type).rowRange(around, around + rows);
  mat.flags &= ~cv::Mat::SUBMATRIX_FLAG;
  mat.datastart = mat.data;
  mat.dataend = mat.datalimit = mat.data + row * static_cast<size_t>(rows);
  guard(spec, mat.data, row * static_cast<size_t>(rows));
  return mat;
}

void* GuardedBuffers::make_bytes(const ss_buffer_spec& spec, size_t bytes) {
  return guard(spec, bytes_.emplace_back(bytes + 2 * kGuard).data() + kGuard, bytes);
}

uint8_t* GuardedBuffers::guard(const ss_buffer_spec& spec, uint8_t* data, size_t bytes) {
  std::memset(data - kGuard, kGuardByte, kGuard);
  std::memset(data + bytes, kGuardByte, kGuard);
  guarded_.push_back({to_text(spec), data, bytes});
  return data;
}

void GuardedBuffers::require_whole(const std::string& who, const std::string& function) const {
  for (const Guarded& buffer : guarded_) {
    if (is_whole(buffer.data - kGuard) && is_whole(buffer.data + buffer.bytes)) continue;
    throw Error(who + ": `" + function + "` writes beyond its " + buffer.name + ", which has " +
                std::to_string(buffer.bytes) + " bytes");
  }
}

}  // namespace sshost::data
