#include <string>

#include "conform/sampled.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  const data::PluginTransform first = make_transform(subject), second = make_transform(subject);
  for (int64_t number = 0; number < 16; ++number) {
    const Picture picture = draw_picture({36, 30}, static_cast<uint64_t>(number));
    const Applied result = apply_apart(first, picture, transform_random(number), 0x00);
    const std::string which = "try " + std::to_string(number) + " differs ";
    if (!(result == apply_apart(first, picture, transform_random(number), 0x00))) throw Broken(which + "a second time");
    if (!(result == apply_apart(second, picture, transform_random(number), 0x00))) {
      throw Broken(which + "by another instance");
    }
    if (!(result == apply_apart(first, picture, transform_random(number), 0xff))) {
      throw Broken(which + "with what stood in its buffers before: it does not fill all of them");
    }
  }
}

}  // namespace

extern const Test kSameTransform = {
    "same_sample",
    "the same random state gives the same sample, of which nothing is left open",
    {"transform.h",
     "the same ones give the same sample, whatever thread it is on, so that a run which goes on sees what an "
     "uninterrupted one does."},
    "transform",
    run};

}  // namespace sshost::conform
