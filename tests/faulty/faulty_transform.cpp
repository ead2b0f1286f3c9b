// A transform that shifts a sample by some pixels and breaks the contract in one way, or in none.
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include <sshost/transform.hpp>

namespace {

struct Options {
  std::string fault = "none";
  static ss::Schema<Options> schema() { return {{"fault", &Options::fault, "what it does wrong"}}; }
};

// Where a pixel comes from, or -1.
int64_t source(int64_t at, int64_t shift, int64_t length) {
  const int64_t from = at + shift;
  return from >= 0 && from < length ? from : -1;
}

template <class T>
void shift_rows(const ss::Map& map, int64_t shift, T* to) {
  const T* from = map.data<T>();
  const int64_t channels = map.channels();
  for (int64_t row = 0; row < map.height(); ++row) {
    for (int64_t column = 0; column < map.width(); ++column) {
      const int64_t at = source(column, shift, map.width());
      for (int64_t channel = 0; channel < channels; ++channel) {
        *to++ = at < 0 ? static_cast<T>(map.fill()) : from[(row * map.width() + at) * channels + channel];
      }
    }
  }
}

class FaultyTransform final : public ss::Transform {
 public:
  static constexpr bool evaluates = true;

  FaultyTransform(const Options& options, const ss::TransformSpec&) : fault_(options.fault) {}

  void apply(const ss::Maps& maps, ss::Random& random, ss::NewMaps& out) const override {
    if (has("exit")) std::exit(0);
    if (has("throw")) throw std::runtime_error("no luck in apply");
    const bool is_lucky = has("own_random") ? std::rand() % 2 == 0 : random.coin(0.5);
    for (const ss::Map& map : maps) {
      if (has("image_alone") && map.name() != "image") continue;
      if (has("label_alone") && map.name() == "parts") continue;
      change(map, has("counts") ? static_cast<int64_t>(calls_++ % 7) : is_lucky ? 5 : 21, out);
    }
  }

 private:
  bool has(const char* fault) const { return fault_ == fault; }

  void change(const ss::Map& map, int64_t shift, ss::NewMaps& out) const {
    ss::with_type(map, [&](auto kind) {
      using T = decltype(kind);
      const int64_t less = has("other_size") && map.name() == "label" ? 1 : has("untold_size") ? -1 : 0;
      if (has("writes_input")) *const_cast<T*>(map.data<T>()) = 1;
      if (has("other_dtype") && map.name() == "image") out.like<int32_t>(map);
      T* to = out.sized<T>(map, map.height(), map.width() - less);
      if (less != 0) return;
      shift_rows<T>(map, shift, to);
      const int64_t elements = map.height() * map.width() * map.channels();
      if (has("writes_behind")) std::memset(to + elements, 0, 4);
      if (has("label_outside") && map.name() == "label") to[0] = static_cast<T>(9);
      if (has("averages_labels") && map.name() == "label") to[0] = static_cast<T>((to[0] + 255) / 2);
      if (has("twice")) out.like<T>(map);
    });
  }

  std::string fault_;
  mutable std::atomic<int> calls_ = 0;
};

const ss_transform_table& sound() { return ss::detail::TransformAdapter<FaultyTransform, Options>::table; }

std::string fault;

ss_status create(ss_options options, const ss_transform_spec* spec, void** self) {
  fault = ss::detail::component_schema<FaultyTransform, Options>().read(options).fault;
  // A shift is for training; whoever forgets to say so is found out.
  if (spec->evaluates != 0 && fault != "evaluates") {
    return ss::detail::fail(SS_UNSUPPORTED, "create", "it is for training");
  }
  return sound().create(options, spec, self);
}

ss_status sizes(void* self, ss_size_range* range) {
  if (fault == "throw_in_sizes") throw std::runtime_error("no luck in sizes");
  if (fault == "no_sizes") return ss::detail::fail(SS_INTERNAL, "sizes", "nobody knows");
  return sound().sizes(self, range);
}

// Asks for a buffer, and leaves the second half of it as it was.
ss_status apply(void* self, const ss_transform_sample* sample, const ss_random* random, const ss_sample_sink* sink) {
  if (fault == "no_message") return SS_INTERNAL;
  if (fault != "leaves_open") return sound().apply(self, sample, random, sink);
  const ss::Map image(*sample->maps[0]);
  ss::NewMaps out(*sink);
  return ss::detail::guarded("apply", [&] {
    ss::with_type(image, [&](auto kind) {
      using T = decltype(kind);
      const auto half = static_cast<std::size_t>(image.height() * image.width() * image.channels() / 2);
      std::memcpy(out.like<T>(image), image.data<T>(), half * sizeof(T));
    });
  });
}

const ss_transform_table kTable = {create, sound().destroy, sizes, apply};

ss::detail::Component<SS_TRANSFORM_1> faulty_transform() {
  auto component = ss::transform<FaultyTransform, Options>("faulty_shift", "breaks the contract");
  component.table = &kTable;
  return component;
}

}  // namespace

SSHOST_PLUGIN("faulty_transform", "1.0.0", faulty_transform())
