#ifndef SSHOST_IMAGE_PNG_ERROR_H
#define SSHOST_IMAGE_PNG_ERROR_H

#include <png.h>

#include <csetjmp>
#include <cstring>

namespace sshost::image {

// Keeps what libpng complains of: the error, and the first warning. Hand it to png_create_*_struct as
//   png_create_read_struct(PNG_LIBPNG_VER_STRING, &error, PngError::keep, PngError::keep_warning)
// libpng reports an error by a jump out of its functions, to where setjmp(png_jmpbuf(png)) was called last. So what
// calls them keeps no local that has a destructor.
struct PngError {
  char reason[128] = "";
  char warning[128] = "";

  static void keep(png_structp png, png_const_charp text) {
    auto* error = static_cast<PngError*>(png_get_error_ptr(png));
    std::strncpy(error->reason, text, sizeof(error->reason) - 1);
    png_longjmp(png, 1);
  }
  static void keep_warning(png_structp png, png_const_charp text) {
    auto* error = static_cast<PngError*>(png_get_error_ptr(png));
    if (error->warning[0] == '\0') std::strncpy(error->warning, text, sizeof(error->warning) - 1);
  }
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_PNG_ERROR_H
