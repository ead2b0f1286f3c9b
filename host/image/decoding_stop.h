#ifndef SSHOST_IMAGE_DECODING_STOP_H
#define SSHOST_IMAGE_DECODING_STOP_H

#include <atomic>

namespace sshost::image {

// While it lives, images that its thread decodes are given up once the flag is set: between who waits for an image and
// the decoder stands a data set's plugin, which knows of no flag. They nest; null: the images are decoded to their end.
// Threads: made and destroyed on one; the flag outlives it and may be set by any, a signal's handler too.
class DecodingStop {
 public:
  explicit DecodingStop(const std::atomic<bool>* flag);
  ~DecodingStop();
  DecodingStop(const DecodingStop&) = delete;
  DecodingStop& operator=(const DecodingStop&) = delete;

  // For decoders, at least once for each million pixels or so: whether the flag of this thread is set.
  static bool is_set() noexcept;

  // Throws Error where it is.
  static void check();

 private:
  const std::atomic<bool>* outer_;
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_DECODING_STOP_H
