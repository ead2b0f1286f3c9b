/* A complete head that does nothing, in plain C: what the libraries of this folder are made of. */
#ifndef SSHOST_TESTS_PLUGIN_HEAD_IN_C_H
#define SSHOST_TESTS_PLUGIN_HEAD_IN_C_H

#include <sshost/abi/plugin.h>

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }
#define NEEDS_NOTHING NULL, NULL, 0, 0

static ss_status head_create(ss_builder builder, ss_options options, const ss_head_spec* spec, void** self) {
  (void)builder, (void)options, (void)spec, (void)self;
  return SS_UNSUPPORTED;
}
static void head_destroy(void* self) { (void)self; }
static int64_t head_channels(void* self) {
  (void)self;
  return 1;
}
static ss_status head_inputs(void* self, ss_string* names, uint32_t* count) {
  (void)self, (void)names;
  *count = 0;
  return SS_OK;
}
static ss_status head_embed(void* self, ss_context context, const ss_head_inputs* inputs,
                            const ss_prediction_sink* sink, ss_tensor* representation) {
  (void)self, (void)context, (void)inputs, (void)sink, (void)representation;
  return SS_UNSUPPORTED;
}
static ss_status head_classify(void* self, ss_context context, ss_tensor representation, const ss_prediction_sink* sink,
                               ss_tensor* logits) {
  (void)self, (void)context, (void)representation, (void)sink, (void)logits;
  return SS_UNSUPPORTED;
}

static const ss_head_table head_table = {head_create, head_destroy, head_channels,
                                         head_inputs, head_embed,   head_classify};

#define HEAD(variable, head_name)                                                                     \
  static const ss_component variable = {sizeof(ss_component), 0,    TEXT(SS_HEAD_1), TEXT(head_name), \
                                        TEXT("does nothing"), NULL, &head_table,     NULL}

#endif
