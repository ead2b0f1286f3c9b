#ifndef SSHOST_IMAGE_ENCODING_ERROR_H
#define SSHOST_IMAGE_ENCODING_ERROR_H

#include "base/error.h"

namespace sshost::image {

// An image that cannot be encoded; the message knows no path.
class EncodingError : public Error {
 public:
  using Error::Error;
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_ENCODING_ERROR_H
