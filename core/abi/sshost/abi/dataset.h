/* Dataset: images with their labels, read from disk or made up. Component kind "ss.dataset/1".
 *
 * It gives samples as they are stored; the host crops, flips and normalises them. It needs no tensor.
 * Threads: after `create`, `info`, `count` and `describe` may run on any thread. Each loader thread opens a reader of
 * its own and uses it alone. */
#ifndef SSHOST_ABI_DATASET_H
#define SSHOST_ABI_DATASET_H

#include "options.h"
#include "tensor.h"

#define SS_DATASET_1 "ss.dataset/1"

typedef struct ss_dataset_spec {
  uint32_t size;
  uint32_t reserved;
  ss_string split; /* "train", "val", "test", or one of the data set's own */

  /* What images have. 3: red, green, blue, whatever the files hold, as where it is absent; else the files' channels as
   * they are stored (SS_IMAGE_SAMPLES), as many as this. */
  int64_t image_channels;
} ss_dataset_spec;

/* A class. Frozen. */
typedef struct ss_class {
  ss_string name;
  uint8_t red, green, blue, reserved;
  int32_t mirrored; /* the class that it becomes when the image is flipped (left arm, right arm); itself otherwise */
} ss_class;

typedef int32_t ss_label_kind;
enum {
  SS_LABEL_NUMBER = 0, /* the number of the pixel's class */
  SS_LABEL_SET = 1 /* bit k is set where the pixel is of class k: of several, or of none. At most 30 classes, labels of
                          SS_INT32, and an ignored label below 0 */
};

typedef struct ss_dataset_info {
  uint32_t size;
  uint32_t class_count;
  const ss_class* classes;  /* live as long as the component */
  int64_t ignore_index;     /* the label of pixels that do not count */
  ss_label_kind label_kind; /* what a label says of its pixel; SS_LABEL_NUMBER where it is absent */
  uint32_t reserved;
} ss_dataset_info;

/* Where a sample goes: buffers that the host owns, handed out by name. */
typedef struct ss_buffer_spec {
  uint32_t size;
  ss_dtype dtype; /* an image: SS_UINT8, or SS_FLOAT32 where it has other channels than RGB; a label: SS_UINT8, or
                     SS_INT32 for more than 255 classes */
  ss_string name; /* "image", "label", or an extra of the data set's own */
  int64_t height;
  int64_t width;
  int64_t channels; /* interleaved: ss_dataset_spec.image_channels for an image, 1 for a label */
} ss_buffer_spec;

typedef struct ss_sample_sink {
  void* self;
  /* A buffer of height x width x channels elements, rows without padding; valid until `read` returns. */
  ss_status (*buffer)(void* self, const ss_buffer_spec* spec, void** data);
} ss_sample_sink;

/* The sample's own random numbers: the same for the same (seed, epoch, index), whatever thread reads it. */
typedef struct ss_random {
  void* self;
  uint64_t (*next)(void* self);
} ss_random;

/* Where `describe` puts what it knows of a sample without reading it. */
typedef struct ss_sample_info {
  uint32_t size; /* set by the caller */
  uint32_t reserved;
  ss_string id;         /* unique in the split; names the prediction's file */
  ss_string image_path; /* empty where there is no file */
  ss_string label_path;
} ss_sample_info;

typedef struct ss_dataset_table {
  ss_status (*create)(ss_options options, const ss_dataset_spec* spec, void** self);
  void (*destroy)(void* self);

  /* Asked also where the files are not there, to check a pipeline or to build a model: it should not need them. */
  ss_status (*info)(void* self, ss_dataset_info* out);

  /* The samples of the split; negative, with the reason by host->fail, where they cannot be listed. */
  int64_t (*count)(void* self);

  /* The strings live as long as the component. */
  ss_status (*describe)(void* self, int64_t index, ss_sample_info* out);

  ss_status (*open_reader)(void* self, void** reader);
  void (*close_reader)(void* self, void* reader);
  ss_status (*read)(void* self, void* reader, int64_t index, const ss_random* random, const ss_sample_sink* sink);
} ss_dataset_table;

SS_STATIC_ASSERT(sizeof(ss_class) == 24, "ss_class is frozen");
SS_STATIC_ASSERT(sizeof(ss_sample_sink) == 2 * sizeof(void*), "ss_sample_sink is frozen");
SS_STATIC_ASSERT(sizeof(ss_random) == 2 * sizeof(void*), "ss_random is frozen");
SS_STATIC_ASSERT(sizeof(ss_dataset_table) == 8 * sizeof(void*), "ss.dataset/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_dataset_spec, split) == 8, "the published part of ss_dataset_spec is pinned");
SS_STATIC_ASSERT(offsetof(ss_dataset_info, ignore_index) == 16, "the published part of ss_dataset_info is pinned");
SS_STATIC_ASSERT(offsetof(ss_buffer_spec, channels) == 40, "the published part of ss_buffer_spec is pinned");

#endif
