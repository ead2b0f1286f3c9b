#ifndef SSHOST_REPORT_EVENT_FILE_H
#define SSHOST_REPORT_EVENT_FILE_H

#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "file/writable_file.h"
#include "report/protobuf_message.h"

namespace sshost::report {

struct Scalar {
  std::string tag;  // "loss/total": what is before the stroke is TensorBoard's group
  double value;     // stored as float32; one that is not finite is left out
};

// A file of events for TensorBoard: TFRecord frames (tfrecord.h) with a tensorflow.Event each (event.proto,
// summary.proto). What is added can be read at once. Functions throw Error with the path. Threads: one at a time.
class EventFile {
 public:
  // A new file in the folder, "events.out.tfevents.<seconds>.<host>.<process>": TensorBoard reads all in a folder by
  // name, so that those of later processes come later.
  explicit EventFile(const std::filesystem::path& folder);

  // A process begins that writes `first_step` next: what earlier files hold of it and of later steps is dropped.
  void begin(int64_t first_step);

  void add(int64_t step, const std::vector<Scalar>& scalars);

  // A CV_8UC3 RGB image, stored as PNG.
  void add(int64_t step, const std::string& tag, const cv::Mat& rgb);

  const std::filesystem::path& path() const { return file_.path(); }

 private:
  void write(ProtobufMessage message, int64_t step);

  file::WritableFile file_;
};

}  // namespace sshost::report

#endif  // SSHOST_REPORT_EVENT_FILE_H
