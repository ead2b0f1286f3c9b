#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "image/decoder.h"
#include "image/decoding_stop.h"
#include "image/exif_orientation.h"
#include "image/limits.h"
#include "image/tiff_handle.h"
#include "image/tiff_samples.h"

namespace sshost::image {
namespace {

constexpr uint32_t kRowsAtOnce = 64;  // at least, where strips are lower

// libtiff's own conversion to 8 bits of RGB, some rows at a time.
class RgbaRows {
 public:
  explicit RgbaRows(const TiffHandle& file) : file_(file) {
    if (TIFFRGBAImageOK(file_.get(), problem_) == 0 || TIFFRGBAImageBegin(&image_, file_.get(), 1, problem_) == 0) {
      throw Error("cannot be decoded: a TIFF that is stored in a way that is not known here: " + std::string(problem_));
    }
    image_.req_orientation = image_.orientation;  // nothing is turned here
  }
  ~RgbaRows() { TIFFRGBAImageEnd(&image_); }
  RgbaRows(const RgbaRows&) = delete;
  RgbaRows& operator=(const RgbaRows&) = delete;

  void read(int first, cv::Mat& rows) {
    raster_.resize(rows.total());
    image_.row_offset = first;
    if (TIFFRGBAImageGet(&image_, raster_.data(), static_cast<uint32_t>(rows.cols), static_cast<uint32_t>(rows.rows)) ==
        0) {
      file_.refuse();
    }
    const uint32_t* from = raster_.data();
    for (int y = 0; y < rows.rows; ++y) {
      uint8_t* to = rows.ptr(y);
      for (int x = 0; x < rows.cols; ++x, ++from, to += 3) {
        to[0] = static_cast<uint8_t>(TIFFGetR(*from));
        to[1] = static_cast<uint8_t>(TIFFGetG(*from));
        to[2] = static_cast<uint8_t>(TIFFGetB(*from));
      }
    }
  }

 private:
  const TiffHandle& file_;
  TIFFRGBAImage image_{};
  char problem_[1024] = "";
  std::vector<uint32_t> raster_;
};

// Only of numbers without a sign is it known which one is white.
void require_plain(const TiffSamples& samples) {
  if (!samples.is_unsigned()) throw Error("signed or real samples, of which 0 is white: store them with 0 for black");
}

// A label of numbers with a sign, or of real ones that are whole, as CV_32SC1.
cv::Mat whole_numbers(const cv::Mat& label) {
  cv::Mat numbers;
  label.convertTo(numbers, CV_32S);
  if (label.depth() != CV_32F && label.depth() != CV_64F) return numbers;
  cv::Mat again;
  numbers.convertTo(again, label.depth());
  cv::Mat differs;
  cv::compare(again, label, differs, cv::CMP_NE);
  std::vector<cv::Point> places;
  cv::findNonZero(differs, places);
  if (places.empty()) return numbers;
  const cv::Point at = places.front();
  const double found = label.depth() == CV_32F ? label.at<float>(at) : label.at<double>(at);
  throw Error("expected a label's numbers to be whole, of at most 32 bits; found " + std::to_string(found) +
              " at column " + std::to_string(at.x) + ", row " + std::to_string(at.y));
}

class TiffDecoder final : public Decoder {
 public:
  explicit TiffDecoder(const Source& source);

  cv::Mat rgb() override;
  cv::Mat label() override;
  cv::Mat samples() override;
  std::string warning() const override { return file_ ? file_->warning() : ""; }

 private:
  void open(TiffHandle::Access access);
  int rows_at_once() const;
  void require_shown() const;

