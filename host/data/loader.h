#ifndef SSHOST_DATA_LOADER_H
#define SSHOST_DATA_LOADER_H

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "data/batch.h"
#include "data/dataset.h"
#include "data/transform.h"

namespace sshost::data {

// What is done with a sample that cannot be read.
enum class OnBroken {
  kStop,      // next() throws
  kLeaveOut,  // its batch gets smaller; a batch without samples is passed over
  kReplace    // the next sample of the epoch's order that can be read takes its place
};

struct LoaderOptions {
  int64_t batch_size = 1;
  int64_t workers = 0;  // threads that read and transform; 0: the caller's thread does it inside next()
  bool shuffle = false;
  // Several processes may share an epoch: of each `ranks` x batch_size samples, process `rank` reads its batch_size.
  // Together they read each sample once; the last ones may read fewer, and none.
  int64_t rank = 0;
  int64_t ranks = 1;
  bool drop_last = false;  // leave out the last batch where it is not full
  uint64_t seed = 0;
  bool need_labels = true;       // a sample without one is an error
  bool original_labels = false;  // fill Batch::original_labels
  OnBroken on_broken = OnBroken::kStop;
  // Once it is set, next() gives nothing more, and images that are being decoded are given up; null: never.
  const std::atomic<bool>* stop = nullptr;
  // Told of each sample that next() did without, on its thread and in the order of the batches.
  std::function<void(const std::string& message)> on_skipped = [](const std::string&) {};
};

// Reads a data set batch by batch. The batches depend on the seed and the epoch alone, not on the number of workers,
// and an epoch that is started at batch k gives what an uninterrupted one gives from its k-th batch on.
// Memory: beside the batches that the caller holds, at most workers + 1 exist, those being made included.
// Threads: one thread calls; the data set must outlive the loader.
class Loader {
 public:
  // Error where drop_last leaves no batch at all. Each worker is one thread where OpenCV's own are off, which is the
  // process's business (cv::setNumThreads).
  Loader(const Dataset& dataset, TransformList transforms, const LoaderOptions& options);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // In an epoch.
  int64_t batches() const { return batches_; }
  int64_t samples() const;  // of this process

  // Begins an epoch at a batch, whatever was under way.
  void start(int64_t epoch, int64_t first_batch = 0);

  // The next batch, or nothing at the end of the epoch, before start() and once LoaderOptions::stop is set. Throws what
  // went wrong with this batch (a broken image: Error with its path) when its turn comes; the next call goes on behind
  // it.
  std::optional<Batch> next();

  // Whether next() has given nothing more because of LoaderOptions::stop.
  bool is_stopped() const { return is_stopped_; }

  // A sample of the epoch as it is stored, read again with the random numbers that its batch was made with: what a data
  // set draws, such as a frame of a clip, is the same. Throws BrokenSample.
  Sample stored(int64_t index);

 private:
  struct Made {
    Batch batch;                       // without samples where all were left out
    std::vector<std::string> skipped;  // why
  };
  using Result = std::variant<Made, std::exception_ptr>;

  struct Places {  // in the epoch's order
    int64_t first;
    int64_t last;  // exclusive
  };

  Places places_of(int64_t batch) const;
  void stop();
  void work(std::stop_token stop);
  std::optional<int64_t> claim(std::stop_token stop);
  Result take();
  Reader& own_reader();
  Made make(Reader& reader, int64_t batch) const;
  std::optional<Sample> read_any(Reader& reader, int64_t place, Made& made) const;
  Sample read_stored(Reader& reader, int64_t index) const;
  Sample read(Reader& reader, int64_t index, Batch& originals) const;

  const Dataset& dataset_;
  const TransformList transforms_;
  const LoaderOptions options_;
  int64_t batches_ = 0;

  // Set by start(), constant while workers run.
  int64_t epoch_ = 0;
  std::vector<int64_t> order_;
  std::optional<Reader> reader_;  // of the caller's thread, once it reads
  bool is_stopped_ = false;

  std::mutex mutex_;
  std::condition_variable_any changed_;  // a batch was made, or handed over
  int64_t to_make_ = 0;                  // the next batch that no worker has taken
  int64_t to_give_ = 0;                  // the next batch that next() returns
  std::map<int64_t, Result> made_;

  std::vector<std::jthread> workers_;  // last, so that they end before what they use
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_LOADER_H
