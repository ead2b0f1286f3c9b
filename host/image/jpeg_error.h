#ifndef SSHOST_IMAGE_JPEG_ERROR_H
#define SSHOST_IMAGE_JPEG_ERROR_H

#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>

namespace sshost::image {

// Keeps what libjpeg complains of: the error, and the first warning, which is about bytes that are not as they should
// be. Hand handlers() to libjpeg as `err`. It reports an error by a jump out of its functions, to where
// setjmp(error.jump) was called last. So what calls them keeps no local that has a destructor.
struct JpegError {
  jpeg_error_mgr base{};  // first: libjpeg hands out a pointer to it
  std::jmp_buf jump{};
  char reason[JMSG_LENGTH_MAX] = "";
  char warning[JMSG_LENGTH_MAX] = "";

  jpeg_error_mgr* handlers() {
    jpeg_std_error(&base);
    base.error_exit = [](j_common_ptr jpeg) {
      auto* self = reinterpret_cast<JpegError*>(jpeg->err);
      self->base.format_message(jpeg, self->reason);
      std::longjmp(self->jump, 1);
    };
    base.emit_message = [](j_common_ptr jpeg, int level) {
      auto* self = reinterpret_cast<JpegError*>(jpeg->err);
      if (level < 0 && self->base.num_warnings++ == 0) self->base.format_message(jpeg, self->warning);
    };
    base.output_message = [](j_common_ptr) {};
    return &base;
  }

  // For callbacks of libjpeg.
  [[noreturn]] void fail(const char* text) {
    std::strncpy(reason, text, sizeof(reason) - 1);
    std::longjmp(jump, 1);
  }
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_JPEG_ERROR_H
