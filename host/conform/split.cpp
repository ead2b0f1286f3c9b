#include "conform/split.h"

#include <algorithm>

#include "base/status_error.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

bool are_equal(const cv::Mat& a, const cv::Mat& b) {
  if (a.size() != b.size() || a.type() != b.type()) return false;
  return a.empty() || cv::norm(a, b, cv::NORM_INF) == 0;
}

}  // namespace

std::unique_ptr<data::Dataset> open_split(const Subject& subject) {
  try {
    return std::make_unique<data::Dataset>(*subject.component->descriptor, subject.library,
                                           subject.config.options.get(), "train");
  } catch (const StatusError& error) {
    if (error.status() != SS_IO && error.status() != SS_NOT_FOUND) throw;
    throw Skipped(std::string("its files are not there: ") + error.what());
  }
}

int64_t tried_samples(const data::Dataset& dataset) { return std::min<int64_t>(dataset.size(), 32); }

data::Random random_of(int64_t index) { return data::make_random(5, 1, index, data::Stream::kRead); }

void require_same_sample(const data::Sample& one, const data::Sample& other, const std::string& when) {
  if (are_equal(one.image, other.image) && are_equal(one.label, other.label)) return;
  throw Broken("sample \"" + one.id + "\" differs " + when);
}

}  // namespace sshost::conform
