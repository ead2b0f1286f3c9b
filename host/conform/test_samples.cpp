#include "conform/split.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) { open_split(subject); }

}  // namespace

extern const Test kSamples = {"samples",
                              "the samples are counted and named, each with an id of its own",
                              {"dataset.h", "unique in the split; names the prediction's file"},
                              "dataset",
                              run};

}  // namespace sshost::conform
