#include "data/dataset.h"

#include <new>
#include <set>

#include "base/error.h"
#include "base/printable.h"
#include "bridge/boundary.h"
#include "data/relative_name.h"
#include "data/sink.h"
#include "data/size_text.h"
#include "data/stranger.h"
#include "data/strict_images.h"
#include "image/warnings.h"
#include "plugin/at_work.h"

namespace sshost::data {

namespace {

// Their ids are held in memory; no data set comes near to it.
constexpr int64_t kMostSamples = int64_t{1} << 30;

// A text of `describe`: a path or an id.
std::string described(ss_string text, const std::string& what) {
  constexpr uint64_t kLongest = 1 << 16;
  if (text.size > kLongest) {
    throw Error(what + " has " + std::to_string(text.size) + " bytes; at most " + std::to_string(kLongest) +
                " are possible");
  }
  if (text.size > 0 && text.data == nullptr) throw Error(what + " is a null pointer");
  if (bridge::view(text).find('\0') != std::string_view::npos) throw Error(what + " holds a zero byte");
  return std::string(bridge::view(text));
}

uint64_t next_number(void* self) { return static_cast<Random*>(self)->next(); }

}  // namespace

Dataset::Dataset(const ss_component& component, const std::filesystem::path& library, ss_options options,
                 const std::string& split, const ImageOptions& images)
    : component_(component, library, options, split, images.channels),
      split_(split),
      info_(component_.info()),
      images_(images) {
  const std::string who = component_.who() + ": split " + split;
  const plugin::AtWork at_work(component_.who());
  size_ = count();
  if (size_ < 0) bridge::check(SS_IO, who);
  if (size_ == 0) throw Error(who + " has no samples");
  if (size_ > kMostSamples) {
    throw Error(who + ": expected at most " + std::to_string(kMostSamples) + " samples, found " +
                std::to_string(size_));
  }
  check_ids();
  const int64_t again = count();
  if (again != size_) {
    throw Error(who + ": the number of samples varies: " + std::to_string(size_) + " at first, then " +
                std::to_string(again));
  }
}

int64_t Dataset::count() const {
  return bridge::call_plugin(component_.who(), [&] { return component_.table().count(component_.self()); });
}

void Dataset::check_ids() const {
  std::set<std::string> seen;
  for (int64_t index = 0; index < size_; ++index) {
    const std::string id = describe(index).id;
    if (!is_relative_name(id)) {
      throw Error(name_of(index) + ": the id has to be a file name, or a relative path without \"..\", of UTF-8");
    }
    if (!seen.insert(id).second) {
      throw Error(name_of(index) + ": an earlier sample has this id too; predictions would overwrite each other");
    }
  }
}

Dataset::Description Dataset::describe(int64_t index) const {
  ss_sample_info info{};
  info.size = sizeof(info);
  const plugin::AtWork at_work(component_.who());
  const std::string who = component_.who() + ", sample " + std::to_string(index);
  bridge::check(bridge::call_plugin(who, [&] { return component_.table().describe(component_.self(), index, &info); }),
                who);
  return {described(info.id, who + ": the id"), described(info.image_path, who + ": the image's path"),
          described(info.label_path, who + ": the label's path")};
}

std::string Dataset::name_of(int64_t index) const {
  const Description description = describe(index);
  std::string name =
      component_.who() + ", sample " + std::to_string(index) + " \"" + printable_line(description.id) + "\"";
  if (!description.image_path.empty()) name += " (" + printable_line(description.image_path) + ")";
  return name;
}

Reader::Reader(const Dataset& dataset) : dataset_(dataset) {
  const DatasetComponent& component = dataset_.component_;
  const plugin::AtWork at_work(component.who());
  bridge::check(
      bridge::call_plugin(component.who(), [&] { return component.table().open_reader(component.self(), &self_); }),
      component.who());
}

Reader::~Reader() {
  const plugin::AtWork at_work(dataset_.component_.who());
  dataset_.component_.table().close_reader(dataset_.component_.self(), self_);
}

Sample Reader::read_unchecked(int64_t index, Random& random) try {
  Sink sink(dataset_.images_.channels);
  const ss_sample_sink sink_abi = sink.abi();
  const ss_random random_abi{&random, &next_number};
  const DatasetComponent& component = dataset_.component_;
  const plugin::AtWork at_work(component.who());
  const image::Warnings warnings;
  const ss_status status = bridge::call_plugin(
      component.who(), [&] { return component.table().read(component.self(), self_, index, &random_abi, &sink_abi); });
  sink.require_guards(dataset_.name_of(index));
  if (status != SS_OK) bridge::check(status, dataset_.name_of(index));

  if (sink.image().empty()) throw Error(dataset_.name_of(index) + ": read gave no image");
  Sample sample{sink.image(), {}, dataset_.describe(index).id, warnings.found()};
  if (!sink.label().empty()) sink.label().convertTo(sample.label, CV_32S);
  return sample;
} catch (const Error& error) {
  throw BrokenSample(error.what());
} catch (const std::bad_alloc&) {
  throw BrokenSample(dataset_.name_of(index) + ": out of memory");
} catch (const cv::Exception& error) {
  throw BrokenSample(dataset_.name_of(index) + ": " + error.err);
}

Sample Reader::read(int64_t index, Random& random) {
  Sample sample = read_unchecked(index, random);
  if (dataset_.images_.strict && !sample.damage.empty()) {
    throw BrokenSample(dataset_.name_of(index) + ": " + strict_refusal(sample.damage.front()));
  }
  if (sample.label.empty()) return sample;
  if (sample.label.size() != sample.image.size()) {
    throw BrokenSample(
        dataset_.name_of(index) + ": expected an image and a label of the same size, but " +
        sizes_text("the image", sample.image, "its label " + dataset_.describe(index).label_path, sample.label));
  }
  if (const auto stranger = find_stranger(sample.label, dataset_.info_)) {
    throw BrokenSample(dataset_.name_of(index) + ", label " + dataset_.describe(index).label_path + ": " + *stranger +
                       "; correct the file, or the data set's options where they choose the classes");
  }
  return sample;
}

}  // namespace sshost::data
