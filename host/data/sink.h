#ifndef SSHOST_DATA_SINK_H
#define SSHOST_DATA_SINK_H

#include <sshost/abi/dataset.h>

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>

#include "data/guarded_buffers.h"

namespace sshost::data {

// The buffers that one call of a data set's `read` asks for. A request that breaks the contract fails inside the
// plugin's call, with the reason as the thread's message.
class Sink {
 public:
  explicit Sink(int64_t image_channels) : image_channels_(image_channels) {}

  ss_sample_sink abi() { return {this, &Sink::buffer}; }

  // Throws Error with `who` where bytes around a buffer have been written to. Call it once `read` is back.
  void require_guards(const std::string& who) const { guarded_.require_whole(who, "read"); }

  const cv::Mat& image() const { return image_; }  // 8 bits or CV_32F, of the channels; empty: not asked for
  const cv::Mat& label() const { return label_; }  // CV_8U or CV_32S, or empty

 private:
  static ss_status buffer(void* self, const ss_buffer_spec* spec, void** data);
  void* allocate(const ss_buffer_spec& spec);
  void* allocate_image(const ss_buffer_spec& spec);
  void* allocate_once(cv::Mat& mat, const ss_buffer_spec& spec, int type);

  int64_t image_channels_;
  cv::Mat image_;
  cv::Mat label_;
  GuardedBuffers guarded_;  // with those of the data set's own, which nothing in the host reads
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_SINK_H
