#ifndef SSHOST_CONFIG_VALUE_ERROR_H
#define SSHOST_CONFIG_VALUE_ERROR_H

#include <string>
#include <utility>

#include "base/error.h"
#include "config/pipeline.h"
#include "config/problems.h"

namespace sshost::config {

// A value of the pipeline that is right by itself does not fit what it meets: the backbone's maps, the data set's
// classes, the machine. Thrown where that comes to light, with the key alone; with_place adds the place.
class ValueError : public UsageError {
 public:
  // `key` is such as "model.features.indices".
  ValueError(std::string key, std::string message)
      : UsageError(key + ": " + message), key_(std::move(key)), message_(std::move(message)) {}

  const std::string& key() const { return key_; }
  const std::string& message() const { return message_; }

 private:
  std::string key_;
  std::string message_;
};

// "file:line:column: key: message", where the pipeline gives the value, or else what is around it.
PipelineError with_place(const ValueError& error, const Pipeline& pipeline);

// What `work` gives; a ValueError of it gets its place.
template <typename Work>
decltype(auto) with_places(const Pipeline& pipeline, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const ValueError& error) {
    throw with_place(error, pipeline);
  }
}

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_VALUE_ERROR_H
