#include "image/png_row_writer.h"

#include <string>

#include "base/error.h"
#include "image/encoding_error.h"

namespace sshost::image {
namespace {

// Errors from the file name it themselves; those of the encoder know no path.
template <typename Function>
auto named(const std::filesystem::path& path, Function&& function) {
  try {
    return function();
  } catch (const EncodingError& error) {
    throw Error("cannot encode " + path.string() + ": " + error.what());
  }
}

}  // namespace

PngRowWriter::PngRowWriter(const std::filesystem::path& path, const PngLayout& layout)
    : path_(path), file_(path, 0), encoder_(layout, [this](std::span<const uint8_t> bytes) {
        file_.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
      }) {}

void PngRowWriter::write(const cv::Mat& rows) {
  named(path_, [&] { encoder_.write(rows); });
}

void PngRowWriter::commit() {
  named(path_, [&] { encoder_.end(); });
  file_.commit();
}

}  // namespace sshost::image
