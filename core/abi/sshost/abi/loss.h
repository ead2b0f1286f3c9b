/* Loss: how far logits are from their labels. Component kind "ss.loss/1".
 *
 * A pipeline names it as model.loss or an auxiliary head's, alone or in a list, beside the host's own. The key `weight`
 * beside its options is the host's, and multiplies what `compute` gives.
 * Why there is a divisor: the batch of a step may be read in parts (train.accumulate), and by several processes. Each
 * part computes its share of the loss, divided by what belongs to all parts together, so that the shares add up to the
 * loss of the whole, whose gradient they have.
 * Threads: after `create`, any function may run on several threads at once. */
#ifndef SSHOST_ABI_LOSS_H
#define SSHOST_ABI_LOSS_H

#include "context.h"
#include "options.h"

#define SS_LOSS_1 "ss.loss/1"

typedef struct ss_loss_spec {
  uint32_t size;

  /* 0: a pixel is of one class, and the logits are those of a softmax. 1: each class by itself, by a sigmoid. A loss
   * that does not know one of the two fails with SS_UNSUPPORTED. */
  int32_t independent;
  int64_t classes; /* channels of the logits */
} ss_loss_spec;

typedef int32_t ss_divisor_kind;
enum {
  SS_DIVISOR_PIXELS = 0, /* the pixels of all parts that have a label, with independent outputs the classes of pixels:
                            for a loss that is a sum over them */
  SS_DIVISOR_PARTS = 1   /* the number of parts, 1 for most: for a loss that is a mean already */
};

/* Filled by the loss. */
typedef struct ss_loss_info {
  uint32_t size; /* set by the caller */
  ss_divisor_kind divisor;
} ss_loss_info;

typedef struct ss_loss_inputs {
  uint32_t size;
  uint32_t reserved;
  ss_tensor logits;  /* [N, classes, H, W], SS_FLOAT32 or SS_FLOAT64, at the labels' size */
  ss_tensor labels;  /* SS_INT64 [N, H, W]: a class, or `ignored`. With independent outputs SS_INT8 [N, classes, H, W]:
                       1, 0, or `ignored` */
  ss_tensor divisor; /* a scalar of the logits' dtype, above 0 */
  int64_t ignored;   /* the label of what does not count; no class */
} ss_loss_inputs;

typedef struct ss_loss_table {
  ss_status (*create)(ss_options options, const ss_loss_spec* spec, void** self);
  void (*destroy)(void* self);
  ss_status (*info)(void* self, ss_loss_info* out);

  /* -> a scalar of the logits' dtype, with its gradient: the value of this part, divided by `divisor`. Pixels that are
   * ignored add nothing and have no gradient; where there is no other it is 0. It is finite where the logits are. */
  ss_status (*compute)(void* self, ss_context context, const ss_loss_inputs* inputs, ss_tensor* out);
} ss_loss_table;

SS_STATIC_ASSERT(sizeof(ss_loss_table) == 4 * sizeof(void*), "ss.loss/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_loss_spec, classes) == 8, "the published part of ss_loss_spec is pinned");
SS_STATIC_ASSERT(offsetof(ss_loss_info, divisor) == 4, "the published part of ss_loss_info is pinned");
SS_STATIC_ASSERT(offsetof(ss_loss_inputs, ignored) == 32, "the published part of ss_loss_inputs is pinned");

#endif
