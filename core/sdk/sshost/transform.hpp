// Transforms: steps between the data set and the batch, such as augmentations.
//
//   struct FogOptions { double thickness = 0.5; };
//
//   class Fog final : public ss::Transform {
//    public:
//     static ss::Schema<FogOptions> schema();
//     Fog(const FogOptions& options, const ss::TransformSpec& spec);
//     void apply(const ss::Maps& maps, ss::Random& random, ss::NewMaps& out) const override {
//       const double density = random.uniform();                // the sample's own numbers
//       const ss::Map& image = maps.image();
//       float* to = out.like<float>(image);                     // height x width x channels, to be filled
//       ...                                                     // the label stays as it is: nothing is asked for it
//     }
//   };
//   SSHOST_PLUGIN("fog", "1.0.0", ss::transform<Fog, FogOptions>("fog", "..."))
//
// A transform that moves pixels does so with every map of `maps`, the image, the label and whatever else there is:
// values may be interpolated, numbers (of classes) are taken from the nearest pixel, `fill` stands for what comes from
// outside.
#ifndef SSHOST_TRANSFORM_HPP
#define SSHOST_TRANSFORM_HPP

#include <sshost/abi/transform.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "detail/create.hpp"
#include "dtype.hpp"
#include "plugin.hpp"
#include "random.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

struct TransformSpec {
  std::span<const ss_class> classes;  // of the data set; valid during construction
  int64_t ignore_index;
  ss_label_kind label_kind;
  int64_t image_channels;  // 3: red, green, blue
};

// One map of a sample, to be read: height x width x channels elements, interleaved.
class Map {
 public:
  explicit Map(const ss_sample_map& abi) : abi_(&abi) {}

  std::string_view name() const { return detail::view(abi_->name); }  // "image", "label", or a further one
  Dtype dtype() const { return static_cast<Dtype>(abi_->dtype); }
  int64_t height() const { return abi_->height; }
  int64_t width() const { return abi_->width; }
  int64_t channels() const { return abi_->channels; }
  bool is_values() const { return abi_->kind == SS_MAP_VALUES; }  // else its numbers stand for something
  double fill() const { return abi_->fill; }                      // what comes from outside

  // `T` must be the element type: uint8_t or float of an image, int32_t of a label.
  template <class T>
  const T* data() const {
    if (dtype() != detail::dtype_of<T>)
      throw Error("map " + std::string(name()) + ": its elements are of another type");
    return static_cast<const T*>(abi_->data);
  }

 private:
  const ss_sample_map* abi_;
};

// All maps of a sample, which have one height and width; the image comes first. Valid until `apply` returns.
class Maps {
 public:
  explicit Maps(const ss_transform_sample& abi) : id_(detail::view(abi.id)) {
    for (uint32_t i = 0; i < abi.map_count; ++i) maps_.emplace_back(*abi.maps[i]);
  }

  std::string_view id() const { return id_; }
  const Map& image() const { return maps_.at(0); }
  auto begin() const { return maps_.begin(); }
  auto end() const { return maps_.end(); }

 private:
  std::string_view id_;
  std::vector<Map> maps_;
};

// What a map becomes: a buffer for each that changes, asked for once, which is to be filled. The others stay.
class NewMaps {
 public:
  explicit NewMaps(const ss_sample_sink& abi) : abi_(abi) {}

  // Of another size. `T` is the map's element type, or float for an image.
  template <class T>
  T* sized(const Map& map, int64_t height, int64_t width) {
    ss_buffer_spec spec{};
    spec.size = sizeof(spec);
    spec.dtype = static_cast<ss_dtype>(detail::dtype_of<T>);
    spec.name = detail::to_abi(map.name());
    spec.height = height;
    spec.width = width;
    spec.channels = map.channels();
    void* data = nullptr;
    detail::check(abi_.buffer(abi_.self, &spec, &data));
    return static_cast<T*>(data);
  }

  // Of the map's own size.
  template <class T>
  T* like(const Map& map) {
    return sized<T>(map, map.height(), map.width());
  }

 private:
  const ss_sample_sink& abi_;
};

// `work(T{})` with the element type of the map, for a body that is the same for all of them.
template <class Work>
void with_type(const Map& map, Work&& work) {
  switch (map.dtype()) {
    case Dtype::uint8:
      return work(uint8_t{});
    case Dtype::int32:
      return work(int32_t{});
    case Dtype::float32:
      return work(float{});
    default:
      throw Error("map " + std::string(map.name()) + ": expected elements of uint8, int32 or float32");
  }
}

// Immutable once constructed: `apply` runs on several threads at once. The derived class has the constructor
// T(const Options&, const TransformSpec&), which throws ss::Error for what it cannot do; without options
// T(const TransformSpec&).
class Transform {
 public:
  // In the derived class, true for one that draws nothing and leaves size and place of the pixels: it may also stand in
  // data.evaluate.transforms.
  static constexpr bool evaluates = false;

  Transform() = default;
  virtual ~Transform() = default;
  Transform(const Transform&) = delete;
  Transform& operator=(const Transform&) = delete;

  virtual void apply(const Maps& maps, Random& random, NewMaps& out) const = 0;

  // Sizes of images, which it may make others of, whatever it draws.
  virtual void sizes(ss_size_range&) const {}
};

namespace detail {

template <class T, class Options>
struct TransformAdapter {
  static ss_status create(ss_options options, const ss_transform_spec* spec, void** self) {
    return guarded("create", [&] {
      if (spec->evaluates != 0 && !T::evaluates) {
        throw Error("it is for training: what is evaluated is compared with the label as it is stored", SS_UNSUPPORTED);
      }
      const TransformSpec told{
          {spec->classes, spec->class_count}, spec->ignore_index, spec->label_kind, spec->image_channels};
      *self = make<T, Options>(options, told);
    });
  }
  static void destroy(void* self) { delete static_cast<T*>(self); }

  static ss_status sizes(void* self, ss_size_range* range) {
    return guarded("sizes", [&] { static_cast<const T*>(self)->sizes(*range); });
  }

  static ss_status apply(void* self, const ss_transform_sample* sample, const ss_random* random,
                         const ss_sample_sink* sink) {
    return guarded("apply", [&] {
      Random numbers(*random);
      NewMaps out(*sink);
      static_cast<const T*>(self)->apply(Maps(*sample), numbers, out);
    });
  }

  static constexpr ss_transform_table table{create, destroy, sizes, apply};
};

}  // namespace detail

// A transform for SSHOST_PLUGIN: `name` is the pipeline's `type`, `text` a line of help.
template <class T, class Options = NoOptions>
detail::Component<SS_TRANSFORM_1> transform(std::string name, std::string text) {
  return {std::move(name), std::move(text), detail::component_schema<T, Options>().abi(),
          &detail::TransformAdapter<T, Options>::table, detail::no_capability};
}

}  // namespace v1
}  // namespace ss

#endif
