/* segment_noise MODEL: segments 64x64 pixels of noise, and prints how many pixels each class got. */
#include <sshost/api.h>
#include <stdio.h>

static int fail(sshost_error* error) {
  fprintf(stderr, "%s\n", sshost_error_message(error));
  sshost_error_free(error);
  return 1;
}

int main(int count, char** arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: segment_noise MODEL\n");
    return 2;
  }
  sshost_error* error = NULL;
  sshost_model* model = sshost_model_open(arguments[1], NULL, &error);
  if (model == NULL) return fail(error);

  static unsigned char pixels[64 * 64 * 3];
  unsigned value = 1;
  for (size_t i = 0; i < sizeof pixels; ++i) pixels[i] = (unsigned char)((value = value * 1103515245U + 12345U) >> 16);

  static unsigned char classes[64 * 64];
  const sshost_image image = {.size = sizeof image, .pixels = SSHOST_RGB8, .data = pixels, .height = 64, .width = 64};
  sshost_map map = {.size = sizeof map, .values = SSHOST_CLASSES_U8, .data = classes, .capacity = sizeof classes};
  const sshost_code code = sshost_predict(model, &image, 1, &map, NULL, &error);
  if (code == SSHOST_OK) {
    for (int64_t index = 0; index < sshost_model_class_count(model); ++index) {
      int pixels_of_class = 0;
      for (size_t i = 0; i < sizeof classes; ++i) pixels_of_class += classes[i] == index;
      printf("%6d %s\n", pixels_of_class, sshost_model_class_name(model, index));
    }
  }
  sshost_model_close(model);
  return code == SSHOST_OK ? 0 : fail(error);
}
