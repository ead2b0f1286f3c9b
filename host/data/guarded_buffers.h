#ifndef SSHOST_DATA_GUARDED_BUFFERS_H
#define SSHOST_DATA_GUARDED_BUFFERS_H

#include <sshost/abi/dataset.h>

#include <cstdint>
#include <deque>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace sshost::data {

// Buffers that a plugin writes: in front of each and behind it lie bytes that are not the plugin's.
class GuardedBuffers {
 public:
  // height x width of this type of OpenCV's, not initialised. The guards lie outside of the matrix, which keeps them
  // alive.
  cv::Mat make(const ss_buffer_spec& spec, int type);

  // So many bytes, which live as long as this.
  void* make_bytes(const ss_buffer_spec& spec, size_t bytes);

  // Throws Error with `who` where a guard has been written to, by that function of the contract.
  void require_whole(const std::string& who, const std::string& function) const;

 private:
  struct Guarded {
    std::string name;
    const uint8_t* data;
    size_t bytes;
  };
  uint8_t* guard(const ss_buffer_spec& spec, uint8_t* data, size_t bytes);

  std::vector<Guarded> guarded_;
  std::deque<std::vector<uint8_t>> bytes_;
};

// `buffer "image" of 8x8x3, dtype 0`
std::string to_text(const ss_buffer_spec& spec);

// Throws Error where the spec is shorter than the contract's, or a size is none that an image has.
void require_sane(const ss_buffer_spec& spec);

}  // namespace sshost::data

#endif  // SSHOST_DATA_GUARDED_BUFFERS_H
