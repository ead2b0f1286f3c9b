#include "cli/setup.h"

#include <ATen/Parallel.h>

#include <opencv2/core/utility.hpp>

#include "cli/threads.h"

namespace sshost::cli {

void set_operator_threads(const config::Pipeline& pipeline) {
  cv::setNumThreads(0);
  if (pipeline.threads <= 0) return;
  const int threads = static_cast<int>(pipeline.threads);
  at::set_num_threads(threads);
  at::parallel_for(0, threads, 1, [threads](int64_t, int64_t) { unpin_one_of(threads); });  // in each of them
}

}  // namespace sshost::cli
