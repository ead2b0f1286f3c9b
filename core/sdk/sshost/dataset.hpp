// A dataset plugin: a class with its classes, its samples, and `read`.
//
//   struct PetsOptions { ss::Path root; };
//
//   class Pets final : public ss::Dataset {
//    public:
//     static ss::Schema<PetsOptions> schema() { return {{"root", &PetsOptions::root, "the folder", ss::required()}}; }
//     Pets(const PetsOptions& options, const std::string& split);
//     void read(int64_t index, ss::Random&, ss::Sink& sink) const override {
//       sink.image(ss::Image::rgb(samples()[index].image_path));
//       sink.label(ss::Image::label(samples()[index].label_path));
//     }
//   };
//   SSHOST_PLUGIN("pets", "1.0.0", ss::dataset<Pets, PetsOptions>("pets", "cats and dogs"))
//
// A data set gives its samples as they are stored: the host crops, flips and normalises them.
#ifndef SSHOST_DATASET_HPP
#define SSHOST_DATASET_HPP

#include <sshost/abi/dataset.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detail/component.hpp"
#include "image.hpp"
#include "plugin.hpp"
#include "random.hpp"
#include "submission.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

using Color = std::array<uint8_t, 3>;  // red, green, blue

struct ClassInfo {
  std::string name;
  Color color{};
  std::optional<int32_t> mirrored{};  // the class that a mirror image shows instead (left arm, right arm)
};

struct SampleInfo {
  std::string id;          // unique in the split; names the prediction's file
  std::string image_path;  // for messages; empty where there is no file
  std::string label_path;
};

// Where `read` puts a sample: each buffer once, the image first. A buffer has rows without padding and lives until
// `read` returns.
class Sink {
 public:
  explicit Sink(const ss_sample_sink& abi) : abi_(abi) {}

  // To be filled by the caller: height x width x 3, and height x width.
  uint8_t* image(int64_t height, int64_t width) { return bytes("image", SS_UINT8, height, width, 3); }
  uint8_t* label(int64_t height, int64_t width) { return bytes("label", SS_UINT8, height, width, 1); }
  int32_t* wide_label(int64_t height, int64_t width) {  // for more than 255 classes, or negative labels
    return static_cast<int32_t*>(buffer("label", SS_INT32, height, width, 1));
  }

  // Copies of what a file holds.
  void image(const Image& from) { copy("image", from); }
  void label(const Image& from) { copy("label", from); }

  // A buffer of the data set's own, beside image and label.
  void* buffer(std::string_view name, ss_dtype dtype, int64_t height, int64_t width, int64_t channels) {
    ss_buffer_spec spec{};
    spec.size = sizeof(spec);
    spec.dtype = dtype;
    spec.name = detail::to_abi(name);
    spec.height = height;
    spec.width = width;
    spec.channels = channels;
    void* data = nullptr;
    detail::check(abi_.buffer(abi_.self, &spec, &data));
    return data;
  }

 private:
  uint8_t* bytes(std::string_view name, ss_dtype dtype, int64_t height, int64_t width, int64_t channels) {
    return static_cast<uint8_t*>(buffer(name, dtype, height, width, channels));
  }
  void copy(std::string_view name, const Image& from) {
    void* to = buffer(name, from.dtype(), from.height(), from.width(), from.channels());
    std::memcpy(to, from.pixels(), static_cast<std::size_t>(from.elements()) * from.element_size());
  }

  const ss_sample_sink& abi_;
};

using SampleList = std::function<std::vector<SampleInfo>()>;

// One split. The constructor of the derived class, T(const Options&, const std::string& split), fills in what the host
// asks for; a wrong option, a missing folder or an unknown split throws ss::Error.
// Where the classes are known without the files, use `set_sample_list`: a pipeline is then validated, and a model
// built, also where the data are not there.
// Threads: `read` is called by many at once.
class Dataset {
 public:
  virtual ~Dataset() = default;
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;
  virtual void read(int64_t index, Random& random, Sink& sink) const = 0;

  const std::vector<ClassInfo>& classes() const { return classes_; }
  int64_t ignore_index() const { return ignore_index_; }
  ss_label_kind label_kind() const { return label_kind_; }

  // What the pipeline wants of images: 3 for RGB, else the files' own channels, so many of them. Set behind the
  // constructor.
  int64_t image_channels() const { return image_channels_; }
  void set_image_channels(int64_t channels) { image_channels_ = channels; }

  // An image file as the pipeline wants it.
  Image read_image(const std::string& path) const {
    return image_channels_ == 3 ? Image::rgb(path) : Image::samples(path);
  }

  // Lists them at the first call, which throws what the function threw.
  const std::vector<SampleInfo>& samples() const {
    const std::lock_guard lock(mutex_);
    if (list_) {
      samples_ = list_();
      list_ = nullptr;
    }
    return samples_;
  }

