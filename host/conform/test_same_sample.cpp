#include "conform/split.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

data::Sample read(data::Reader& reader, int64_t index) {
  data::Random random = random_of(index);
  return reader.read_unchecked(index, random);
}

void run(const Subject& subject) {
  const auto dataset = open_split(subject);
  data::Reader first(*dataset), second(*dataset);
  for (int64_t index = 0; index < tried_samples(*dataset); ++index) {
    const data::Sample one = read(first, index);
    require_same_sample(one, read(second, index), "between two readers");
    require_same_sample(one, read(first, index), "when it is read again");
  }
}

}  // namespace

extern const Test kSameSample = {
    "same_sample",
    "the same random state gives the same sample",
    {"dataset.h",
     "The sample's own random numbers: the same for the same (seed, epoch, index), whatever thread reads it."},
    "dataset",
    run};

}  // namespace sshost::conform
