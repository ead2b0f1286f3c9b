/* Layers: declared while a component is built, applied in its forward. Capabilities "ss.layers/1" and "ss.layers/2".
 *
 * A declaration names the parameters and buffers of the layer; they live in the host under the component's prefix, for
 * instance `head.` + `fuse` + `.conv` + `.weight`. The host implements the layers, and may implement them better
 * tomorrow (folding, fusing, packing, lower precision) without a change to the plugin: declare the whole
 * convolution-norm-activation as one `conv`, and pass what would be concatenated as several inputs.
 *
 * Initial values are PyTorch's defaults for the corresponding module.
 * How the enumerations grow: a number that came later than ss.layers/1 says with which id it came. A plugin that uses
 * it lists that id among the capabilities that it needs (plugin.h), so that a host without it refuses the plugin by
 * that name before anything of it runs. A host that does not know a number refuses the declaration.
 * Lifetime: specs are read during the call. An ss_layer lives as long as the component.
 * Threads: declare on the thread that called `create`; apply on one that is inside the context. */
#ifndef SSHOST_ABI_LAYERS_H
#define SSHOST_ABI_LAYERS_H

#include "context.h"
#include "tensor.h"

#define SS_LAYERS_1 "ss.layers/1"
#define SS_LAYERS_2 "ss.layers/2" /* beside the other: ss_layers_2_table, and the numbers that say so */

/* Where a component declares its layers: valid until `create` returns. */
typedef struct ss_builder_object* ss_builder;
typedef const struct ss_layer_object* ss_layer;

typedef int32_t ss_norm_kind;
enum {
  SS_NORM_NONE = 0,
  SS_NORM_BATCH = 1,
  SS_NORM_GROUP = 2,
  SS_NORM_LAYER = 3,   /* over the channels: axis 1 of a map [N, C, H, W], else the last axis */
  SS_NORM_INSTANCE = 4 /* ss.layers/2: over the pixels of each channel of each image, with a weight and a bias */
};

/* What `norm` does. Zero means: epsilon 1e-5, momentum 0.1. */
typedef struct ss_norm_spec {
  uint32_t size;
  ss_norm_kind kind;
  int64_t groups; /* of SS_NORM_GROUP */
  double epsilon;
  double momentum; /* of SS_NORM_BATCH: the weight of the new batch in the running statistics */
} ss_norm_spec;

typedef int32_t ss_activation_kind;
enum {
  SS_ACTIVATION_NONE = 0,
  SS_ACTIVATION_RELU = 1,
  SS_ACTIVATION_LEAKY_RELU = 2, /* `slope` below zero */
  SS_ACTIVATION_PRELU = 3,      /* a parameter `weight` of one element, at first `slope` */
  SS_ACTIVATION_GELU = 4,       /* exact, with erf */
  SS_ACTIVATION_SILU = 5,
  SS_ACTIVATION_RELU6 = 6,       /* ss.layers/2, as are those below: min(max(x, 0), 6) */
  SS_ACTIVATION_HARDSWISH = 7,   /* x min(max(x + 3, 0), 6) / 6 */
  SS_ACTIVATION_HARDSIGMOID = 8, /* min(max(x + 3, 0), 6) / 6 */
  SS_ACTIVATION_ELU = 9          /* `slope` (exp(x) - 1) below zero */
};

typedef struct ss_activation_spec {
  uint32_t size;
  ss_activation_kind kind;
  double slope;
} ss_activation_spec;

typedef int32_t ss_resize_kind;
enum {
  SS_RESIZE_NONE = 0,
  SS_RESIZE_BILINEAR = 1, /* align_corners = false */
  SS_RESIZE_NEAREST = 2,  /* PyTorch's "nearest": floor(i * in / out) */
  SS_RESIZE_BILINEAR_ALIGN_CORNERS = 3
};

/* In the place of a padding, of both axes: what keeps the size, as PyTorch's "same": where that is an odd number, one
 * zero more lies at the bottom and on the right. ss.layers/2; for a stride of 1, and not transposed. */
#define SS_PADDING_SAME (-1)

/* Convolution -> norm -> (+ residual) -> activation.
 * Its state is named `name.conv_part.weight`, `name.norm_part.weight` and so on, where an empty part is left out. */
typedef struct ss_conv_spec {
  uint32_t size;
  int32_t transposed; /* 1: a transposed convolution */
  ss_string name;
  ss_string conv_part;
  ss_string norm_part;
  ss_string activation_part; /* of a prelu */
  int64_t in_channels;       /* the sum over all inputs */
  int64_t out_channels;
  int64_t kernel[2]; /* height, width */
  int64_t stride[2];
  int64_t padding[2]; /* zeros on both sides, or SS_PADDING_SAME */
  int64_t dilation[2];
  int64_t output_padding[2]; /* of a transposed convolution */
  int64_t groups;
  int32_t bias;
  ss_resize_kind resize;                /* more than one input: each is resized to the first one's height and width */
  const ss_norm_spec* norm;             /* NULL: none */
  const ss_activation_spec* activation; /* NULL: none */
} ss_conv_spec;

typedef struct ss_linear_spec {
  uint32_t size;
  int32_t bias;
  ss_string name;
  int64_t in_features;
  int64_t out_features;
  const ss_activation_spec* activation; /* NULL: none */
} ss_linear_spec;

/* Multi-head self-attention over tokens [N, L, C]: one fused projection to query, key and value, softmax of
 * q k^T / sqrt(C / heads) + bias + mask, times v, output projection.
 * State: name.qkv_part + "weight" / "bias" and name.out_part + "weight" / "bias"; a part holds its own separator, so
 * that both `qkv.` and `in_proj_` can be named. */
