#include "app/image_source.h"

#include <cstdint>

#include "base/error.h"
#include "data/dataset.h"
#include "data/size_text.h"
#include "infer/predictor.h"
#include "infer/row_predictor.h"
#include "output/prediction_rows.h"

namespace sshost::app {
namespace {

// From so many pixels on, a PNG or TIFF is predicted row by row where the settings allow it.
constexpr int64_t kPixelsToStream = int64_t{1} << 26;

}  // namespace

// Why no image can be predicted row by row; empty where one can.
std::string ImageSource::reason_against_rows() const {
  // Whose formats are never among those of rows: another format would not help.
  if (pipeline_.model.independent) return infer::reason_against_rows(pipeline_);
  const std::string format = output::PredictionRows::format_against_rows(formats_);
  if (!format.empty()) return "evaluate.prediction_formats: expected index, palette or overlay, found " + format;
  const int64_t channels = pipeline_.data.channels;
  if (channels != 3) return "data.channels: expected 3, found " + std::to_string(channels);
  return infer::reason_against_rows(pipeline_);
}

OpenedImage ImageSource::open(const std::filesystem::path& path) const {
  const std::string how = path.string() + ": to be predicted row by row, as --stream asks for, ";
  std::unique_ptr<image::RowReader> rows;
  try {
    rows = image::open_rows(path);
  } catch (const Error& error) {
    if (streams_) throw data::BrokenSample(error.what());
    return {nullptr, error.what()};  // the decoder of whole images may know it
  }
  if (!rows) {
    if (streams_) throw UsageError(how + "it has to be a PNG or TIFF file");
    return {};
  }
  const bool is_large = rows->height() > kPixelsToStream / rows->width();
  if (!is_large && !streams_) return {};
  const std::string reason = reason_against_rows();
  if (reason.empty()) return {std::move(rows), ""};
  if (streams_) throw UsageError(how + reason);
  return {nullptr, reason};
}

cv::Mat ImageSource::read_whole(const std::filesystem::path& path, const std::string& reason_against_rows,
                                Log& log) const {
  cv::Mat image;
  try {
    image = infer::read_image(path, {pipeline_.data.channels, pipeline_.data.strict_images});
  } catch (const Error& error) {
    const std::string also =
        reason_against_rows.empty() ? "" : "; nor can it be read row by row: " + reason_against_rows;
    throw data::BrokenSample(error.what() + also);
  }
  if (!reason_against_rows.empty() && static_cast<int64_t>(image.total()) > kPixelsToStream) {
    log.warning(path.string() + ": " + data::size_text(image) +
                " pixels are read at once; to save memory, row by row: " + reason_against_rows);
  }
  return image;
}

}  // namespace sshost::app
