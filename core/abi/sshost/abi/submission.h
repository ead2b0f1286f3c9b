/* What the server of a data set's benchmark takes. Component capability "ss.dataset.submission/1" of a data set.
 *
 * A layout has a name, which a pipeline writes into evaluate.prediction_formats. The host writes the files: for each
 * image a grey PNG of the image's size with a number for each pixel, below a folder that has the layout's name. The
 * layout says which number stands for a class, and what the file of a sample is called.
 *
 * A layout belongs to the benchmark, not to a split: its functions take no instance of the component. The host also
 * asks for layouts of data sets that it creates none of: what is predicted may come out of a plain folder of images.
 * Where the host itself has a format of that name, that one is meant; the pipeline's own data set comes before others.
 *
 * Lifetime: the table and all that it points to live as long as the library, unchanged. Threads: any. */
#ifndef SSHOST_ABI_SUBMISSION_H
#define SSHOST_ABI_SUBMISSION_H

#include "status.h"

#define SS_DATASET_SUBMISSION_1 "ss.dataset.submission/1"

typedef int32_t ss_submission_kind; /* the host refuses to write one that it does not know, by name */
enum {
  SS_SUBMISSION_PNG8 = 0, /* numbers 0..255 */
  SS_SUBMISSION_PNG16 = 1 /* numbers 0..65535 */
};

/* Where a function puts a text, once. The host copies it before `put` returns. */
typedef struct ss_text_sink {
  void* self;
  ss_status (*put)(void* self, ss_string text);
} ss_text_sink;

typedef struct ss_submission_layout {
  uint32_t size;
  ss_submission_kind kind;
  ss_string name; /* as a component's name, and with no dot in front: it is also the name of a folder */
  ss_string text; /* one line of help */
  void* self;     /* the plugin's own, handed to the functions; may be NULL */

  /* Fills `values`, of class_count elements, with the number that is written for each class. Fails, saying what it
   * expected, where these are not the benchmark's classes: then nothing is predicted. `classes` are their names in the
   * order of the model's outputs, borrowed for the call. */
  ss_status (*values)(void* self, const ss_string* classes, uint32_t class_count, int32_t* values);

  /* Puts the name of a sample's file: a relative path with '/', without "..", that ends in ".png". Two samples need
   * different ones. `id` is what the data set calls the sample, or the image's path below the folder that it was given
   * in, without an ending; borrowed for the call. Fails, saying what it expected, where the server would find none. */
  ss_status (*file_name)(void* self, ss_string id, const ss_text_sink* sink);
} ss_submission_layout;

typedef struct ss_submission_table {
  const ss_submission_layout* const* layouts;
  uint32_t layout_count;
  uint32_t reserved;
} ss_submission_table;

SS_STATIC_ASSERT(sizeof(ss_text_sink) == 2 * sizeof(void*), "ss_text_sink is frozen");
SS_STATIC_ASSERT(sizeof(ss_submission_table) == 16, "ss.dataset.submission/1 is frozen");
SS_STATIC_ASSERT(offsetof(ss_submission_layout, file_name) == 56,
                 "the published part of ss_submission_layout is pinned");

#endif
