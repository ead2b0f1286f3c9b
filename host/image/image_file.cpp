#include "image/image_file.h"

#include <new>

#include "base/printable.h"
#include "base/status_error.h"
#include "image/exif_orientation.h"
#include "image/formats.h"
#include "image/limits.h"

namespace sshost::image {
namespace {

[[noreturn]] void refuse(const std::string& who, const std::string& reason) { throw Error(who + reason); }

std::string reason_of(const std::filesystem::path& path, const file::UnreadableFile& error) {
  std::error_code unknown;
  return std::filesystem::exists(path, unknown) || unknown ? error.reason() : "no such file";
}

// What `decode` gives; errors begin with `who`.
template <class Decode>
auto naming(const std::string& who, const std::filesystem::path& path, const Decode& decode) {
  try {
    return decode();
  } catch (const file::UnreadableFile& error) {
    refuse(who, reason_of(path, error));
  } catch (const Error& error) {
    refuse(who, error.what());
  } catch (const cv::Exception& error) {
    if (error.code != cv::Error::StsNoMem) refuse(who, error.err);
  } catch (const std::bad_alloc&) {
  }
  throw StatusError(SS_OUT_OF_MEMORY, who + "out of memory");
}

}  // namespace

void refuse_colors_as_label(int channels) {
  throw Error("a label has one channel, this image stores " + std::to_string(channels) +
              " (colours; read it as an image)");
}

Image decode_image(const Source& source, Mode mode) {
  const auto decoder = format_of(source).open(source);
  check_size(decoder->width(), decoder->height(), source.size(), mode == Mode::kLabel);
  cv::Mat pixels = mode == Mode::kLabel     ? decoder->label()
                   : mode == Mode::kSamples ? decoder->samples()
                                            : decoder->rgb();
  if (mode == Mode::kRgb || mode == Mode::kSamples) turn(pixels, decoder->orientation());
  return {pixels, decoder->warning()};
}

Image read_image(const std::filesystem::path& path, Mode mode) {
  const std::string who = "image " + printable_line(path.string()) + ": ";
  return naming(who, path, [&] {
    Image image = decode_image(FileSource(path), mode);
    if (!image.warning.empty()) image.warning = who + image.warning;
    return image;
  });
}

int orientation_of(const std::filesystem::path& path) {
  return naming("image " + printable_line(path.string()) + ": ", path, [&] {
    const FileSource source(path);
    const auto decoder = format_of(source).open(source);
    check_size(decoder->width(), decoder->height(), source.size(), false);
    decoder->rgb();
    return decoder->orientation();
  });
}

}  // namespace sshost::image
