/* Options: what a component lets a pipeline choose. Capability "ss.options/1".
 *
 * A component describes its options with a schema in its descriptor. The host checks the pipeline against the schema,
 * fills in the defaults and reports every mistake with its place, all before any code of the component runs. `create`
 * then reads complete, valid values.
 * Lifetime: a schema and all it points to live as long as the library. An ss_options node lives until `create` returns.
 * Threads: nodes are read-only and may be read from any thread. */
#ifndef SSHOST_ABI_OPTIONS_H
#define SSHOST_ABI_OPTIONS_H

#include "status.h"

#define SS_OPTIONS_1 "ss.options/1"

typedef int32_t ss_option_kind;
enum {
  SS_OPTION_BOOL = 1,
  SS_OPTION_INT = 2,
  SS_OPTION_DOUBLE = 3,
  SS_OPTION_STRING = 4,
  SS_OPTION_PATH = 5,  /* a string; the host makes it absolute, relative to the YAML file that holds it */
  SS_OPTION_STRUCT = 6 /* a map with the fields of `fields` */
};

typedef int32_t ss_option_shape;
enum {
  SS_OPTION_SCALAR = 0, /* one value */
  SS_OPTION_LIST = 1,   /* a YAML list of values */
  SS_OPTION_MAP = 2     /* a YAML map from any string to a value */
};

enum {                         /* flags */
       SS_OPTION_REQUIRED = 1, /* the pipeline has to give it */
       SS_OPTION_NULLABLE = 2, /* null is a value too, and the default where default_value is empty */
       /* A list of two integers, height and width, which the pipeline may also write {height: 512, width: 1024}. A host
        * that does not know this flag takes the list alone; `default_value` is written as the list. */
       SS_OPTION_SIZE = 4,
       /* Of a list: one value alone stands for the list of it. A host that does not know this flag, or the next one,
        * takes what is written out alone. */
       SS_OPTION_ONE_IS_LIST = 8,
       SS_OPTION_TEXT_IS_FIELD =
           16 /* of SS_OPTION_STRUCT: a text alone stands for the map with it as the first field */
};

struct ss_option;

typedef struct ss_schema {
  uint32_t size;
  uint32_t option_count;
  const struct ss_option* const* options;
} ss_schema;

typedef struct ss_option {
  uint32_t size;
  ss_option_kind kind;
  ss_option_shape shape;
  uint32_t flags;
  ss_string name;
  ss_string text;          /* one line of help: what it means, and its unit */
  ss_string default_value; /* in YAML; empty where the option is required or nullable */
  double minimum;          /* inclusive bounds of a number, or of each number; infinite where there is none */
  double maximum;
  const ss_string* choices; /* the strings that are allowed, or integers in decimal; none given: all */
  uint32_t choice_count;
  uint32_t minimum_length; /* of a list or map */
  const ss_schema* fields; /* of SS_OPTION_STRUCT */
} ss_option;

/* A value or a group of values. NULL stands for null, and for a name that the schema does not have. */
typedef const struct ss_options_object* ss_options;

typedef struct ss_options_table {
  ss_options (*field)(ss_options map, ss_string name); /* of a struct or map */
  uint32_t (*length)(ss_options node);                 /* of a list or map, else 0 */
  ss_options (*item)(ss_options node, uint32_t index); /* of a list or map, in the pipeline's order */
  ss_string (*key)(ss_options map, uint32_t index);

  /* The value; SS_INVALID_ARGUMENT where the node is NULL or of another kind. An integer is also a double. */
  ss_status (*as_bool)(ss_options node, int32_t* out);
  ss_status (*as_int)(ss_options node, int64_t* out);
  ss_status (*as_double)(ss_options node, double* out);
  ss_status (*as_string)(ss_options node, ss_string* out); /* strings and paths; lives as long as the node */
} ss_options_table;

SS_STATIC_ASSERT(sizeof(ss_options_table) == 8 * sizeof(void*), "ss.options/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_option, fields) == 96, "the published part of ss_option is pinned");

#endif
