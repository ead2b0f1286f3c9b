#ifndef SSHOST_IMAGE_TIFF_HANDLE_H
#define SSHOST_IMAGE_TIFF_HANDLE_H

#include <tiffio.h>

#include <cstdarg>
#include <cstdint>
#include <string>
#include <vector>

#include "image/source.h"

namespace sshost::image {

// A TIFF that is open in libtiff, with what libtiff complained of: the last error, and the first warning. The source
// outlives it.
class TiffHandle {
 public:
  enum class Access {
    kPieces,  // what libtiff asks for is read
    kWhole    // the file is in memory: libtiff 4.5 refuses uncompressed tiles as pixels otherwise
  };

  // libtiff allocates no more than `most` bytes at once; a file in memory is no longer. Tags may share their values: no
  // more than `most` bytes, nor than limits.h says, are read for all of them together. Throws Error where the file is broken.
  TiffHandle(const Source& source, uint64_t most, Access access = Access::kPieces);
  ~TiffHandle() { TIFFClose(tiff_); }
  TiffHandle(const TiffHandle&) = delete;
  TiffHandle& operator=(const TiffHandle&) = delete;

  TIFF* get() const { return tiff_; }

  // A tag's value, or the format's default for it.
  template <typename Value>
  Value value(uint32_t tag) const {
    Value found{};
    TIFFGetFieldDefaulted(tiff_, tag, &found);
    return found;
  }

  // Throws Error where several pages are in the file, of which one alone would be read. Thumbnails, masks of
  // transparency and smaller copies of the first page are none. Leaves the handle at the first page. The tags of all
  // pages share the bound.
  void require_one_page();

  // Throws Error("broken TIFF: <the last error>").
  [[noreturn]] void refuse() const;

  // Tags that libtiff does not know, as those of maps, are no warning.
  std::string warning() const { return warning_; }

 private:
  bool may_read_tags(uint64_t bytes);
  int64_t count_pages();

  static int keep_error(TIFF*, void* self, const char*, const char* format, va_list arguments);
  static int keep_warning(TIFF*, void* self, const char*, const char* format, va_list arguments);
  static tmsize_t read(thandle_t self, void* out, tmsize_t bytes);
  static toff_t seek(thandle_t self, toff_t offset, int from);
  static toff_t size(thandle_t self);
  static int map(thandle_t self, void** out, toff_t* bytes);

  const Source& source_;
  uint64_t offset_ = 0;
  uint64_t left_of_tags_;  // bytes of tags that may still be read
  bool reads_tags_ = true;
  std::vector<uint8_t> whole_;
  TIFF* tiff_ = nullptr;
  char error_[256] = "";
  char warning_[256] = "";
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_TIFF_HANDLE_H
