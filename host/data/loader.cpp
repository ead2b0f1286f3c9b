#include "data/loader.h"

#include <algorithm>
#include <opencv2/core/utility.hpp>
#include <utility>

#include "data/sampler.h"
#include "error.h"

namespace sshost::data {

Loader::Loader(const Dataset& dataset, TransformList transforms, const LoaderOptions& options)
    : dataset_(dataset), transforms_(std::move(transforms)), options_(options) {
  const int64_t size = options_.batch_size;
  batches_ = options_.drop_last ? dataset_.size() / size : (dataset_.size() + size - 1) / size;
  if (batches_ == 0) {
    throw Error("the split has " + std::to_string(dataset_.size()) + " samples, fewer than one batch of " +
                std::to_string(size) + "; set batch_size to " + std::to_string(dataset_.size()) + " at most");
  }
  to_make_ = to_give_ = batches_;
  cv::setNumThreads(0);
}

Loader::~Loader() { stop(); }

void Loader::stop() {
  for (std::jthread& worker : workers_) worker.request_stop();
  workers_.clear();  // joins
  made_.clear();
}

void Loader::start(int64_t epoch, int64_t first_batch) {
  stop();
  epoch_ = epoch;
  order_ = epoch_order(dataset_.size(), options_.seed, epoch, options_.shuffle);
  to_make_ = to_give_ = first_batch;
  const int64_t left = std::max<int64_t>(0, batches_ - first_batch);
  for (int64_t worker = 0; worker < std::min(options_.workers, left); ++worker) {
    workers_.emplace_back([this](std::stop_token token) { work(std::move(token)); });
  }
}

std::optional<Batch> Loader::next() {
  if (to_give_ >= batches_) return std::nullopt;
  if (options_.workers == 0) {
    if (!reader_) reader_.emplace(dataset_);
    return make(*reader_, to_give_++);
  }
  Result result;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return made_.contains(to_give_); });
    result = std::move(made_.extract(to_give_++).mapped());
  }
  changed_.notify_all();
  if (auto* error = std::get_if<std::exception_ptr>(&result)) std::rethrow_exception(*error);
  return std::get<Batch>(std::move(result));
}

void Loader::work(std::stop_token stop) {
  std::optional<Reader> reader;
  while (const std::optional<int64_t> batch = claim(stop)) {
    Result result;
    try {
      if (!reader) reader.emplace(dataset_);
      result = make(*reader, *batch);
    } catch (...) {
      result = std::current_exception();
    }
    {
      const std::lock_guard lock(mutex_);
      made_.emplace(*batch, std::move(result));
    }
    changed_.notify_all();
  }
}

std::optional<int64_t> Loader::claim(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const bool go =
      changed_.wait(lock, stop, [this] { return to_make_ >= batches_ || to_make_ <= to_give_ + options_.workers; });
  if (!go || to_make_ >= batches_ || stop.stop_requested()) return std::nullopt;
  return to_make_++;
}

Batch Loader::make(Reader& reader, int64_t batch) const {
  const int64_t first = batch * options_.batch_size;
  const int64_t last = std::min(first + options_.batch_size, dataset_.size());
  Batch originals;
  std::vector<Sample> samples;
  for (int64_t at = first; at < last; ++at) samples.push_back(read(reader, order_[at], originals));
  Batch made = make_batch(samples);
  made.original = std::move(originals.original);
  made.original_labels = std::move(originals.original_labels);
  return made;
}

Sample Loader::read(Reader& reader, int64_t index, Batch& originals) const {
  Random for_reading = make_random(options_.seed, epoch_, index, Stream::kRead);
  Sample sample = reader.read(index, for_reading);
  if (options_.need_labels && sample.label.empty()) {
    throw Error(dataset_.name_of(index) + ": has no label, which training and evaluation need");
  }
  originals.original.push_back(sample.image.size());
  if (options_.original_labels && !sample.label.empty()) {
    originals.original_labels.push_back(to_tensor(sample.label));
  }
  Random for_transforms = make_random(options_.seed, epoch_, index, Stream::kTransform);
  try {
    apply(transforms_, sample, for_transforms);
  } catch (const cv::Exception& error) {
    throw Error(dataset_.name_of(index) + ": a transform failed: " + error.err);
  }
  return sample;
}

}  // namespace sshost::data
