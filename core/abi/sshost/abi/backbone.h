/* Backbone: an image in, feature maps out. Component kind "ss.backbone/1".
 *
 * Threads: after `create`, any function may run on several threads at once. */
#ifndef SSHOST_ABI_BACKBONE_H
#define SSHOST_ABI_BACKBONE_H

#include "layers.h"
#include "options.h"

#define SS_BACKBONE_1 "ss.backbone/1"

/* What a feature map is: its channels, and the ratio of the image's side to its own. Frozen. */
typedef struct ss_feature_spec {
  int64_t channels;
  int64_t stride;
} ss_feature_spec;

typedef struct ss_backbone_spec {
  uint32_t size;
  uint32_t reserved;
  int64_t in_channels; /* of the image: 3, or what the pipeline says */
} ss_backbone_spec;

typedef struct ss_backbone_table {
  ss_status (*create)(ss_builder builder, ss_options options, const ss_backbone_spec* spec, void** self);
  void (*destroy)(void* self);

  /* The maps that `forward` gives, from the first stage to the last: `*count` holds the length of `out`, and the number
   * of maps replaces it. */
  ss_status (*features)(void* self, ss_feature_spec* out, uint32_t* count);

  /* image [N, in_channels, H, W], normalised -> features, as many as `features` told, [N, channels, ~H/stride,
   * ~W/stride] each; they are the host's to release. */
  ss_status (*forward)(void* self, ss_context context, ss_tensor image, ss_tensor* features, uint32_t count);
} ss_backbone_table;

SS_STATIC_ASSERT(sizeof(ss_feature_spec) == 16, "ss_feature_spec is frozen");
SS_STATIC_ASSERT(sizeof(ss_backbone_table) == 4 * sizeof(void*), "ss.backbone/1 is frozen");

#endif