  const Source& source_;
  bool has_plain_tiles_ = false;
  std::unique_ptr<TiffHandle> file_;  // of the pixels
};

TiffDecoder::TiffDecoder(const Source& source) : source_(source) {
  TiffHandle header(source, kMostHeaderBytes);
  width_ = header.value<uint32_t>(TIFFTAG_IMAGEWIDTH);
  height_ = header.value<uint32_t>(TIFFTAG_IMAGELENGTH);
  has_plain_tiles_ = TIFFIsTiled(header.get()) != 0 && header.value<uint16_t>(TIFFTAG_COMPRESSION) == COMPRESSION_NONE;
  header.require_one_page();
}

void TiffDecoder::open(TiffHandle::Access access) {
  file_ = std::make_unique<TiffHandle>(source_, most_bytes(width_, height_), access);
}

// Whole strips, or rows of tiles: libtiff decodes them as a whole.
int TiffDecoder::rows_at_once() const {
  const bool tiled = TIFFIsTiled(file_->get()) != 0;
  const auto unit = file_->value<uint32_t>(tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP);
  if (unit == 0) throw Error("cannot be decoded: broken TIFF: strips or tiles without rows");
  const uint64_t rows = tiled ? unit : uint64_t{unit} * std::max(1U, kRowsAtOnce / unit);
  return static_cast<int>(std::min<uint64_t>(rows, static_cast<uint64_t>(height_)));
}

// libtiff would take a number with a sign for one without: -1 would be the brightest.
void TiffDecoder::require_shown() const {
  const auto format = file_->value<uint16_t>(TIFFTAG_SAMPLEFORMAT);
  if (format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID) return;
  throw Error("expected a picture's samples to be numbers without a sign, which have a black and a white; found " +
              std::string(format == SAMPLEFORMAT_IEEEFP ? "floating point" : "signed numbers") +
              ". As they are they are read by data.channels with another number than 3; else convert them, as by "
              "gdal_translate -ot Byte -scale");
}

cv::Mat TiffDecoder::rgb() {
  open(has_plain_tiles_ ? TiffHandle::Access::kWhole : TiffHandle::Access::kPieces);
  const auto samples = file_->value<uint16_t>(TIFFTAG_SAMPLESPERPIXEL);
  if (samples > 4) {
    throw Error("expected grey or RGB with at most an alpha, found " + std::to_string(samples) + " samples a pixel");
  }
  require_shown();
  cv::Mat pixels(static_cast<int>(height_), static_cast<int>(width_), CV_8UC3);
  RgbaRows reader(*file_);
  const int step = rows_at_once();
  for (int y = 0; y < pixels.rows; y += step) {
    DecodingStop::check();
    cv::Mat rows = pixels.rowRange(y, std::min(pixels.rows, y + step));
    reader.read(y, rows);
  }
  turn(pixels, file_->value<uint16_t>(TIFFTAG_ORIENTATION));
  return pixels;
}

cv::Mat TiffDecoder::label() {
  open(TiffHandle::Access::kPieces);
  const auto photometric = file_->value<uint16_t>(TIFFTAG_PHOTOMETRIC);
  const bool is_inverted = photometric == PHOTOMETRIC_MINISWHITE;
  if (!is_inverted && photometric != PHOTOMETRIC_MINISBLACK && photometric != PHOTOMETRIC_PALETTE) {
    refuse_colors_as_label(file_->value<uint16_t>(TIFFTAG_SAMPLESPERPIXEL));
  }
  TiffSamples samples(*file_, most_bytes(width_, height_));
  cv::Mat label = samples.read(1);
  if (is_inverted) require_plain(samples);
  if (is_inverted) label = samples.most() - label;
  if (!samples.is_unsigned()) label = whole_numbers(label);
  turn(label, file_->value<uint16_t>(TIFFTAG_ORIENTATION));
  return label;
}

// Those that libtiff has to convert first are colours. Numbers with a sign, and such of 32 bits, become CV_32F.
cv::Mat TiffDecoder::samples() {
  open(TiffHandle::Access::kPieces);
  const auto photometric = file_->value<uint16_t>(TIFFTAG_PHOTOMETRIC);
  if (photometric != PHOTOMETRIC_MINISBLACK && photometric != PHOTOMETRIC_MINISWHITE &&
      photometric != PHOTOMETRIC_RGB && photometric != PHOTOMETRIC_SEPARATED) {
    return rgb();
  }
  TiffSamples stored(*file_, most_bytes(width_, height_));
  check_samples(width_, height_, stored.count());
  cv::Mat samples = stored.read(stored.count());
  if (!stored.is_unsigned()) samples.convertTo(samples, CV_32F);
  if (photometric == PHOTOMETRIC_MINISWHITE) {
    require_plain(stored);
    cv::Mat values = samples.reshape(1);  // OpenCV's scalars end at four channels
    cv::subtract(cv::Scalar::all(stored.most()), values, values);
  }
  if (stored.is_unsigned() && stored.most() < 255) samples *= 255 / stored.most();
  turn(samples, file_->value<uint16_t>(TIFFTAG_ORIENTATION));
  return samples;
}

}  // namespace

std::unique_ptr<Decoder> open_tiff(const Source& source) { return std::make_unique<TiffDecoder>(source); }

}  // namespace sshost::image
