#include "image/tiff_handle.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "base/error.h"
#include "image/decoding_stop.h"
#include "image/limits.h"

namespace sshost::image {

TiffHandle::TiffHandle(const Source& source, uint64_t most, Access access)
    : source_(source), left_of_tags_(std::min(most, kMostTagBytes)) {
  if (access == Access::kWhole) {
    if (source.size() > most) throw Error("cannot be decoded: broken TIFF: more bytes than its image can need");
    whole_.resize(source.size());
    whole_.resize(source.read(0, whole_.data(), whole_.size()));
  }
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(most));
  TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options, keep_warning, this);
  const auto write = [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; };
  const auto close = [](thandle_t) { return 0; };
  const auto unmap = [](thandle_t, void*, toff_t) {};
  const char* mode = access == Access::kWhole ? "r" : "rm";
  tiff_ = TIFFClientOpenExt("", mode, this, read, write, seek, close, size, map, unmap, options);
  TIFFOpenOptionsFree(options);
  if (tiff_ == nullptr) refuse();
  reads_tags_ = false;
}

void TiffHandle::refuse() const { throw Error("cannot be decoded: broken TIFF: " + std::string(error_)); }

int64_t TiffHandle::count_pages() {
  constexpr int kMostCounted = 1000;
  const auto width = value<uint32_t>(TIFFTAG_IMAGEWIDTH), height = value<uint32_t>(TIFFTAG_IMAGELENGTH);
  int64_t pages = 1, directories = 1;
  while (directories < kMostCounted && TIFFLastDirectory(tiff_) == 0 && TIFFReadDirectory(tiff_) != 0) {
    ++directories;
    DecodingStop::check();
    const bool is_beside = (value<uint32_t>(TIFFTAG_SUBFILETYPE) & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0;
    const bool is_smaller =
        value<uint32_t>(TIFFTAG_IMAGEWIDTH) < width && value<uint32_t>(TIFFTAG_IMAGELENGTH) < height;
    pages += !is_beside && !is_smaller;
  }
  return pages;
}

void TiffHandle::require_one_page() {
  if (TIFFLastDirectory(tiff_) != 0) return;
  reads_tags_ = true;
  const int64_t pages = count_pages();
  reads_tags_ = false;
  if (pages > 1) {
    throw Error(
        "holds " + std::to_string(pages) +
        " pages, of which one alone would be read; expected one. `tiffsplit FILE page_` makes a file of each; " +
        "channels of one image belong into one page, as samples of a pixel (data.channels reads them), and the " +
        "pages of a label into one picture of numbers");
  }
  if (TIFFSetDirectory(tiff_, 0) == 0) refuse();
}

int TiffHandle::keep_error(TIFF*, void* self, const char*, const char* format, va_list arguments) {
  std::vsnprintf(static_cast<TiffHandle*>(self)->error_, sizeof error_, format, arguments);
  return 1;
}

int TiffHandle::keep_warning(TIFF*, void* self, const char*, const char* format, va_list arguments) {
  char* warning = static_cast<TiffHandle*>(self)->warning_;
  if (warning[0] != '\0' || std::string_view(format).starts_with("Unknown field")) return 1;
  std::vsnprintf(warning, sizeof warning_, format, arguments);
  return 1;
}

bool TiffHandle::may_read_tags(uint64_t bytes) {
  if (bytes > left_of_tags_) return false;
  left_of_tags_ -= bytes;
  return true;
}

tmsize_t TiffHandle::read(thandle_t self, void* out, tmsize_t bytes) {
  auto* handle = static_cast<TiffHandle*>(self);
  if (handle->reads_tags_ && !handle->may_read_tags(static_cast<uint64_t>(bytes))) return 0;
  const size_t count = handle->source_.read(handle->offset_, out, static_cast<size_t>(bytes));
  handle->offset_ += count;
  return static_cast<tmsize_t>(count);
}

toff_t TiffHandle::seek(thandle_t self, toff_t offset, int from) {
  auto* handle = static_cast<TiffHandle*>(self);
  const uint64_t begin = from == SEEK_CUR ? handle->offset_ : from == SEEK_END ? handle->source_.size() : 0;
  return handle->offset_ = begin + offset;
}

int TiffHandle::map(thandle_t self, void** out, toff_t* bytes) {
  auto* handle = static_cast<TiffHandle*>(self);
  *out = handle->whole_.data();
  *bytes = handle->whole_.size();
  return handle->whole_.empty() ? 0 : 1;
}

toff_t TiffHandle::size(thandle_t self) { return static_cast<TiffHandle*>(self)->source_.size(); }

}  // namespace sshost::image
