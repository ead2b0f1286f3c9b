#include "conform/sampled.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  const data::PluginTransform transform = make_transform(subject);
  int64_t number = 0;
  for (const cv::Size size : {cv::Size(37, 21), cv::Size(1, 1), cv::Size(4, 64)}) {
    for (const bool is_float : {false, true}) {
      for (int round = 0; round < 8; ++round, ++number) {
        apply_apart(transform, draw_picture(size, static_cast<uint64_t>(number), is_float), transform_random(number), 0,
                    round % 2 == 0);
      }
    }
  }
}

}  // namespace

extern const Test kTransformBuffers = {
    "buffers",
    "what it gives is written into its buffers alone, and what it reads is not written",
    {"transform.h", "borrowed, and never written: others may share it"},
    "transform",
    run};

}  // namespace sshost::conform
