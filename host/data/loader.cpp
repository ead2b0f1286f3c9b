#include "data/loader.h"

#include <algorithm>
#include <new>
#include <utility>

#include "base/error.h"
#include "data/sampler.h"
#include "image/decoding_stop.h"

namespace sshost::data {

Loader::Loader(const Dataset& dataset, TransformList transforms, const LoaderOptions& options)
    : dataset_(dataset), transforms_(std::move(transforms)), options_(options) {
  const int64_t size = options_.batch_size * options_.ranks;
  batches_ = options_.drop_last ? dataset_.size() / size : (dataset_.size() + size - 1) / size;
  if (batches_ == 0) {
    throw Error("the split has " + std::to_string(dataset_.size()) + " samples, fewer than one batch of " +
                std::to_string(size) + "; set batch_size to " + std::to_string(dataset_.size()) + " at most");
  }
  to_make_ = to_give_ = batches_;
}

Loader::~Loader() { stop(); }

int64_t Loader::samples() const {
  int64_t count = 0;
  for (int64_t batch = 0; batch < batches_; ++batch) count += places_of(batch).last - places_of(batch).first;
  return count;
}

Loader::Places Loader::places_of(int64_t batch) const {
  const int64_t size = options_.batch_size;
  const int64_t first = (batch * options_.ranks + options_.rank) * size;
  const auto inside = [this](int64_t place) { return std::min(place, dataset_.size()); };
  return {inside(first), inside(first + size)};
}

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
  while (to_give_ < batches_) {
    Result result = take();
    is_stopped_ = options_.stop != nullptr && *options_.stop;
    if (is_stopped_) return std::nullopt;  // the result may be what was given up
    if (auto* error = std::get_if<std::exception_ptr>(&result)) std::rethrow_exception(*error);
    auto& [batch, skipped] = std::get<Made>(result);
    for (const std::string& message : skipped) options_.on_skipped(message);
    if (!batch.ids.empty()) return std::move(batch);
  }
  return std::nullopt;
}

Loader::Result Loader::take() {
  if (options_.workers == 0) {
    const image::DecodingStop decoding(options_.stop);
    try {
      return make(own_reader(), to_give_++);
    } catch (...) {
      return std::current_exception();
    }
  }
  Result result;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return made_.contains(to_give_); });
    result = std::move(made_.extract(to_give_++).mapped());
  }
  changed_.notify_all();
  return result;
}

Reader& Loader::own_reader() {
  if (!reader_) reader_.emplace(dataset_);
  return *reader_;
}

Sample Loader::stored(int64_t index) { return read_stored(own_reader(), index); }

void Loader::work(std::stop_token stop) {
  const image::DecodingStop decoding(options_.stop);
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

Loader::Made Loader::make(Reader& reader, int64_t batch) const {
  const auto [first, last] = places_of(batch);
  Made made;
  std::vector<Sample> samples;
  for (int64_t place = first; place < last; ++place) {
    if (std::optional<Sample> sample = read_any(reader, place, made)) samples.push_back(*std::move(sample));
  }
  if (samples.empty()) return made;
  Batch whole = make_batch(samples);
  whole.indices = std::move(made.batch.indices);
  whole.original = std::move(made.batch.original);
  whole.original_labels = std::move(made.batch.original_labels);
  made.batch = std::move(whole);
  return made;
}

// The sample at this place of the epoch's order, or what stands for it.
std::optional<Sample> Loader::read_any(Reader& reader, int64_t place, Made& made) const {
  const bool stops = options_.on_broken == OnBroken::kStop;
  const int64_t tries = options_.on_broken == OnBroken::kReplace ? dataset_.size() : 1;
  for (int64_t tried = 0; tried < tries; ++tried) {
    const int64_t index = order_[(place + tried) % dataset_.size()];
    try {
      Sample sample = read(reader, index, made.batch);
      made.batch.indices.push_back(index);
      return sample;
    } catch (const BrokenSample& error) {
      if (stops) throw;
      made.skipped.emplace_back(error.what());
    }
  }
  if (options_.on_broken == OnBroken::kLeaveOut) return std::nullopt;
  throw Error("no sample of the split can be read; the last one: " + made.skipped.back());
}

Sample Loader::read_stored(Reader& reader, int64_t index) const {
  Random random = make_random(options_.seed, epoch_, index, Stream::kRead);
  return reader.read(index, random);
}

Sample Loader::read(Reader& reader, int64_t index, Batch& originals) const {
  Sample sample = read_stored(reader, index);
  if (options_.need_labels && sample.label.empty()) {
    throw Error(dataset_.name_of(index) + ": has no label, which training and evaluation need");
  }
  const cv::Size size = sample.image.size();
  const cv::Mat label = sample.label;
  Random for_transforms = make_random(options_.seed, epoch_, index, Stream::kTransform);
  try {
    apply(transforms_, sample, for_transforms);
  } catch (const BrokenSample& error) {
    throw BrokenSample(dataset_.name_of(index) + ": " + error.what());
  } catch (const std::bad_alloc&) {
    throw BrokenSample(dataset_.name_of(index) + ": out of memory in a transform");
  } catch (const cv::Exception& error) {
    const std::string what = dataset_.name_of(index) + ": a transform failed: " + error.err;
    if (error.code == cv::Error::StsNoMem) throw BrokenSample(what);
    throw Error(what);
  }
  originals.original.push_back(size);
  if (options_.original_labels && !label.empty()) originals.original_labels.push_back(to_tensor(label));
  return sample;
}

}  // namespace sshost::data
