#include "image/png_rows.h"

#include <utility>

#include "base/error.h"
#include "image/png_decoder.h"

namespace sshost::image {
namespace {

class PngRows final : public RowReader {
 public:
  PngRows(std::unique_ptr<Source> source, std::unique_ptr<PngDecoder> decoder)
      : RowReader(decoder->width(), decoder->height()), source_(std::move(source)), decoder_(std::move(decoder)) {
    decoder_->open();
    if (decoder_->is_interlaced()) {
      throw Error("an interlaced PNG cannot be read row by row; save it without interlacing, or as TIFF");
    }
    if (PngDecoder::find_orientation(*source_) != 1) {
      throw Error(
          "expected rows from the top left on, found an EXIF orientation that turns the image; save it upright");
    }
    decoder_->begin_rows();
  }

 private:
  void read_row(uint8_t* rgb) override { decoder_->read_row(rgb); }
  std::string decoder_warning() const override { return decoder_->warning(); }

  std::unique_ptr<Source> source_;
  std::unique_ptr<PngDecoder> decoder_;
};

}  // namespace

std::unique_ptr<RowReader> open_png_rows(std::unique_ptr<Source> source) {
  auto decoder = std::make_unique<PngDecoder>(*source);
  return std::make_unique<PngRows>(std::move(source), std::move(decoder));
}

}  // namespace sshost::image
