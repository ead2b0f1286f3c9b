/* The host as a library: open models, segment images in memory, run whole pipelines. C11; `api.hpp` wraps it for C++17.
 * What came after 1.0 says so.
 *
 *     sshost_error* error = NULL;
 *     sshost_model* model = sshost_model_open("model.safetensors", NULL, &error);
 *     if (model == NULL) { fprintf(stderr, "%s\n", sshost_error_message(error)); sshost_error_free(error); return 1; }
 *     sshost_image image = {sizeof image, SSHOST_RGB8, pixels, height, width, 0};
 *     sshost_map map = {sizeof map, SSHOST_CLASSES_U8};
 *     if (sshost_predict(model, &image, 1, &map, NULL, &error) == SSHOST_OK) use(map.data, map.height, map.width);
 *     sshost_map_release(&map);
 *     sshost_model_close(model);
 *
 * Errors. A function that can fail takes `sshost_error** error` last. On failure it sets *error, which the caller frees;
 * `error` may be NULL. *error is not looked at before, and left alone on success. The text is what the program would
 * say, with the same places ("p.yaml:7:3: model.head.dilatoins: unknown option").
 *
 * Text is UTF-8 and ends with a zero. What a function returns as `const char*` belongs to its object.
 *
 * Threads. Functions may be called from any thread. Several threads may predict with one model at a time, and several
 * models may be open at once; an object must not be freed while another thread uses it.
 *
 * What the library leaves alone: signal handlers, the affinity of threads, the locale, the working directory, OpenCV's
 * settings. It prints nothing and never ends the process; log lines go to the function in the options. It looks at a
 * plugin that it meets for the first time in a child process (fork), so as to survive a broken one.
 *
 * Growth. Within a major version functions are only added, and a struct that begins with `size` grows only at its end:
 * set `size` to sizeof the struct as you compiled it. Enumerations may get more values. */
#ifndef SSHOST_API_H
#define SSHOST_API_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SSHOST_API_MAJOR 1
#define SSHOST_API_MINOR 2

/* Of the library that is loaded: major << 16 | minor of this interface, and the program's version, such as "0.1.0". */
uint32_t sshost_api_version(void);
const char* sshost_version(void);

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

typedef enum sshost_code {
  SSHOST_OK = 0,
  SSHOST_FAILED = 1,           /* the work failed: a file, the device, the disk */
  SSHOST_USAGE = 2,            /* the pipeline or an option is wrong; found before any work */
  SSHOST_INVALID_ARGUMENT = 3, /* the call itself is wrong: NULL, a buffer that is too small, an unknown value */
  SSHOST_OUT_OF_MEMORY = 4,
  SSHOST_CANCELLED = 5 /* sshost_cancel_request was called meanwhile */
} sshost_code;

typedef struct sshost_error sshost_error;

sshost_code sshost_error_code(const sshost_error* error);
const char* sshost_error_message(const sshost_error* error); /* one line for each mistake */
void sshost_error_free(sshost_error* error);                 /* NULL is ignored, as in all functions that free */

/* ---- Cancelling -------------------------------------------------------------------------------------------------- */

/* Asks for work to be left early, from any thread, a callback of the library or a signal handler. Work looks at it
 * between images, steps and batches. One object may serve several calls; it outlives them. */
typedef struct sshost_cancel sshost_cancel;

sshost_cancel* sshost_cancel_create(void); /* NULL where there is no memory */
void sshost_cancel_request(sshost_cancel* cancel);
void sshost_cancel_reset(sshost_cancel* cancel);
void sshost_cancel_free(sshost_cancel* cancel);

/* ---- Options ----------------------------------------------------------------------------------------------------- */

/* How something is opened or run. NULL in place of options means all defaults. What is passed in is copied. Setters
 * that take text return SSHOST_OUT_OF_MEMORY where they cannot copy it, and SSHOST_INVALID_ARGUMENT for NULL. */
typedef struct sshost_options sshost_options;

sshost_options* sshost_options_create(void); /* NULL where there is no memory */
void sshost_options_free(sshost_options* options);

