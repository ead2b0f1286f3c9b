#ifndef SSHOST_DATA_NEW_MAPS_H
#define SSHOST_DATA_NEW_MAPS_H

#include <sshost/abi/transform.h>

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "data/guarded_buffers.h"

namespace sshost::data {

// The maps of a sample as a transform of a plugin sees them, and what it makes of them. A request that breaks the
// contract fails inside the plugin's call, with the reason as the thread's message.
class NewMaps {
 public:
  explicit NewMaps(const std::string& id) : id_(id) {}
  NewMaps(const NewMaps&) = delete;
  NewMaps& operator=(const NewMaps&) = delete;

  // The image comes first. `name` and `map` outlive this.
  void add(const std::string& name, ss_map_kind kind, double fill, const cv::Mat& map);

  // For one call, behind the last add(); valid until this moves.
  const ss_transform_sample* sample();
  ss_sample_sink sink() { return {this, &NewMaps::buffer}; }

  // Throws Error with `who` where bytes around a buffer have been written to.
  void require_guards(const std::string& who) const { guarded_.require_whole(who, "apply"); }

  // What became of the map that was added so; empty where no buffer was asked for it.
  const cv::Mat& made(size_t index) const { return entries_[index].made; }

 private:
  struct Entry {
    ss_sample_map abi;
    cv::Mat rows;  // the map, without padding
    cv::Mat made;
  };
  static ss_status buffer(void* self, const ss_buffer_spec* spec, void** data);
  void* allocate(const ss_buffer_spec& spec);

  const std::string& id_;
  std::vector<Entry> entries_;
  std::vector<const ss_sample_map*> pointers_;
  ss_transform_sample sample_{};
  GuardedBuffers guarded_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_NEW_MAPS_H
