#include "conform/sampled.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "bridge/boundary.h"
#include "conform/paged.h"
#include "conform/test.h"
#include "plugin/at_work.h"

namespace sshost::conform {
namespace {

constexpr int kPatch = 6;  // pixels
constexpr int64_t kIgnored = 255;
constexpr uint8_t kColors[3][3] = {{30, 60, 200}, {120, 220, 90}, {240, 40, 20}};

// The maps of one call, and what becomes of them.
class Call {
 public:
  Call(const Picture& picture, uint8_t before, bool further) : before_(before) {
    add("image", SS_MAP_VALUES, 0, picture.image);
    add("label", SS_MAP_NUMBERS, kIgnored, picture.label);
    if (further) add("parts", SS_MAP_NUMBERS, kIgnored, picture.parts);
    for (const ss_sample_map& map : maps_) pointers_.push_back(&map);
  }

  Applied run(const data::PluginTransform& transform, data::Random& random) {
    ss_transform_sample sample{};
    sample.size = sizeof(sample);
    sample.map_count = static_cast<uint32_t>(pointers_.size());
    sample.id = bridge::to_ss_string("a/picture");
    sample.maps = pointers_.data();
    const ss_random numbers{&random, [](void* self) { return static_cast<data::Random*>(self)->next(); }};
    const ss_sample_sink sink{this, [](void* self, const ss_buffer_spec* spec, void** data) {
                                return bridge::guarded([&] { *data = static_cast<Call*>(self)->allocate(*spec); });
                              }};
    const plugin::AtWork at_work(transform.who());
    bridge::check(
        bridge::call_plugin(transform.who(),
                            [&] { return transform.table().apply(transform.self(), &sample, &numbers, &sink); }),
        transform.who());
    return {mats_};
  }

 private:
  void add(const char* name, ss_map_kind kind, double fill, const cv::Mat& mat) {
    ss_sample_map map{};
    map.size = sizeof(map);
    map.kind = kind;
    map.name = bridge::to_ss_string(name);
    map.dtype = mat.depth() == CV_8U ? SS_UINT8 : mat.depth() == CV_32F ? SS_FLOAT32 : SS_INT32;
    map.height = mat.rows;
    map.width = mat.cols;
    map.channels = mat.channels();
    map.fill = fill;
    map.data = read_only_copy(mat.data, mat.total() * mat.elemSize());
    maps_.push_back(map);
    mats_.push_back(mat);
  }

  void* allocate(const ss_buffer_spec& spec) {
    const auto found = std::find_if(maps_.begin(), maps_.end(), [&](const ss_sample_map& map) {
      return bridge::view(map.name) == bridge::view(spec.name);
    });
    if (found == maps_.end()) throw Error(data::to_text(spec) + ": the sample has no map of that name");
    data::require_sane(spec);
    const bool is_widened = found->kind == SS_MAP_VALUES && spec.dtype == SS_FLOAT32;
    if (spec.channels != found->channels || (spec.dtype != found->dtype && !is_widened)) {
      throw Error(data::to_text(spec) + ": expected the channels and the dtype of the map");
    }
    const int depth = spec.dtype == SS_UINT8 ? CV_8U : spec.dtype == SS_FLOAT32 ? CV_32F : CV_32S;
    const int type = CV_MAKETYPE(depth, static_cast<int>(spec.channels));
    const auto bytes = static_cast<std::size_t>(spec.height * spec.width) * CV_ELEM_SIZE(type);
    void* data = buffer_before_a_page(bytes);
    std::memset(data, before_, bytes);
    mats_[static_cast<std::size_t>(found - maps_.begin())] =
        cv::Mat(static_cast<int>(spec.height), static_cast<int>(spec.width), type, data);
    return data;
  }

  uint8_t before_;
  std::vector<ss_sample_map> maps_;
  std::vector<const ss_sample_map*> pointers_;
  std::vector<cv::Mat> mats_;
};

bool are_equal(const cv::Mat& a, const cv::Mat& b) {
  if (a.size() != b.size() || a.type() != b.type()) return false;
  const cv::Mat one = a.isContinuous() ? a : a.clone(), other = b.isContinuous() ? b : b.clone();
  return std::memcmp(one.data, other.data, one.total() * one.elemSize()) == 0;
}

int class_at(int row, int column, uint64_t seed) {
  data::Random random = data::make_random(seed, row / kPatch, column / kPatch, data::Stream::kRead);
  return static_cast<int>(random.below(4));  // the fourth is ignored
}

}  // namespace

const data::DatasetInfo& sample_info() {
  static const data::DatasetInfo info{{{"left", {255, 0, 0}, 1}, {"right", {0, 255, 0}, 0}, {"ground", {0, 0, 255}, 2}},
                                      kIgnored};
  return info;
}

Picture draw_picture(cv::Size size, uint64_t seed, bool is_float) {
  Picture picture{cv::Mat(size, CV_8UC3), cv::Mat(size, CV_32S), {}};
  for (int row = 0; row < size.height; ++row) {
    for (int column = 0; column < size.width; ++column) {
      const int number = class_at(row, column, seed);
      const uint8_t(&color)[3] = kColors[number % 3];
      picture.image.at<cv::Vec3b>(row, column) = {color[0], color[1], color[2]};
      picture.label.at<int32_t>(row, column) = number < 3 ? number : static_cast<int32_t>(kIgnored);
    }
  }
  if (is_float) picture.image.convertTo(picture.image, CV_32F, 1.0 / 64, -2);
  picture.parts = picture.label.clone();
  return picture;
}

bool Applied::operator==(const Applied& other) const {
  return std::equal(maps.begin(), maps.end(), other.maps.begin(), other.maps.end(), are_equal);
}

Applied apply_apart(const data::PluginTransform& transform, const Picture& picture, data::Random random, uint8_t before,
                    bool further) {
  return Call(picture, before, further).run(transform, random);
}

data::PluginTransform make_transform(const Subject& subject) {
  return data::PluginTransform(*subject.component, subject.config.options.get(), sample_info(), {});
}

data::Random transform_random(int64_t number) { return data::make_random(5, 1, number, data::Stream::kTransform); }

}  // namespace sshost::conform