/* "key=value", as the program's --set: "device=cuda", "evaluate.flip=true". Later ones win. */
sshost_code sshost_options_add_override(sshost_options* options, const char* override);

/* A plugin's library, or a folder of them, beside those that are installed with this library and those of
 * SSHOST_PLUGIN_PATH. They run as code in this process: name only what you trust. */
sshost_code sshost_options_add_plugins(sshost_options* options, const char* path);

/* Threads for one operator, as the pipeline's `threads`. 0, the default: the pipeline's, or else what the calling thread
 * has been given (OMP_NUM_THREADS, omp_set_num_threads). It holds for the thread that calls, while it calls. */
sshost_code sshost_options_set_threads(sshost_options* options, int64_t threads);

typedef enum sshost_log_level {
  SSHOST_LOG_DEBUG = 0,
  SSHOST_LOG_INFO = 1,
  SSHOST_LOG_WARNING = 2,
  SSHOST_LOG_ERROR = 3
} sshost_log_level;

/* Called with one line, without a line break, on any thread; not with two at once for one options object. It must not
 * call back into the library. */
typedef void (*sshost_log_function)(void* user, sshost_log_level level, const char* line);

/* NULL, the default: lines are dropped. `user` outlives every model that was opened with these options, and every call
 * that they are passed to. */
void sshost_options_set_log(sshost_options* options, sshost_log_function log, void* user);

typedef enum sshost_phase {
  SSHOST_TRAINING = 0,   /* steps */
  SSHOST_EVALUATING = 1, /* images, by their labels */
  SSHOST_PREDICTING = 2  /* images */
} sshost_phase;

/* How far a run or an evaluation is. Since 1.1. */
typedef struct sshost_progress {
  uint32_t size; /* of the struct that the library knows */
  sshost_phase phase;
  int64_t step;         /* done so far in this phase: optimiser steps of the whole training, or images */
  int64_t steps;        /* of all */
  double loss;          /* of the step, all terms; NaN where nothing is trained */
  double learning_rate; /* of the step; NaN likewise */
  int64_t epoch;        /* from 1 on; 0 likewise */
  int64_t epochs;       /* of all; 0 likewise */
  double seconds;       /* of the step; of an evaluation, since it began */
} sshost_progress;

/* Called after each step and each image, on the thread that called the library; not while the log of the same options
 * is. `progress` is valid during the call. It must not call back into the library, but for sshost_cancel_request. */
typedef void (*sshost_progress_function)(void* user, const sshost_progress* progress);

/* NULL, the default: nobody is told. `user` lives as that of the log. Since 1.1. */
void sshost_options_set_progress(sshost_options* options, sshost_progress_function progress, void* user);

/* ---- Models ------------------------------------------------------------------------------------------------------ */

/* A model with its weights, ready to predict. */
typedef struct sshost_model sshost_model;

/* `path` is a checkpoint of sshost (.safetensors), or a pipeline (.yaml, .yml) that says where its weights are. The
 * options are read during the call alone; the model keeps their log and progress. Of the plugins' libraries that a
 * checkpoint asks for, those are loaded that the options name, that a run of this user has loaded before, or that lie
 * where the user's configuration trusts (SECURITY.md); the error names one that is not. Returns NULL on failure. */
sshost_model* sshost_model_open(const char* path, const sshost_options* options, sshost_error** error);
void sshost_model_close(sshost_model* model);

int64_t sshost_model_class_count(const sshost_model* model);

/* The name and the colour, 0xRRGGBB, of class `index`; NULL and 0 outside [0, class count). */
const char* sshost_model_class_name(const sshost_model* model, int64_t index);
uint32_t sshost_model_class_color(const sshost_model* model, int64_t index);

/* The pipeline with every value that it has, as YAML. */
const char* sshost_model_pipeline(const sshost_model* model);

/* ---- Predicting -------------------------------------------------------------------------------------------------- */

