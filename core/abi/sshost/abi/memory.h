/* Feature memory: representations of whole classes, learned over the data set, that augment every pixel. Component kind
 * "ss.memory/1". (MCIBI: Jin et al., "Mining Contextual Information Beyond Image for Semantic Segmentation", ICCV
 * 2021.)
 *
 * In one training step the host calls, in this order:
 *   forward -> statistics -> (sum over processes) -> apply -> after_update -> losses and backward -> release.
 * In inference: forward -> release.
 * The memory itself is a buffer of the host (layers.h: `state` and `write`), so that it is saved, averaged and
 * inspected without the plugin.
 * Threads: after `create`, `forward` may run on several threads at once; the others run one at a time. */
#ifndef SSHOST_ABI_MEMORY_H
#define SSHOST_ABI_MEMORY_H

#include "head.h"

#define SS_MEMORY_1 "ss.memory/1"

typedef struct ss_memory_spec {
  uint32_t size;
  uint32_t feature_count;
  const ss_feature_spec* features;
  int64_t context_channels; /* of the context head's representation; 0: the model has no head */
  int64_t classes;
} ss_memory_spec;

typedef struct ss_memory_inputs {
  uint32_t size;
  uint32_t feature_count;
  const ss_tensor* features;
  ss_tensor context;         /* the head's representation, or NULL */
  ss_tensor labels;          /* in training: int64 [N, H, W]; a label outside [0, classes) is ignored. Else NULL */
  ss_tensor previous_logits; /* of an earlier pass over the same image at test time, or NULL */
} ss_memory_inputs;

typedef struct ss_memory_table {
  ss_status (*create)(ss_builder builder, ss_options options, const ss_memory_spec* spec, void** self);
  void (*destroy)(void* self);

  /* -> logits [N, classes, h, w], further predictions into the sink, and a state of this forward for the calls
   * below. */
  ss_status (*forward)(void* self, ss_context context, const ss_memory_inputs* inputs, const ss_prediction_sink* sink,
                       void** state, ss_tensor* logits);

  /* What `apply` needs of this batch, as tensors that may be summed element by element over processes: their number and
   * shapes depend on the options alone. `*count` holds the length of `out`, and the number replaces it. No gradient. */
  ss_status (*statistics)(void* self, ss_context context, void* state, ss_tensor labels, ss_tensor* out,
                          uint32_t* count);

  /* Updates the memory from the (summed) statistics. No gradient. */
  ss_status (*apply)(void* self, ss_context context, const ss_tensor* statistics, uint32_t count);

  /* Further predictions that need the updated memory, such as MCIBI's representation consistency. */
  ss_status (*after_update)(void* self, ss_context context, void* state, const ss_prediction_sink* sink);

  void (*release)(void* self, void* state);
} ss_memory_table;

SS_STATIC_ASSERT(sizeof(ss_memory_table) == 7 * sizeof(void*), "ss.memory/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_memory_spec, classes) == 24, "the published part of ss_memory_spec is pinned");
SS_STATIC_ASSERT(offsetof(ss_memory_inputs, previous_logits) == 32, "the published part of ss_memory_inputs is pinned");

#endif
