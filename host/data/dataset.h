#ifndef SSHOST_DATA_DATASET_H
#define SSHOST_DATA_DATASET_H

#include <sshost/abi/plugin.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "data/dataset_component.h"
#include "data/random.h"
#include "data/sample.h"

namespace sshost::data {

// How a pipeline reads images.
struct ImageOptions {
  int64_t channels = 3;  // 3: RGB; else the files' own, so many
  bool strict = false;   // a sample whose decoders complain of damage is broken
};

// One split of a data set that a plugin reads. What the plugin promises is checked here, so that the rest of the host
// can rely on it; whatever fails is an sshost::Error that names the data set, the library, the sample and its file.
// Threads: everything but construction and destruction may run on any thread.
class Dataset {
 public:
  // Lists the samples: Error where the files are not there, or where there are none.
  // The component must live as long as the data set; `library` is for messages; `options` has been checked against the
  // component's schema and is not read after the constructor.
  Dataset(const ss_component& component, const std::filesystem::path& library, ss_options options,
          const std::string& split, const ImageOptions& images = {});
  const std::string& split() const { return split_; }
  const DatasetInfo& info() const { return info_; }
  int64_t classes() const { return static_cast<int64_t>(info_.classes.size()); }
  int64_t size() const { return size_; }  // at least 1

  // What is known of a sample without reading it. The id is unique in the split and a relative path at most, so that
  // it can name a file; the paths are empty where there is no file.
  struct Description {
    std::string id;
    std::string image_path;
    std::string label_path;
  };
  Description describe(int64_t index) const;

  // Names the sample in messages: `dataset camvid (…/camvid.so), sample 3 "0001TP_006690" (…/0001TP_006690.jpg)`.
  std::string name_of(int64_t index) const;

 private:
  friend class Reader;

  int64_t count() const;
  void check_ids() const;

  DatasetComponent component_;
  std::string split_;
  DatasetInfo info_;
  int64_t size_ = 0;
  ImageOptions images_;
};

// A sample whose image or label cannot be read, or breaks what the data set promises.
class BrokenSample : public Error {
 public:
  using Error::Error;
};

// Reads samples on one thread; open one for each. The data set must outlive it.
class Reader {
 public:
  explicit Reader(const Dataset& dataset);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The sample as it is stored; throws BrokenSample. `random` is the sample's own; most data sets draw nothing from it.
  Sample read(int64_t index, Random& random);

  // The same, whatever size the label has, whatever numbers it holds, and whatever its files' decoders complain of.
  Sample read_unchecked(int64_t index, Random& random);

 private:
  const Dataset& dataset_;
  void* self_ = nullptr;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_DATASET_H