typedef enum sshost_pixels {
  SSHOST_RGB8 = 0,
  SSHOST_BGR8 = 1,  /* as OpenCV has it */
  SSHOST_RGBA8 = 2, /* alpha is ignored */
  SSHOST_BGRA8 = 3,
  SSHOST_GRAY8 = 4, /* repeated in all three channels */
  /* One plane after the other, [3, height, width], as tensors have it: `row_stride` is that within a plane, and a plane
   * begins `height` rows after the one before. Since 1.2. */
  SSHOST_RGB8_PLANES = 5
} sshost_pixels;

/* An image in the caller's memory, only read, upright, not normalised: the model's own transforms do that. */
typedef struct sshost_image {
  uint32_t size; /* sizeof(sshost_image) */
  sshost_pixels pixels;
  const void* data;
  int64_t height;
  int64_t width;
  int64_t row_stride; /* bytes from one row to the next; 0: rows follow each other without a gap */
} sshost_image;

typedef enum sshost_values {
  SSHOST_CLASSES_U8 = 0,        /* uint8 [height, width]: the class of each pixel; at most 256 classes */
  SSHOST_CLASSES_I32 = 1,       /* int32 [height, width] */
  SSHOST_PROBABILITIES_F32 = 2, /* float [classes, height, width], adding up to 1 at each pixel */
  SSHOST_SCORES_F32 = 3         /* float [classes, height, width]: what the arg max is taken of: logits, or
                                   probabilities where the pipeline averages them (evaluate.average) */
} sshost_values;

/* What a prediction gives, dense, at the image's size.
 *
 * With `data` NULL the library allocates it, to be given back by sshost_map_release; else it writes into `data`, which
 * has room for `capacity` bytes. On failure the map is left as it was. */
typedef struct sshost_map {
  uint32_t size; /* sizeof(sshost_map) */
  sshost_values values;
  void* data;
  uint64_t capacity; /* bytes; only read where `data` is given */
  int64_t channels;  /* set: 1, or the number of classes */
  int64_t height;    /* set */
  int64_t width;     /* set */
  void* owner;       /* the library's own; 0 in the beginning */
} sshost_map;

/* Predicts `count` images one after the other, as the program's `predict` does, into as many maps. `cancel` may be NULL.
 * Where it fails or is cancelled, no map is changed. */
sshost_code sshost_predict(sshost_model* model, const sshost_image* images, size_t count, sshost_map* maps,
                           const sshost_cancel* cancel, sshost_error** error);

/* Frees what the library allocated, and sets `data` to NULL; leaves the caller's own buffers alone. */
void sshost_map_release(sshost_map* map);

/* ---- Running, evaluating, validating, importing: since 1.1 ------------------------------------------------------- */

/* What a run, an evaluation, a validation or an import gave. Texts belong to it and live as long; NULL where it has
 * none. Functions that give one set *result to NULL first; `result` may be NULL where nobody wants it. */
typedef struct sshost_result sshost_result;

void sshost_result_free(sshost_result* result);

/* All of it, as a JSON object. Of a run, a validation and an import it is what the program prints by --json
 * (docs/commands.md); of an evaluation a line of metrics.jsonl (docs/metrics.md). */
const char* sshost_result_json(const sshost_result* result);

const char* sshost_result_state(const sshost_result* result);      /* of a run: "Finished", or how else it ended */
const char* sshost_result_folder(const sshost_result* result);     /* of a run, absolute */
const char* sshost_result_checkpoint(const sshost_result* result); /* the newest of a run; what was imported */
int64_t sshost_result_step(const sshost_result* result);           /* of a run: steps that its model has seen; else 0 */

/* The scores of an evaluation, or of a run's last one. Rates are in [0, 1], and NaN where they are not defined: all are
 * where nothing was evaluated. docs/metrics.md defines them. */
typedef struct sshost_scores {
  uint32_t size; /* sizeof(sshost_scores) */
  uint32_t reserved;
  int64_t images;
  double seconds;
  double mean_iou;
  double mean_accuracy;
  double pixel_accuracy;
  double mean_precision;
  double mean_dice;
  double mean_f_score;
  double mean_boundary_iou;
} sshost_scores;

