/* How other people's checkpoints name this component's tensors. Component capability "ss.checkpoint_names/1".
 *
 * A component emits rules `ours -> theirs`; the rule whose `ours` is the longest dotted prefix of a key replaces that
 * prefix. So {"convs.0.norm", "decoder.1"} turns `convs.0.norm.weight` into `decoder.1.weight`, and an empty `ours` is
 * a prefix of all. The host runs the same rules backwards for import, and matches parameter rules (`lr_factor` of
 * "backbone") against the published names.
 *
 * Where the values too are stored in another way, the rule lists changes. They turn our value into theirs, the first
 * one first; the host applies them on export, and undoes them in reverse on import. They hold for every tensor that the
 * rule names: give the whole key as `ours` where weight and bias differ in their axes.
 *
 * Where files of a format need not have a tensor, the rule has a flag. A buffer that follows from the component's
 * options is not persistent: a file may have it or not, import does not read it, and export writes it where it has a
 * name. Threads: any. */
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
  /* How much of an ss_name_rule the host reads. A host that says nothing, or less than
   * SS_NAME_RULE_WITH_CHANGES, would pass over them and give wrong values: emit no rule of such a format then. */
  uint32_t rule_size;
  uint32_t flags; /* 0 from a host from before there were any */
} ss_names_query;

enum {                           /* flags of an ss_names_query */
       SS_NAMES_READ_BY_HEAD = 1 /* the head reads this auxiliary head's logits: together they are a cascade */
};

typedef int32_t ss_name_change_kind;
enum {
  /* The axis is cut into blocks, and theirs has block order[0] of ours first, then order[1] and so on: where branches
   * are concatenated in another order. Uses axis, count, order, and sizes unless all blocks are equal. */
  SS_NAME_CHANGE_PERMUTE_BLOCKS = 0,
  /* The axis [groups, n] of ours is stored as [n, groups]: element (g, i) is at g * n + i here and at i * groups + g
   * there. Patches that are flattened channel by channel here, and place by place there. Uses axis and groups. */
  SS_NAME_CHANGE_REGROUP = 1,
  /* The axis holds `prefix` values (class tokens) and then a grid, row by row: rows x columns of ours, a square of
   * theirs. A file of another grid is resized on import, and nothing is done where the shapes agree or on export. Uses
   * axis, prefix, rows, columns, mode. The other axes agree. Of several changes it is the last. */
  SS_NAME_CHANGE_RESIZE_GRID = 2
};

typedef int32_t ss_grid_mode;
enum { /* both between the centres of cells (not corner to corner), without antialiasing */
       SS_GRID_BILINEAR = 0,
       SS_GRID_BICUBIC = 1
};

typedef struct ss_name_change {
  uint32_t size;
  ss_name_change_kind kind;
  uint32_t axis;         /* from 0 on */
  uint32_t count;        /* of blocks */
  const uint32_t* order; /* [count], each of 0 .. count-1 once */
  const uint64_t* sizes; /* [count], of our blocks; NULL: all equal */
  uint64_t groups;
  uint64_t prefix;
  uint64_t rows, columns;
  ss_grid_mode mode;
  uint32_t reserved;
} ss_name_change;

enum { /* flags of an ss_name_rule; a host from before there were flags wants every tensor in the file */
       SS_NAME_OPTIONAL = 1 /* where a file lacks the tensor, ours keeps its value */
};

typedef struct ss_name_rule {
  uint32_t size;
  uint32_t change_count;                /* 0 in rules without changes */
  ss_string ours;                       /* relative to the component */
  ss_string theirs;                     /* the whole of their key's beginning */
  const ss_name_change* const* changes; /* [change_count], borrowed until `emit` returns */
  uint32_t flags;
  uint32_t reserved;
} ss_name_rule;

#define SS_NAME_RULE_WITH_CHANGES ((uint32_t)(offsetof(ss_name_rule, changes) + sizeof(void*)))

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
SS_STATIC_ASSERT(offsetof(ss_name_rule, changes) == 40, "the published part of ss_name_rule is pinned");
SS_STATIC_ASSERT(offsetof(ss_name_rule, flags) == 48, "the published part of ss_name_rule is pinned");
SS_STATIC_ASSERT(offsetof(ss_names_query, rule_size) == 32, "the published part of ss_names_query is pinned");
SS_STATIC_ASSERT(offsetof(ss_names_query, flags) == 36, "the published part of ss_names_query is pinned");
SS_STATIC_ASSERT(offsetof(ss_name_change, mode) == 64, "the published part of ss_name_change is pinned");

#endif
