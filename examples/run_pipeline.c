/* run_pipeline PIPELINE [KEY=VALUE]...: runs it, shows how far it is, and prints its folder and mean IoU. Ctrl-C saves
 * and ends it; it goes on with train.resume=true output=<the folder>. */
#include <signal.h>
#include <sshost/api.h>
#include <stdio.h>

static sshost_cancel* stop;

static void ask_to_stop(int number) {
  (void)number;
  sshost_cancel_request(stop);
}

static void show(void* user, const sshost_progress* now) {
  static const char* const phases[] = {"step", "evaluated", "predicted"};
  (void)user;
  fprintf(stderr, "%s %lld of %lld", phases[now->phase], (long long)now->step, (long long)now->steps);
  if (now->phase == SSHOST_TRAINING) fprintf(stderr, ", loss %.4f", now->loss);
  fputc('\n', stderr);
}

int main(int count, char** arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: run_pipeline PIPELINE [KEY=VALUE]...\n");
    return 2;
  }
  stop = sshost_cancel_create();
  sshost_options* options = sshost_options_create();
  if (stop == NULL || options == NULL) return 1;
  sshost_options_set_progress(options, show, NULL);
  for (int i = 2; i < count; ++i) sshost_options_add_override(options, arguments[i]);
  signal(SIGINT, ask_to_stop);

  sshost_result* result = NULL;
  sshost_error* error = NULL;
  const sshost_code code = sshost_run(arguments[1], options, stop, &result, &error);
  if (code != SSHOST_OK) fprintf(stderr, "%s\n", sshost_error_message(error));
  sshost_scores scores = {.size = sizeof scores};
  if (sshost_result_scores(result, &scores) == SSHOST_OK) {
    printf("%s: step %lld, mean IoU %.4f\n", sshost_result_folder(result), (long long)sshost_result_step(result),
           scores.mean_iou);
  }
  sshost_result_free(result);
  sshost_error_free(error);
  sshost_options_free(options);
  sshost_cancel_free(stop);
  return code == SSHOST_OK ? 0 : 1;
}