typedef struct ss_attention_spec {
  uint32_t size;
  int32_t bias;
  ss_string name;
  ss_string qkv_part;
  ss_string out_part;
  int64_t channels;
  int64_t heads;
} ss_attention_spec;

typedef int32_t ss_dropout_kind;
enum {
  SS_DROPOUT_ELEMENT = 0,
  SS_DROPOUT_CHANNEL = 1, /* whole maps of [N, C, H, W] */
  SS_DROPOUT_PATH = 2     /* whole samples: stochastic depth */
};

typedef int32_t ss_initial_kind;
enum {
  SS_INITIAL_CONSTANT = 0,         /* a */
  SS_INITIAL_NORMAL = 1,           /* mean a, standard deviation b */
  SS_INITIAL_UNIFORM = 2,          /* between a and b */
  SS_INITIAL_TRUNCATED_NORMAL = 3, /* mean a, standard deviation b, cut at two of them */
  SS_INITIAL_DATA = 4              /* the elements of `data` */
};

/* A tensor of the component's own: a parameter that is trained, or a buffer that is not. */
typedef struct ss_state_spec {
  uint32_t size;
  int32_t trainable; /* 1: a parameter with a gradient. 0: a buffer */
  ss_string name;
  const int64_t* sizes;
  int32_t dim;
  ss_dtype dtype;
  ss_initial_kind initial;
  int32_t persistent; /* 1: saved in checkpoints */
  double a;
  double b;
  ss_tensor data;
} ss_state_spec;

typedef struct ss_layers_table {
  /* Declare. A name may be declared once in a component. */
  ss_status (*conv)(ss_builder builder, const ss_conv_spec* spec, ss_layer* out);
  ss_status (*norm)(ss_builder builder, ss_string name, int64_t channels, const ss_norm_spec* spec, ss_layer* out);
  ss_status (*activation)(ss_builder builder, ss_string name, const ss_activation_spec* spec, ss_layer* out);
  ss_status (*linear)(ss_builder builder, const ss_linear_spec* spec, ss_layer* out);
  ss_status (*attention)(ss_builder builder, const ss_attention_spec* spec, ss_layer* out);
  ss_status (*dropout)(ss_builder builder, ss_dropout_kind kind, double probability, ss_layer* out);
  ss_status (*state)(ss_builder builder, const ss_state_spec* spec, ss_layer* out);

  /* Applies any layer but an attention or a state. Several inputs and a residual (NULL: none; added before the
   * activation) are for `conv` alone; `norm` takes several inputs that are concatenated over channels. */
  ss_status (*apply)(ss_context context, ss_layer layer, const ss_tensor* inputs, uint32_t input_count,
                     ss_tensor residual, ss_tensor* out);

  /* Applies an attention to tokens [N, L, C]. `bias` and `mask`, each NULL or broadcastable to [N, heads, L, L], are
   * added to the logits. */
  ss_status (*attend)(ss_context context, ss_layer layer, ss_tensor tokens, ss_tensor bias, ss_tensor mask,
                      ss_tensor* out);

  /* The value of a state in this context: the trained weights, their moving average, another precision. */
  ss_status (*read)(ss_context context, ss_layer state, ss_tensor* out);

  /* Overwrites a buffer in place, without a gradient; it does nothing while a forward is recomputed. Tensors that
   * `read` gave before see the new value, as does a backward that saved them. */
  ss_status (*write)(ss_context context, ss_layer buffer, ss_tensor value);
} ss_layers_table;

/* Multi-head attention of tokens [N, L, channels] to others [N, S, source_channels], such as the same ones on a coarser
 * grid: queries are projected from the former, keys and values, one behind the other, from the latter; softmax of
 * q k^T / sqrt(channels / heads) + bias + mask, times v, output projection.
 * State: name.query_part, name.key_value_part and name.out_part + "weight" / "bias", as of ss_attention_spec. */
typedef struct ss_cross_attention_spec {
  uint32_t size;
  int32_t bias;
  ss_string name;
  ss_string query_part;
  ss_string key_value_part;
  ss_string out_part;
  int64_t channels;
  int64_t source_channels;
  int64_t heads;
} ss_cross_attention_spec;

typedef struct ss_layers_2_table {
  ss_status (*cross_attention)(ss_builder builder, const ss_cross_attention_spec* spec, ss_layer* out);

  /* -> [N, L, channels]. `bias` and `mask`, each NULL or broadcastable to [N, heads, L, S], are added to the logits. */
  ss_status (*attend_to)(ss_context context, ss_layer layer, ss_tensor tokens, ss_tensor source, ss_tensor bias,
                         ss_tensor mask, ss_tensor* out);
} ss_layers_2_table;

SS_STATIC_ASSERT(sizeof(ss_layers_table) == 11 * sizeof(void*), "ss.layers/1 is frozen");
SS_STATIC_ASSERT(sizeof(ss_layers_2_table) == 2 * sizeof(void*), "ss.layers/2 is frozen");
SS_STATIC_ASSERT(offsetof(ss_cross_attention_spec, heads) == 88,
                 "the published part of ss_cross_attention_spec is pinned");
SS_STATIC_ASSERT(offsetof(ss_conv_spec, activation) == 192, "the published part of ss_conv_spec is pinned");
SS_STATIC_ASSERT(offsetof(ss_state_spec, data) == 64, "the published part of ss_state_spec is pinned");

#endif