 protected:
  Dataset(std::vector<ClassInfo> classes, int64_t ignore_index)
      : classes_(std::move(classes)), ignore_index_(ignore_index) {}
  // For labels that are sets of classes (SS_LABEL_SET), in the constructor of the derived class.
  void set_label_kind(ss_label_kind kind) { label_kind_ = kind; }
  void set_samples(std::vector<SampleInfo> samples) { samples_ = std::move(samples); }
  void set_sample_list(SampleList list) { list_ = std::move(list); }

 private:
  std::vector<ClassInfo> classes_;
  int64_t ignore_index_;  // the label of pixels that do not count; no class
  ss_label_kind label_kind_ = SS_LABEL_NUMBER;
  int64_t image_channels_ = 3;

  mutable std::mutex mutex_;  // of what follows
  mutable SampleList list_;   // empty once the samples are listed
  mutable std::vector<SampleInfo> samples_;
};

namespace detail {

// What `void* self` of the contract's table points to.
struct DatasetInstance {
  explicit DatasetInstance(std::unique_ptr<Dataset> owned) : dataset(std::move(owned)) {
    int32_t index = 0;
    for (const ClassInfo& from : dataset->classes()) {
      const Color& color = from.color;
      classes.push_back({to_abi(from.name), color[0], color[1], color[2], 0, from.mirrored.value_or(index)});
      ++index;
    }
  }
  const SampleInfo& sample(int64_t index) const {
    const auto count = static_cast<int64_t>(dataset->samples().size());
    if (index >= 0 && index < count) return dataset->samples()[static_cast<std::size_t>(index)];
    throw Error("sample " + std::to_string(index) + " is not in 0.." + std::to_string(count - 1));
  }

  std::unique_ptr<Dataset> dataset;
  std::vector<ss_class> classes;
};

inline const DatasetInstance& dataset_of(void* self) { return *static_cast<const DatasetInstance*>(self); }

template <class T, class Options>
ss_status create_dataset(ss_options options, const ss_dataset_spec* spec, void** self) {
  return guarded("create", [&] {
    const Options values = component_schema<T, Options>().read(options);
    auto dataset = std::make_unique<T>(values, std::string(view(spec->split)));
    if (SS_HAS(ss_dataset_spec, spec, image_channels)) dataset->set_image_channels(spec->image_channels);
    *self = new DatasetInstance(std::move(dataset));
  });
}

inline void destroy_dataset(void* self) { delete static_cast<DatasetInstance*>(self); }

inline ss_status dataset_info(void* self, ss_dataset_info* out) {
  return guarded("info", [&] {
    const DatasetInstance& instance = dataset_of(self);
    out->class_count = static_cast<uint32_t>(instance.classes.size());
    out->classes = instance.classes.data();
    out->ignore_index = instance.dataset->ignore_index();
    const ss_label_kind kind = instance.dataset->label_kind();
    if (SS_HAS(ss_dataset_info, out, label_kind)) {
      out->label_kind = kind;
    } else if (kind != SS_LABEL_NUMBER) {
      throw Error("labels are sets of classes, which this host does not know: it is older than the plugin");
    }
  });
}

inline int64_t dataset_count(void* self) {
  int64_t count = -1;
  guarded("count", [&] { count = static_cast<int64_t>(dataset_of(self).dataset->samples().size()); });
  return count;
}

inline ss_status describe_sample(void* self, int64_t index, ss_sample_info* out) {
  return guarded("describe", [&] {
    const SampleInfo& sample = dataset_of(self).sample(index);
    out->id = to_abi(sample.id);
    out->image_path = to_abi(sample.image_path);
    out->label_path = to_abi(sample.label_path);
  });
}

// A Dataset keeps no state for a thread.
inline ss_status open_reader(void*, void** reader) {
  *reader = nullptr;
  return SS_OK;
}
inline void close_reader(void*, void*) {}

inline ss_status read_sample(void* self, void*, int64_t index, const ss_random* random, const ss_sample_sink* sink) {
  return guarded("read", [&] {
    dataset_of(self).sample(index);
    Random numbers(*random);
    Sink buffers(*sink);
    dataset_of(self).dataset->read(index, numbers, buffers);
  });
}

template <class T, class Options>
inline constexpr ss_dataset_table kDatasetTable = {create_dataset<T, Options>,
                                                   destroy_dataset,
                                                   dataset_info,
                                                   dataset_count,
                                                   describe_sample,
                                                   open_reader,
                                                   close_reader,
                                                   read_sample};

}  // namespace detail

// For SSHOST_PLUGIN: the class, the struct of its options, the pipeline's `type`, and a line of help.
template <class T, class Options>
detail::Component<SS_DATASET_1> dataset(std::string name, std::string text) {
  return {std::move(name), std::move(text), detail::component_schema<T, Options>().abi(),
          &detail::kDatasetTable<T, Options>, detail::dataset_capability<T>};
}

}  // namespace v1
}  // namespace ss

#endif
