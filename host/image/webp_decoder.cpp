#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/error.h"
#include "image/decoder.h"
#include "image/exif_orientation.h"
#include "image/limits.h"

namespace sshost::image {
namespace {

constexpr size_t kFirstBytes = 4096;  // more than the header of any WebP
constexpr size_t kRiffBytes = 8;      // "RIFF" and the length of the rest

[[noreturn]] void refuse(const std::string& reason) { throw Error("cannot be decoded: broken WebP: " + reason); }

// The EXIF data of a whole file; empty where there are none.
std::vector<uint8_t> exif_of(const std::vector<uint8_t>& file) {
  const WebPData data{file.data(), file.size()};
  const std::unique_ptr<WebPDemuxer, decltype(&WebPDemuxDelete)> demuxer(WebPDemux(&data), &WebPDemuxDelete);
  WebPChunkIterator found{};
  if (demuxer == nullptr || WebPDemuxGetChunk(demuxer.get(), "EXIF", 1, &found) == 0) return {};
  std::vector<uint8_t> exif(found.chunk.bytes, found.chunk.bytes + found.chunk.size);
  WebPDemuxReleaseChunkIterator(&found);
  return exif;
}

class WebpDecoder final : public Decoder {
 public:
  explicit WebpDecoder(const Source& source);
  cv::Mat rgb() override { return read(CV_8UC3, WebPDecodeRGBInto); }
  cv::Mat samples() override { return has_alpha_ ? read(CV_8UC4, WebPDecodeRGBAInto) : rgb(); }
  cv::Mat label() override { refuse_colors_as_label(3); }
  int orientation() const override { return orientation_; }

 private:
  std::vector<uint8_t> whole_file() const;
  cv::Mat read(int type, decltype(&WebPDecodeRGBInto) decode);

  const Source& source_;
  uint64_t bytes_ = 0;  // of the file, as it says itself
  bool has_alpha_ = false;
  int orientation_ = 1;
};

WebpDecoder::WebpDecoder(const Source& source) : source_(source) {
  std::array<uint8_t, kFirstBytes> first{};
  const size_t count = source.read(0, first.data(), first.size());
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(first.data(), count, &features) != VP8_STATUS_OK) refuse("its header is damaged");
  if (features.has_animation != 0) {
    throw Error("cannot be decoded: it is an animated WebP; take a frame out of it as PNG or JPEG");
  }
  width_ = features.width;
  height_ = features.height;
  has_alpha_ = features.has_alpha != 0;
  for (size_t i = 0; i < 4; ++i) bytes_ |= uint64_t{first[4 + i]} << 8 * i;
  bytes_ += kRiffBytes;
}

std::vector<uint8_t> WebpDecoder::whole_file() const {
  if (bytes_ > most_bytes(width_, height_)) refuse("it holds more bytes than an image of its size can need");
  if (bytes_ > source_.size() + 1) refuse("the file ends too early");  // a last byte of padding may be left out
  std::vector<uint8_t> file(std::min(bytes_, source_.size()));
  if (source_.read(0, file.data(), file.size()) != file.size()) refuse("the file ends too early");
  return file;
}

cv::Mat WebpDecoder::read(int type, decltype(&WebPDecodeRGBInto) decode) {
  const std::vector<uint8_t> file = whole_file();
  cv::Mat pixels(static_cast<int>(height_), static_cast<int>(width_), type);
  const size_t row = pixels.step[0];
  if (decode(file.data(), file.size(), pixels.data, row * static_cast<size_t>(height_), static_cast<int>(row)) ==
      nullptr) {
    refuse("its pixels are damaged");
  }
  orientation_ = exif_orientation(exif_of(file));
  return pixels;
}

}  // namespace

std::unique_ptr<Decoder> open_webp(const Source& source) { return std::make_unique<WebpDecoder>(source); }

}  // namespace sshost::image
