#ifndef SSHOST_IMAGE_PNG_ERROR_H
#define SSHOST_IMAGE_PNG_ERROR_H

#include <png.h>

#include <csetjmp>
#include <cstring>

namespace sshost::image {

// Keeps what libpng complains of; warnings are ignored. Hand it to png_create_*_struct as
//   png_create_read_struct(PNG_LIBPNG_VER_STRING, &error, PngError::keep, PngError::ignore_warning)
// libpng reports an error by a jump out of its functions, to where setjmp(png_jmpbuf(png)) was called last. So what
// calls them keeps no local that has a destructor.
struct PngError {
  char reason[128] = "";

  static void keep(png_structp png, png_const_charp text) {
    auto* error = static_cast<PngError*>(png_get_error_ptr(png));
    std::strncpy(error->reason, text, sizeof(error->reason) - 1);
    png_longjmp(png, 1);
  }
  static void ignore_warning(png_structp, png_const_charp) {}
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_PNG_ERROR_H
