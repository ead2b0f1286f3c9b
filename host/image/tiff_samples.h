#ifndef SSHOST_IMAGE_TIFF_SAMPLES_H
#define SSHOST_IMAGE_TIFF_SAMPLES_H

#include <opencv2/core.hpp>
#include <vector>

#include "image/tiff_handle.h"

namespace sshost::image {

// A TIFF's samples as they are stored, in strips or tiles, side by side or in planes of their own.
class TiffSamples {
 public:
  // Throws Error where samples are of no kind that depth() knows, or where a strip or a tile is larger than `most`
  // bytes.
  TiffSamples(const TiffHandle& file, uint64_t most);

  int count() const { return samples_; }  // of each pixel

  // Of a sample: CV_8U or CV_16U for 1, 2, 4, 8 and 16 bits without a sign; CV_8S, CV_16S or CV_32S with one; CV_32S
  // for 32 bits without one, too; CV_32F or CV_64F.
  int depth() const { return depth_; }
  bool is_unsigned() const { return depth_ == CV_8U || depth_ == CV_16U; }
  int most() const { return (1 << bits_) - 1; }  // of a sample's values where is_unsigned()

  // The first `count` of each pixel, CV_MAKETYPE(depth(), count). Throws Error where the file is broken, or a number of
  // 32 bits has no place in CV_32S.
  cv::Mat read(int count);

 private:
  struct Block {
    uint32_t left, top;
    int plane;  // 0 where the samples stand side by side
  };
  void read_block(const Block& block, uint64_t rows);
  void copy_row(const uint8_t* from, cv::Mat& out, int y, uint32_t left, int sample) const;
  void read_plane(cv::Mat& out, int plane);

  const TiffHandle& file_;
  uint32_t width_, height_;
  int bits_, samples_;
  int format_;  // SAMPLEFORMAT_...
  int depth_;
  bool is_tiled_, has_planes_;
  uint32_t block_width_, block_height_;
  uint64_t row_bytes_;           // of a block
  std::vector<uint8_t> buffer_;  // a block
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_TIFF_SAMPLES_H