/* Fills in as much of *scores as its `size` says; SSHOST_INVALID_ARGUMENT for NULL, and where `size` is not set. */
sshost_code sshost_result_scores(const sshost_result* result, sshost_scores* scores);

/* Of the same evaluation, by class: how many, the name (NULL outside) and the IoU (NaN outside, and where neither
 * labels nor predictions hold the class). */
int64_t sshost_result_class_count(const sshost_result* result);
const char* sshost_result_class_name(const sshost_result* result, int64_t index);
double sshost_result_class_iou(const sshost_result* result, int64_t index);

/* Does what `sshost run` does with the pipeline at `path` (.yaml, .yml), or with the one in a checkpoint or a run's
 * folder, whose weights it begins with: trains, evaluates, predicts, and leaves the run's folder. Relative paths are
 * taken from the working directory; name the folder by the override "output=...". It is one process: what torchrun or
 * srun set in the environment is not read. Plugins that it used count as trusted from then on, as with the program.
 *
 * Cancelled, it saves where it is, so that a run with the overrides "train.resume=true" and "output=<the folder>" goes
 * on to the very same result. It returns SSHOST_CANCELLED then, with a result. */
sshost_code sshost_run(const char* path, const sshost_options* options, const sshost_cancel* cancel,
                       sshost_result** result, sshost_error** error);

/* Scores the model on a split of its pipeline's data set; NULL: data.evaluate.split. By the pipeline's `evaluate`, and
 * to the same numbers as a run with `run: [evaluate]`; no folder is made. The data set needs the model's classes
 * (SSHOST_USAGE). Several threads may do so with one model, which may predict meanwhile. */
sshost_code sshost_evaluate(sshost_model* model, const char* split, const sshost_cancel* cancel, sshost_result** result,
                            sshost_error** error);

/* Checks the pipeline at `path`, or in a checkpoint, as `sshost validate` does: everything short of running it.
 * SSHOST_USAGE with every mistake. The result's JSON holds the resolved pipeline, and says where the model could not be
 * checked since the data set's files are not there. */
sshost_code sshost_validate(const char* path, const sshost_options* options, sshost_result** result,
                            sshost_error** error);

/* Whose weights are to be imported, and where to. Texts that are NULL are not given. Set all else to 0. */
typedef struct sshost_import {
  uint32_t size; /* sizeof(sshost_import) */
  uint32_t reserved;
  const char* weights;   /* the file, .pth or .safetensors, told apart by content */
  const char* target;    /* the checkpoint to be written, .safetensors */
  const char* component; /* "backbone", "head", "memory", "auxiliary.0": they are of it alone; NULL: the whole model */
  const char* format;    /* whose names the file uses; NULL: those that match best */
  const char* part;      /* of several state dicts in the file, the key of the one to read */
  const char* prefix;    /* only names of the file that begin so, without it, as "student." */
  int64_t classes;       /* that the model tells apart; 0: those of the pipeline's data set */
  int32_t skip_classifier; /* not 0: what is for other classes is left out, and keeps its initial values */
  int32_t adapt_input;     /* not 0: a first convolution over RGB is fitted to the pipeline's channels */
} sshost_import;

/* Does what `sshost weights import` does for the pipeline at `path`. Reports every tensor in the result's JSON. */
sshost_code sshost_import_weights(const char* path, const sshost_import* import, const sshost_options* options,
                                  sshost_result** result, sshost_error** error);

/* ---- Plugins: since 1.2 ------------------------------------------------------------------------------------------ */

/* Finds and loads the plugins that a pipeline could name, with those of the options, as `sshost plugins list` does. The
 * result's JSON is what that prints by --json: `components` (kind, type, text, plugin, version, file) and `refused`
 * (file, reason). SSHOST_USAGE where a file that the options name was refused. */
sshost_code sshost_list_plugins(const sshost_options* options, sshost_result** result, sshost_error** error);

#ifdef __cplusplus
}
#endif

#endif /* SSHOST_API_H */
