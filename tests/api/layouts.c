/* Every struct and every number of sshost/api.h as it was published: what is built against it keeps working. A struct
 * grows at its end: its new members are added here, with its new size. */
#include <sshost/api.h>

#define PIN(type, member, offset) _Static_assert(offsetof(type, member) == (offset), #type "." #member " has moved")
#define PIN_VALUE(name, value) _Static_assert((name) == (value), #name " has changed")

_Static_assert(sizeof(sshost_image) == 40, "the size of sshost_image has changed");
PIN(sshost_image, size, 0);
PIN(sshost_image, pixels, 4);
PIN(sshost_image, data, 8);
PIN(sshost_image, height, 16);
PIN(sshost_image, width, 24);
PIN(sshost_image, row_stride, 32);

_Static_assert(sizeof(sshost_map) == 56, "the size of sshost_map has changed");
PIN(sshost_map, size, 0);
PIN(sshost_map, values, 4);
PIN(sshost_map, data, 8);
PIN(sshost_map, capacity, 16);
PIN(sshost_map, channels, 24);
PIN(sshost_map, height, 32);
PIN(sshost_map, width, 40);
PIN(sshost_map, owner, 48);

_Static_assert(sizeof(sshost_progress) == 64, "the size of sshost_progress has changed");
PIN(sshost_progress, size, 0);
PIN(sshost_progress, phase, 4);
PIN(sshost_progress, step, 8);
PIN(sshost_progress, steps, 16);
PIN(sshost_progress, loss, 24);
PIN(sshost_progress, learning_rate, 32);
PIN(sshost_progress, epoch, 40);
PIN(sshost_progress, epochs, 48);
PIN(sshost_progress, seconds, 56);

_Static_assert(sizeof(sshost_scores) == 80, "the size of sshost_scores has changed");
PIN(sshost_scores, size, 0);
PIN(sshost_scores, reserved, 4);
PIN(sshost_scores, images, 8);
PIN(sshost_scores, seconds, 16);
PIN(sshost_scores, mean_iou, 24);
PIN(sshost_scores, mean_accuracy, 32);
PIN(sshost_scores, pixel_accuracy, 40);
PIN(sshost_scores, mean_precision, 48);
PIN(sshost_scores, mean_dice, 56);
PIN(sshost_scores, mean_f_score, 64);
PIN(sshost_scores, mean_boundary_iou, 72);

_Static_assert(sizeof(sshost_import) == 72, "the size of sshost_import has changed");
PIN(sshost_import, size, 0);
PIN(sshost_import, reserved, 4);
PIN(sshost_import, weights, 8);
PIN(sshost_import, target, 16);
PIN(sshost_import, component, 24);
PIN(sshost_import, format, 32);
PIN(sshost_import, part, 40);
PIN(sshost_import, prefix, 48);
PIN(sshost_import, classes, 56);
PIN(sshost_import, skip_classifier, 64);
PIN(sshost_import, adapt_input, 68);

PIN_VALUE(SSHOST_OK, 0);
PIN_VALUE(SSHOST_FAILED, 1);
PIN_VALUE(SSHOST_USAGE, 2);
PIN_VALUE(SSHOST_INVALID_ARGUMENT, 3);
PIN_VALUE(SSHOST_OUT_OF_MEMORY, 4);
PIN_VALUE(SSHOST_CANCELLED, 5);
PIN_VALUE(SSHOST_LOG_DEBUG, 0);
PIN_VALUE(SSHOST_LOG_INFO, 1);
PIN_VALUE(SSHOST_LOG_WARNING, 2);
PIN_VALUE(SSHOST_LOG_ERROR, 3);
PIN_VALUE(SSHOST_TRAINING, 0);
PIN_VALUE(SSHOST_EVALUATING, 1);
PIN_VALUE(SSHOST_PREDICTING, 2);
PIN_VALUE(SSHOST_RGB8, 0);
PIN_VALUE(SSHOST_BGR8, 1);
PIN_VALUE(SSHOST_RGBA8, 2);
PIN_VALUE(SSHOST_BGRA8, 3);
PIN_VALUE(SSHOST_GRAY8, 4);
PIN_VALUE(SSHOST_RGB8_PLANES, 5);
PIN_VALUE(SSHOST_CLASSES_U8, 0);
PIN_VALUE(SSHOST_CLASSES_I32, 1);
PIN_VALUE(SSHOST_PROBABILITIES_F32, 2);
PIN_VALUE(SSHOST_SCORES_F32, 3);
