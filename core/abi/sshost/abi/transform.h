/* Transform: a step between the data set and the batch, such as an augmentation. Component kind "ss.transform/1".
 *
 * A pipeline lists it in data.train.transforms, among the host's own. It needs no tensor.
 * A sample is a list of maps over the same pixels: the image, where there is one the label, and whatever further ones
 * the host has. A transform that moves pixels moves those of all maps alike; it knows by a map's kind how.
 * Threads: after `create`, any function may run on several threads at once, those of the loader. */
#ifndef SSHOST_ABI_TRANSFORM_H
#define SSHOST_ABI_TRANSFORM_H

#include "dataset.h"

#define SS_TRANSFORM_1 "ss.transform/1"

typedef struct ss_transform_spec {
  uint32_t size;
  uint32_t class_count;
  const ss_class* classes; /* of the data set, borrowed until `create` returns; image and label are mirrored by them */
  int64_t ignore_index;    /* the label of pixels that do not count */
  ss_label_kind label_kind;

  /* 1: it stands among data.evaluate.transforms, where scores are compared with the label as it is stored: it draws
   * nothing and leaves size and place of the pixels. One that cannot do that fails with SS_UNSUPPORTED. */
  int32_t evaluates;
  int64_t image_channels; /* 3: red, green, blue */
} ss_transform_spec;

typedef int32_t ss_map_kind; /* one that a transform does not know is treated as SS_MAP_NUMBERS */
enum {
  SS_MAP_VALUES = 0, /* quantities, such as an image's: they may be interpolated */
  SS_MAP_NUMBERS = 1 /* what stands for something, such as a label: it is taken from the nearest pixel, or is `fill` */
};

/* A map of height x width x channels elements, interleaved, rows without padding. */
typedef struct ss_sample_map {
  uint32_t size;
  ss_map_kind kind;
  ss_string name; /* "image"; "label"; or a further one */
  ss_dtype dtype; /* an image: SS_UINT8 or SS_FLOAT32, as what stands before has left it; a label: SS_INT32 */
  uint32_t reserved;
  int64_t height;
  int64_t width;
  int64_t channels;
  double fill;      /* what stands where a pixel comes from outside: the ignored label; 0 of values */
  const void* data; /* borrowed, and never written: others may share it */
} ss_sample_map;

typedef struct ss_transform_sample {
  uint32_t size;
  uint32_t map_count; /* the image comes first */
  ss_string id;
  const ss_sample_map* const* maps;
} ss_transform_sample;

/* Sizes that images may have: height, width. Frozen. */
typedef struct ss_size_range {
  int64_t least[2];
  int64_t most[2];
} ss_size_range;

typedef struct ss_transform_table {
  ss_status (*create)(ss_options options, const ss_transform_spec* spec, void** self);
  void (*destroy)(void* self);

  /* Replaces sizes of images by what it may make of them, whatever it draws. One that leaves sizes does nothing. */
  ss_status (*sizes)(void* self, ss_size_range* range);

  /* For each map that it changes it asks the sink for a buffer of that name, once, and fills all of it; a map that it
   * asks no buffer for stays as it is. A buffer has the map's dtype and channels, but an image of SS_UINT8 may become
   * one of SS_FLOAT32; behind it all maps have one size, which `sizes` has told. Labels are classes or ignored.
   * The numbers of `random` are the sample's own: the same ones give the same sample, whatever thread it is on, so
   * that a run which goes on sees what an uninterrupted one does. All is borrowed until it returns. */
  ss_status (*apply)(void* self, const ss_transform_sample* sample, const ss_random* random,
                     const ss_sample_sink* sink);
} ss_transform_table;

SS_STATIC_ASSERT(sizeof(ss_size_range) == 32, "ss_size_range is frozen");
SS_STATIC_ASSERT(sizeof(ss_transform_table) == 4 * sizeof(void*), "ss.transform/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_transform_spec, image_channels) == 32,
                 "the published part of ss_transform_spec is pinned");
SS_STATIC_ASSERT(offsetof(ss_sample_map, data) == 64, "the published part of ss_sample_map is pinned");
SS_STATIC_ASSERT(offsetof(ss_transform_sample, maps) == 24, "the published part of ss_transform_sample is pinned");

#endif
