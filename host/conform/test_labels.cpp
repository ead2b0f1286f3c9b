#include "conform/split.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  const auto dataset = open_split(subject);
  data::Reader reader(*dataset);
  for (int64_t index = 0; index < tried_samples(*dataset); ++index) {
    data::Random random = random_of(index);
    reader.read(index, random);
  }
}

}  // namespace

extern const Test kLabels = {"labels",
                             "labels are classes or ignored, and fit their images",
                             {"dataset.h", "the label of pixels that do not count"},
                             "dataset",
                             run};

}  // namespace sshost::conform
