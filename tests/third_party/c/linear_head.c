/* The smallest useful head in plain C: the last feature map is the representation, a 1x1 convolution classifies it.
 * Nothing is linked; everything comes from the host through tables that are asked for by name. */
#include <sshost/abi/plugin.h>
#include <stdlib.h>

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

SS_PLUGIN_NOTE(SS_HEAD_1);

/* Written once, by ss_plugin_entry, before anything else here runs. */
static const ss_host* host;
static const ss_layers_table* layers;
static const ss_tensor_table* tensors;
static const ss_options_table* options_table;

typedef struct linear_head {
  int64_t channels;
  ss_layer classifier; /* NULL where the head serves as the context of a memory */
} linear_head;

static ss_status fail(ss_status status, const char* text, uint64_t size) {
  const ss_string message = {text, size};
  return host->fail(host, status, message);
}
#define FAIL(status, literal) fail(status, literal, sizeof(literal) - 1)

static ss_status declare_classifier(ss_builder builder, int64_t channels, int64_t classes, int32_t bias,
                                    ss_layer* out) {
  const ss_string name = TEXT("classifier");
  ss_conv_spec spec = {0};
  spec.size = sizeof spec;
  spec.name = name;
  spec.in_channels = channels;
  spec.out_channels = classes;
  spec.kernel[0] = spec.kernel[1] = 1;
  spec.stride[0] = spec.stride[1] = 1;
  spec.dilation[0] = spec.dilation[1] = 1;
  spec.groups = 1;
  spec.bias = bias;
  return layers->conv(builder, &spec, out);
}

/* On failure nothing is written and nothing is kept; the host's own functions have left their message already. */
static ss_status create(ss_builder builder, ss_options options, const ss_head_spec* spec, void** self) {
  const ss_string bias_name = TEXT("bias");
  int32_t bias = 0;
  ss_status status = options_table->as_bool(options_table->field(options, bias_name), &bias);
  if (status != SS_OK) return status;

  linear_head* head = calloc(1, sizeof *head);
  if (head == NULL) return FAIL(SS_OUT_OF_MEMORY, "create: out of memory");
  head->channels = spec->features[spec->feature_count - 1].channels;
  if (!spec->representation_only) {
    status = declare_classifier(builder, head->channels, spec->classes, bias, &head->classifier);
    if (status != SS_OK) {
      free(head);
      return status;
    }
  }
  *self = head;
  return SS_OK;
}

static void destroy(void* self) { free(self); }

static int64_t channels(void* self) { return ((const linear_head*)self)->channels; }

static ss_status inputs(void* self, ss_string* names, uint32_t* count) {
  (void)self;
  (void)names;
  *count = 0;
  return SS_OK;
}

/* The feature is borrowed and the representation is the host's to release: one count more. */
static ss_status embed(void* self, ss_context context, const ss_head_inputs* in, const ss_prediction_sink* sink,
                       ss_tensor* representation) {
  (void)self;
  (void)context;
  (void)sink;
  *representation = in->features[in->feature_count - 1];
  tensors->retain(*representation);
  return SS_OK;
}

static ss_status classify(void* self, ss_context context, ss_tensor representation, const ss_prediction_sink* sink,
                          ss_tensor* logits) {
  const linear_head* head = self;
  (void)sink;
  if (head->classifier == NULL) return FAIL(SS_UNSUPPORTED, "classify: this head has no classifier");
  return layers->apply(context, head->classifier, &representation, 1, NULL, logits);
}

static const ss_option bias_option = {.size = sizeof(ss_option),
                                      .kind = SS_OPTION_BOOL,
                                      .name = TEXT("bias"),
                                      .text = TEXT("a bias for each class"),
                                      .default_value = TEXT("true")};
static const ss_option* const option_list[] = {&bias_option};
static const ss_schema schema = {sizeof schema, 1, option_list};

static const ss_head_table table = {create, destroy, channels, inputs, embed, classify};
static const ss_component component = {.size = sizeof component,
                                       .kind = TEXT(SS_HEAD_1),
                                       .name = TEXT("linear"),
                                       .text = TEXT("a classifier of the last feature"),
                                       .options = &schema,
                                       .table = &table};
static const ss_component* const components[] = {&component};

static const ss_string capabilities[] = {TEXT(SS_LAYERS_1), TEXT(SS_TENSOR_1), TEXT(SS_OPTIONS_1)};
static const ss_plugin plugin = {.size = sizeof plugin,
                                 .component_count = 1,
                                 .name = TEXT("head_in_plain_c"),
                                 .version = TEXT("0.1.0"),
                                 .components = components,
                                 .needed_capabilities = capabilities,
                                 .needed_capability_count = 3};

static const void* get(ss_string id) { return host->get(host, id); }

/* The tables may be NULL here: the host reads the list of what is needed from the descriptor afterwards, and refuses
 * the plugin where one is missing, before any other function of it is called. */
const ss_plugin* ss_plugin_entry(const ss_host* the_host) {
  host = the_host;
  layers = get(capabilities[0]);
  tensors = get(capabilities[1]);
  options_table = get(capabilities[2]);
  return &plugin;
}
