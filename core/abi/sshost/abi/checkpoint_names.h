/* How other people's checkpoints name this component's tensors. Component capability "ss.checkpoint_names/1".
 *
 * A component emits rules `ours -> theirs`; the rule whose `ours` is the longest dotted prefix of a key replaces that
 * prefix. So {"convs.0.norm", "decoder.1"} turns `convs.0.norm.weight` into `decoder.1.weight`, and an empty `ours` is a
 * prefix of all. The host runs the same rules backwards for export, and matches parameter rules (`lr_mult` of
 * "backbone") against the published names.
 * Threads: any. */
#ifndef SSHOST_ABI_CHECKPOINT_NAMES_H
#define SSHOST_ABI_CHECKPOINT_NAMES_H

#include "status.h"

#define SS_CHECKPOINT_NAMES_1 "ss.checkpoint_names/1"

typedef int32_t ss_role;
enum {
  SS_ROLE_BACKBONE = 0,
  SS_ROLE_HEAD = 1,
  SS_ROLE_CONTEXT = 2, /* the context head of a memory */
  SS_ROLE_MEMORY = 3,
  SS_ROLE_AUXILIARY = 4
};

typedef struct ss_names_query {
  uint32_t size;
  ss_role role;
  ss_string format;  /* "sssegmentation", "torchvision", or another that the component knows */
  uint32_t index;    /* of an auxiliary head */
  uint32_t siblings; /* how many auxiliary heads there are */
} ss_names_query;

typedef struct ss_name_rule {
  uint32_t size;
  uint32_t reserved;
  ss_string ours;   /* relative to the component */
  ss_string theirs; /* the whole of their key's beginning */
} ss_name_rule;

typedef struct ss_name_sink {
  void* self;
  ss_status (*emit)(void* self, const ss_name_rule* rule);
} ss_name_sink;

typedef struct ss_checkpoint_names_table {
  /* Formats this component knows: `*count` holds the length of `out`, and the number replaces it. */
  ss_status (*formats)(void* self, ss_string* out, uint32_t* count);

  /* Emits the rules of one format; none where it does not know it. */
  ss_status (*rules)(void* self, const ss_names_query* query, const ss_name_sink* sink);
} ss_checkpoint_names_table;

SS_STATIC_ASSERT(sizeof(ss_name_sink) == 2 * sizeof(void*), "ss_name_sink is frozen");
SS_STATIC_ASSERT(sizeof(ss_checkpoint_names_table) == 2 * sizeof(void*), "ss.checkpoint_names/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_name_rule, theirs) == 24, "the published part of ss_name_rule is pinned");

#endif
