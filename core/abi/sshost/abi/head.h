/* Decoder head: feature maps in, a representation and its classification out. Component kind "ss.head/1".
 *
 * The same head serves as the main head, as an auxiliary head, and as the context of a memory. In the last case it is
 * built *representation only*: it declares no classifier, and `classify` is not called.
 * Threads: after `create`, any function may run on several threads at once. */
#ifndef SSHOST_ABI_HEAD_H
#define SSHOST_ABI_HEAD_H

#include "backbone.h"
#include "prediction.h"

#define SS_HEAD_1 "ss.head/1"

typedef struct ss_head_spec {
  uint32_t size;
  int32_t representation_only;
  const ss_feature_spec* features; /* from the first to the last */
  uint32_t feature_count;
  uint32_t reserved;
  int64_t classes;
} ss_head_spec;

typedef struct ss_head_inputs {
  uint32_t size;
  uint32_t feature_count;
  const ss_tensor* features; /* in the order of the spec */
  const ss_tensor* named;    /* in the order of `inputs` */
  uint32_t named_count;
  uint32_t reserved;
} ss_head_inputs;

typedef struct ss_head_table {
  ss_status (*create)(ss_builder builder, ss_options options, const ss_head_spec* spec, void** self);
  void (*destroy)(void* self);

  /* Channels of the representation. */
  int64_t (*channels)(void* self);

  /* The inputs it wants besides the features: "image", or "auxiliary.0.logits". `*count` holds the length of `names`,
   * and the number replaces it; the names live as long as the component. */
  ss_status (*inputs)(void* self, ss_string* names, uint32_t* count);

  /* features (and named inputs) -> representation [N, channels, h, w]. */
  ss_status (*embed)(void* self, ss_context context, const ss_head_inputs* inputs, const ss_prediction_sink* sink,
                     ss_tensor* representation);

  /* representation [N, channels, h, w] -> logits [N, classes, h, w]. */
  ss_status (*classify)(void* self, ss_context context, ss_tensor representation, const ss_prediction_sink* sink,
                        ss_tensor* logits);
} ss_head_table;

SS_STATIC_ASSERT(sizeof(ss_head_table) == 6 * sizeof(void*), "ss.head/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_head_spec, classes) == 24, "the published part of ss_head_spec is pinned");
SS_STATIC_ASSERT(offsetof(ss_head_inputs, named_count) == 24, "the published part of ss_head_inputs is pinned");

#endif
