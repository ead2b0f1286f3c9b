/* Any ATen operator, called by name. Capability "ss.ops/1".
 *
 * A call goes through the dispatcher: autograd, autocast and devices work as they do in Python. Arguments that are left
 * out at the end take the schema's defaults, so that an operator which gains an argument does not break a plugin.
 * Threads: resolve on any thread. Call on the thread on which the host called the component, or on one that has entered
 * the context (context.h). */
#ifndef SSHOST_ABI_OPS_H
#define SSHOST_ABI_OPS_H

#include "tensor.h"

#define SS_OPS_1 "ss.ops/1"

/* A resolved operator: lives as long as the process. */
typedef const struct ss_operator_object* ss_operator;

typedef uint32_t ss_value_tag;
enum {
  SS_VALUE_NONE = 0,      /* an optional argument that is absent */
  SS_VALUE_TENSOR = 1,    /* as.tensor; NULL stands for an absent optional tensor */
  SS_VALUE_INT = 2,       /* as.integer; also a dtype, a memory format or a layout */
  SS_VALUE_DOUBLE = 3,    /* as.real */
  SS_VALUE_BOOL = 4,      /* as.integer, 0 or 1 */
  SS_VALUE_STRING = 5,    /* as.text, `count` bytes */
  SS_VALUE_INTS = 6,      /* as.integers, `count` of them */
  SS_VALUE_DOUBLES = 7,   /* as.reals, `count` of them */
  SS_VALUE_BOOLS = 8,     /* as.bools, `count` of them */
  SS_VALUE_TENSORS = 9,   /* as.tensors, `count` of them; a NULL element is an absent optional tensor */
  SS_VALUE_DEVICE_OF = 10 /* the device of as.tensor, where the schema wants a device */
};

/* One argument or result. Everything it points to is borrowed for the length of the call. An integer is taken where the
 * schema wants a float or a Scalar, and a single integer where it wants `int[2]` (both elements). */
typedef struct ss_value {
  ss_value_tag tag;
  uint32_t count;
  union {
    ss_tensor tensor;
    int64_t integer;
    double real;
    const char* text;
    const int64_t* integers;
    const double* reals;
    const uint8_t* bools;
    const ss_tensor* tensors;
  } as;
} ss_value;

typedef struct ss_ops_table {
  /* Finds `name`, which is "namespace::operator" or "namespace::operator.overload", such as "aten::softmax.int". */
  ss_status (*resolve)(ss_string name, ss_operator* out);

  /* Calls it. `results` holds `*result_count` values; the number of results replaces it. Results are tensors (the
   * caller's to release), integers, doubles or booleans; a list of tensors becomes that many results. Where `results`
   * is too short nothing is kept, the number that is needed is written and SS_TOO_SMALL returned. */
  ss_status (*call)(ss_operator op, const ss_value* arguments, uint32_t argument_count, ss_value* results,
                    uint32_t* result_count);
} ss_ops_table;

SS_STATIC_ASSERT(sizeof(ss_value) == 16, "ss_value is frozen");
SS_STATIC_ASSERT(sizeof(ss_ops_table) == 2 * sizeof(void*), "ss.ops/1 is frozen");

#endif
