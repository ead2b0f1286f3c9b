/* Predictions: what a head or a memory gives beside its main result. The host computes their losses. */
#ifndef SSHOST_ABI_PREDICTION_H
#define SSHOST_ABI_PREDICTION_H

#include "tensor.h"

/* Either logits with a loss from the host's list, or a loss that is ready. All is borrowed: the sink retains what it
 * keeps. */
typedef struct ss_prediction {
  uint32_t size;
  uint32_t reserved;
  ss_string name;   /* unique in the component, such as "coarse": the loss is logged as `loss.<role>.<name>` */
  ss_tensor logits; /* [N, classes, h, w], resized to the labels by the host. NULL: `loss_value` is given */
  ss_tensor target; /* int64 [N, h, w] at the logits' size. NULL: the batch's labels */
  ss_string loss;   /* "cross_entropy", also where empty, or another of the host's list (docs/pipeline.md) */
  double loss_weight;
  ss_tensor loss_value; /* a scalar with its gradient, or NULL */
} ss_prediction;

typedef struct ss_prediction_sink {
  void* self;
  ss_status (*emit)(void* self, const ss_prediction* prediction);
} ss_prediction_sink;

SS_STATIC_ASSERT(sizeof(ss_prediction_sink) == 2 * sizeof(void*), "ss_prediction_sink is frozen");
SS_STATIC_ASSERT(offsetof(ss_prediction, loss_value) == 64, "the published part of ss_prediction is pinned");

#endif
