// A dataset component in the test's own process, whose promises a test can break.
#ifndef SSHOST_TESTS_DATA_FAKE_DATASET_H
#define SSHOST_TESTS_DATA_FAKE_DATASET_H

#include <sshost/abi/plugin.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace sshost::data {

// Members are read when a Dataset is opened or a sample is read. One at a time: the component's functions find it
// through a static pointer.
struct FakeDataset {
  FakeDataset();
  ~FakeDataset();
  FakeDataset(const FakeDataset&) = delete;

  // A buffer of the sample under way; nullptr where the host refuses it.
  static void* ask(const ss_sample_sink* sink, const std::string& name, ss_dtype dtype, int64_t height, int64_t width,
                   int64_t channels);

  const ss_component& component() const { return component_; }
  std::unique_ptr<Dataset> open() const {
    return std::make_unique<Dataset>(component_, "/plugins/fake.so", nullptr, "train");
  }

  std::vector<ss_class> classes;  // 3, without pairs
  int64_t ignore_index = 255;
  std::vector<std::string> ids;  // "sample_0".. "sample_9"
  int64_t height = 12;
  int64_t width = 16;
  ss_status create_status = SS_OK;

  // Default: pixels that depend on the index and on the sample's random numbers, and labels 0..2.
  std::function<ss_status(int64_t index, const ss_random*, const ss_sample_sink*)> read;

  std::atomic<int> reads = 0;
  std::atomic<int> open_readers = 0;

 private:
  ss_component component_{};
};

}  // namespace sshost::data

#endif  // SSHOST_TESTS_DATA_FAKE_DATASET_H
