#include "conform/sampled.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  const data::PluginTransform transform = make_transform(subject);
  int64_t number = 0;
  for (const cv::Size size : {cv::Size(48, 40), cv::Size(1, 1), cv::Size(33, 7), cv::Size(5, 64)}) {
    for (const bool is_float : {false, true}) {
      for (int round = 0; round < 8; ++round) {
        const Picture picture = draw_picture(size, static_cast<uint64_t>(number), is_float);
        data::Sample sample{picture.image, round % 4 == 3 ? cv::Mat() : picture.label, "a/picture"};
        data::Random random = transform_random(number++);
        transform.apply(sample, random);
      }
    }
  }
}

}  // namespace

extern const Test kTransformed = {
    "transformed",
    "images of several sizes and types become what it promises; labels stay classes or ignored",
    {"transform.h", "behind it all maps have one size, which `sizes` has told. Labels are classes or ignored."},
    "transform",
    run};

}  // namespace sshost::conform
