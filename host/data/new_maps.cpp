#include "data/new_maps.h"

#include <algorithm>

#include "base/error.h"
#include "bridge/boundary.h"

namespace sshost::data {
namespace {

ss_dtype dtype_of(const cv::Mat& map) {
  switch (map.depth()) {
    case CV_8U:
      return SS_UINT8;
    case CV_32S:
      return SS_INT32;
    case CV_32F:
      return SS_FLOAT32;
    default:
      throw Error("a map of OpenCV's type " + std::to_string(map.type()) + ", which transforms do not know");
  }
}

// What an image of bytes may become.
bool is_widened(const ss_sample_map& map, const ss_buffer_spec& spec) {
  return map.kind == SS_MAP_VALUES && map.dtype == SS_UINT8 && spec.dtype == SS_FLOAT32;
}

}  // namespace

void NewMaps::add(const std::string& name, ss_map_kind kind, double fill, const cv::Mat& map) {
  Entry& entry = entries_.emplace_back();
  entry.rows = map.isContinuous() ? map : map.clone();
  entry.abi.size = sizeof(ss_sample_map);
  entry.abi.kind = kind;
  entry.abi.name = bridge::to_ss_string(name);
  entry.abi.dtype = dtype_of(map);
  entry.abi.height = map.rows;
  entry.abi.width = map.cols;
  entry.abi.channels = map.channels();
  entry.abi.fill = fill;
  entry.abi.data = entry.rows.data;
}

const ss_transform_sample* NewMaps::sample() {
  pointers_.clear();
  for (const Entry& entry : entries_) pointers_.push_back(&entry.abi);
  sample_.size = sizeof(sample_);
  sample_.map_count = static_cast<uint32_t>(pointers_.size());
  sample_.id = bridge::to_ss_string(id_);
  sample_.maps = pointers_.data();
  return &sample_;
}

ss_status NewMaps::buffer(void* self, const ss_buffer_spec* spec, void** data) {
  return bridge::guarded([&] { *data = static_cast<NewMaps*>(self)->allocate(*spec); });
}

void* NewMaps::allocate(const ss_buffer_spec& spec) {
  require_sane(spec);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return bridge::view(entry.abi.name) == bridge::view(spec.name);
  });
  if (found == entries_.end()) throw Error(to_text(spec) + ": the sample has no map of that name");
  const ss_sample_map& map = found->abi;
  if (!found->made.empty()) throw Error(to_text(spec) + ": asked for twice");
  if (spec.channels != map.channels || (spec.dtype != map.dtype && !is_widened(map, spec))) {
    throw Error(to_text(spec) + ": expected the channels and the dtype of the map, " + std::to_string(map.channels) +
                " and " + std::to_string(map.dtype));
  }
  const int depth = spec.dtype == SS_UINT8 ? CV_8U : spec.dtype == SS_INT32 ? CV_32S : CV_32F;
  found->made = guarded_.make(spec, CV_MAKETYPE(depth, static_cast<int>(spec.channels)));
  return found->made.data;
}

}  // namespace sshost::data
