/* Image files, decoded by the host. Capability "ss.images/1".
 *
 * Threads: every function may be called on any thread. */
#ifndef SSHOST_ABI_IMAGES_H
#define SSHOST_ABI_IMAGES_H

#include "tensor.h"

#define SS_IMAGES_1 "ss.images/1"

typedef int32_t ss_image_mode;
enum {
  SS_IMAGE_RGB = 0,   /* 3 channels of SS_UINT8, in that order; a grey image is repeated, an alpha channel dropped.
                        Upright: a photograph is turned as its EXIF orientation says, a label is not */
  SS_IMAGE_LABEL = 1, /* 1 channel, as stored: a palette PNG gives its indices and not its colours; SS_UINT8, or
                        SS_INT32 for a file of more than 8 bits, or of numbers with a sign */
  SS_IMAGE_COLOR_LABEL = 2, /* as SS_IMAGE_RGB, but as stored: a label whose colours stand for classes */
  SS_IMAGE_SAMPLES = 3      /* all channels as they are stored, upright: SS_UINT8, or SS_FLOAT32 with the file's numbers
                        for more than 8 bits. A host that does not know it fails with SS_INVALID_ARGUMENT */
};

/* A decoded image. `pixels` are rows without padding; they live until the image is released. */
typedef struct ss_image {
  uint32_t size; /* set by the caller */
  ss_dtype dtype;
  int64_t height;
  int64_t width;
  int64_t channels;
  const void* pixels;
  void* owner; /* the host's */
} ss_image;

typedef struct ss_images_table {
  /* SS_IO with the path in the message where the file is absent, broken, or not of this mode. */
  ss_status (*read)(ss_string path, ss_image_mode mode, ss_image* out);
  void (*release)(ss_image* image);
} ss_images_table;

SS_STATIC_ASSERT(sizeof(ss_images_table) == 2 * sizeof(void*), "ss.images/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_image, owner) == 40, "the published part of ss_image is pinned");

#endif
