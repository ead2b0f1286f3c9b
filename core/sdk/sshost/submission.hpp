// What the server of a data set's benchmark takes, as a format of predictions. A data set class lists its layouts:
//
//   static std::vector<ss::SubmissionLayout> submissions() {
//     return {{"pets", "what the server of Pets takes: 1 to 37, under the images' names",
//              ss::values_counting_from("Pets", 1, 37), ss::last_part_of_id()}};
//   }
//
// and `prediction_formats: [pets]` writes pets/<name>.png for each image: a grey PNG of its size.
#ifndef SSHOST_SUBMISSION_HPP
#define SSHOST_SUBMISSION_HPP

#include <sshost/abi/submission.h>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detail/component.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

using ClassNames = std::vector<std::string_view>;  // in the order of the model's outputs

struct SubmissionLayout {
  std::string name;  // what a pipeline names; also the folder of its files
  std::string text;  // a line of help

  // The number that is written for each class. Throws ss::Error where these are not the benchmark's.
  std::function<std::vector<int32_t>(const ClassNames& classes)> values;

  // The name of a sample's file, such as "berlin_000000_000019_labelIds.png" or "video7/frame3.png". Throws ss::Error
  // where the server would not find one.
  std::function<std::string(std::string_view id)> file_name;

  ss_submission_kind kind = SS_SUBMISSION_PNG8;
};

// The numbers of classes by their names, whatever their order. `benchmark` is for messages.
inline auto values_by_name(std::string benchmark, std::vector<std::pair<std::string, int32_t>> numbers) {
  return [benchmark = std::move(benchmark), numbers = std::move(numbers)](const ClassNames& classes) {
    std::vector<int32_t> values;
    for (const std::string_view name : classes) {
      const auto is_it = [name](const auto& number) { return number.first == name; };
      const auto found = std::find_if(numbers.begin(), numbers.end(), is_it);
      if (found == numbers.end()) {
        throw Error("expected the classes of " + benchmark + ", found \"" + std::string(name) + "\"");
      }
      values.push_back(found->second);
    }
    return values;
  };
}

// first, first + 1, ... for the benchmark's classes in its order.
inline auto values_counting_from(std::string benchmark, int32_t first, std::size_t count) {
  return [benchmark = std::move(benchmark), first, count](const ClassNames& classes) {
    if (classes.size() != count) {
      throw Error("expected the " + std::to_string(count) + " classes of " + benchmark + ", found " +
                  std::to_string(classes.size()));
    }
    std::vector<int32_t> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = first + static_cast<int32_t>(i);
    return values;
  };
}

// What stands behind the last '/'.
inline std::string last_part(std::string_view id) { return std::string(id.substr(id.rfind('/') + 1)); }

// Files are called as their images are, without folders.
inline auto last_part_of_id() {
  return [](std::string_view id) { return last_part(id) + ".png"; };
}

template <class T>
concept HasSubmissions = requires {
  { T::submissions() } -> std::same_as<std::vector<SubmissionLayout>>;
};

namespace detail {

// The contract's table of layouts, and all that it points to.
class SubmissionTable {
 public:
  explicit SubmissionTable(std::vector<SubmissionLayout> layouts) : layouts_(std::move(layouts)) {
    for (SubmissionLayout& each : layouts_) {
      pointers_.push_back(&abi_.emplace_back(ss_submission_layout{
          sizeof(ss_submission_layout), each.kind, to_abi(each.name), to_abi(each.text), &each, values, file_name}));
    }
    table_ = {pointers_.data(), static_cast<uint32_t>(pointers_.size()), 0};
  }
  SubmissionTable(const SubmissionTable&) = delete;
  SubmissionTable& operator=(const SubmissionTable&) = delete;
  const ss_submission_table* abi() const { return &table_; }

 private:
  static const SubmissionLayout& layout_of(void* self) { return *static_cast<const SubmissionLayout*>(self); }

  static ss_status values(void* self, const ss_string* classes, uint32_t class_count, int32_t* values) {
    return guarded("values", [&] {
      ClassNames names;
      for (uint32_t i = 0; i < class_count; ++i) names.push_back(view(classes[i]));
      const std::vector<int32_t> made = layout_of(self).values(names);
      if (made.size() != class_count) {
        throw Error("gave " + std::to_string(made.size()) + " numbers for " + std::to_string(class_count) + " classes",
                    SS_INTERNAL);
      }
      std::copy(made.begin(), made.end(), values);
    });
  }

  static ss_status file_name(void* self, ss_string id, const ss_text_sink* sink) {
    return guarded("file_name", [&] { check(sink->put(sink->self, to_abi(layout_of(self).file_name(view(id))))); });
  }

  std::vector<SubmissionLayout> layouts_;
  std::deque<ss_submission_layout> abi_;  // a deque: what is in it stays where it is
  std::vector<const ss_submission_layout*> pointers_;
  ss_submission_table table_{};
};

// What `ss_component.get` answers for the data set class `T`.
template <class T>
const void* dataset_capability(ss_string id) {
  const void* found = nullptr;
  if constexpr (HasSubmissions<T>) {
    guarded("get", [&] {
      if (view(id) != SS_DATASET_SUBMISSION_1) return;
      static const SubmissionTable table(T::submissions());
      found = table.abi();
    });
  }
  return found;
}

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
