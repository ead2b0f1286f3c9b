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
PIN_VALUE(SSHOST_RGB8, 0);
PIN_VALUE(SSHOST_BGR8, 1);
PIN_VALUE(SSHOST_RGBA8, 2);
PIN_VALUE(SSHOST_BGRA8, 3);
PIN_VALUE(SSHOST_GRAY8, 4);
PIN_VALUE(SSHOST_CLASSES_U8, 0);
PIN_VALUE(SSHOST_CLASSES_I32, 1);
PIN_VALUE(SSHOST_PROBABILITIES_F32, 2);
PIN_VALUE(SSHOST_SCORES_F32, 3);
