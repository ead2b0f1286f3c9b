#include <memory>

#include "base/status_error.h"
#include "conform/sampled.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

// It may say that it is for training alone.
void run(const Subject& subject) {
  std::unique_ptr<const data::PluginTransform> transform;
  try {
    transform = std::make_unique<const data::PluginTransform>(*subject.component, subject.config.options.get(),
                                                              sample_info(), data::TransformPlace{3, true});
  } catch (const StatusError& error) {
    if (error.status() != SS_UNSUPPORTED) throw;
    return;
  }
  for (int64_t number = 0; number < 8; ++number) {
    const Picture picture = draw_picture({36, 30}, static_cast<uint64_t>(number));
    data::Sample sample{picture.image, picture.label, "a/picture"};
    data::Random random = transform_random(number);
    transform->apply(sample, random);
  }
}

}  // namespace

extern const Test kEvaluated = {
    "evaluated",
    "among what is evaluated it draws nothing and moves nothing, or says that it is for training",
    {"transform.h",
     "it draws nothing and leaves size and place of the pixels. One that cannot do that fails with SS_UNSUPPORTED."},
    "transform",
    run};

}  // namespace sshost::conform
