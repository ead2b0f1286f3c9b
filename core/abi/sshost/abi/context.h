/* The context of one forward: what a component may know, and the random numbers it may draw. Capability "ss.context/1".
 *
 * A component is immutable after `create`. Everything that changes reaches it through the context, so that one instance
 * serves many threads, averaged weights, low-precision copies and replicas at once.
 * Lifetime: a context lives until the function that received it returns.
 * Threads: a context belongs to the thread that the host called on; another thread of the plugin calls `enter`
 * first. */
#ifndef SSHOST_ABI_CONTEXT_H
#define SSHOST_ABI_CONTEXT_H

#include "tensor.h"

#define SS_CONTEXT_1 "ss.context/1"

typedef struct ss_context_object* ss_context;

typedef struct ss_context_info {
  uint32_t size; /* set by the caller */
  int32_t training;
  int64_t epoch;             /* from 1 on; 0 where nothing is trained */
  int64_t step;              /* optimiser steps done so far */
  double learning_rate;      /* of the schedule, after warm-up, before any parameter's own factor */
  double base_learning_rate; /* the optimiser's configured one */
  int64_t image_height;      /* of the network's input */
  int64_t image_width;
  ss_dtype dtype; /* of activations */
  int32_t device_index;
  ss_string device; /* "cpu", "cuda" */
} ss_context_info;

typedef int32_t ss_distribution;
enum { SS_UNIFORM = 0 /* [0, 1) */, SS_NORMAL = 1 /* mean 0, standard deviation 1 */ };

typedef struct ss_context_table {
  /* Fills the first `out->size` bytes of what this host knows. */
  ss_status (*info)(ss_context context, ss_context_info* out);

  /* Draws from the context's generator, whose state is part of a checkpoint. */
  ss_status (*random)(ss_context context, ss_distribution kind, const int64_t* sizes, int32_t dim, ss_tensor* out);

  /* The same values every time: a CPU generator of its own, seeded with `seed`, drawn as torch.randn does in float32,
   * then moved to the context's device. */
  ss_status (*seeded_normal)(ss_context context, uint64_t seed, const int64_t* sizes, int32_t dim, ss_tensor* out);

  /* Makes this thread work as the context's own does: gradient mode, precision, device. Each enter needs its leave. */
  ss_status (*enter)(ss_context context);
  void (*leave)(ss_context context);
} ss_context_table;

SS_STATIC_ASSERT(sizeof(ss_context_table) == 5 * sizeof(void*), "ss.context/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_context_info, device) == 64, "the published part of ss_context_info is pinned");

#endif
