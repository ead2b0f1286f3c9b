#ifndef SSHOST_IMAGE_DECODER_H
#define SSHOST_IMAGE_DECODER_H

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "image/source.h"

namespace sshost::image {

// One image of one format. It is opened by reading the header alone; the caller looks at the size, and then asks once
// for the pixels, in one of the ways below. Functions throw Error without a path where the file is broken, or stored in
// a way that is not read here. Threads: one at a time. The source outlives the decoder.
class Decoder {
 public:
  virtual ~Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // As stored, before anything is turned; at least 1.
  int64_t width() const { return width_; }
  int64_t height() const { return height_; }

  // CV_8UC3 RGB, with the values that OpenCV's IMREAD_COLOR gives: grey and palettes become colours, 16 bits become 8,
  // an alpha channel is dropped.
  virtual cv::Mat rgb() = 0;

  // The one channel of a label as it is stored, CV_8UC1 or CV_16UC1, or CV_32SC1 where numbers may be negative or take
  // 32 bits: a palette's indices, and grey values without
  // scaling, from 0 for black on. An alpha channel beside grey is dropped; colours are refused.
  virtual cv::Mat label() = 0;

  // All channels as they are stored, side by side, CV_8UC(n) or CV_16UC(n), CV_32FC(n) of other numbers: an alpha channel is one of them and is
  // multiplied into nothing, values of 16 bits stay. A palette becomes its colours, grey of less than 8 bits is scaled.
  virtual cv::Mat samples() { return rgb(); }

  // How a camera was held, as EXIF data say (exif_orientation.h). Known after the pixels.
  virtual int orientation() const { return 1; }

  // The first thing that the format's library complained of though it went on, such as bytes that have been damaged;
  // empty: nothing. What it does not know, or need, of text, colour profiles and the like does not count.
  virtual std::string warning() const { return {}; }

 protected:
  Decoder() = default;

  int64_t width_ = 0;
  int64_t height_ = 0;
};

// Each reads the header.
std::unique_ptr<Decoder> open_jpeg(const Source& source);
std::unique_ptr<Decoder> open_png(const Source& source);
std::unique_ptr<Decoder> open_tiff(const Source& source);
std::unique_ptr<Decoder> open_webp(const Source& source);
std::unique_ptr<Decoder> open_bmp(const Source& source);
std::unique_ptr<Decoder> open_pnm(const Source& source);

// For label(): throws "a label has one channel, this image stores ... colours".
[[noreturn]] void refuse_colors_as_label(int channels);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_DECODER_H
