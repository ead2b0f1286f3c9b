// A layout for submissions as a plugin would offer it.
#ifndef SSHOST_TESTS_DATA_FAKE_SUBMISSION_H
#define SSHOST_TESTS_DATA_FAKE_SUBMISSION_H

#include <functional>
#include <string>
#include <vector>

#include "bridge/boundary.h"
#include "data/submission.h"

namespace sshost::data {

// Offers what `values` and `put` say; an exception of theirs fails.
class FakeSubmission {
 public:
  explicit FakeSubmission(std::string name) : name_(std::move(name)) {
    layout = {sizeof layout, SS_SUBMISSION_PNG8, bridge::to_ss_string(name_), {}, this, call_values, call_file_name};
  }
  FakeSubmission(const FakeSubmission&) = delete;
  FakeSubmission& operator=(const FakeSubmission&) = delete;

  Submission offered() const { return {layout, "dataset fake (fake.so)"}; }

  std::function<int32_t(const std::string& name)> value;  // of a class
  std::function<ss_status(const std::string& id, const ss_text_sink& sink)> file_name;
  ss_submission_layout layout{};

 private:
  static ss_status call_values(void* self, const ss_string* classes, uint32_t count, int32_t* values) {
    return bridge::guarded([&] {
      for (uint32_t i = 0; i < count; ++i) {
        values[i] = static_cast<FakeSubmission*>(self)->value(std::string(bridge::view(classes[i])));
      }
    });
  }
  static ss_status call_file_name(void* self, ss_string id, const ss_text_sink* sink) {
    return bridge::guarded(
        [&] { return static_cast<FakeSubmission*>(self)->file_name(std::string(bridge::view(id)), *sink); });
  }

  std::string name_;
};

// Puts `text`.
inline ss_status put(const ss_text_sink& sink, std::string_view text) {
  return sink.put(sink.self, bridge::to_ss_string(text));
}

}  // namespace sshost::data

#endif  // SSHOST_TESTS_DATA_FAKE_SUBMISSION_H
