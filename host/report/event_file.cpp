#include "report/event_file.h"

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "image/png_encoder.h"
#include "report/tfrecord.h"

namespace sshost::report {
namespace {

// The fields' numbers in event.proto and summary.proto.
namespace event {
constexpr int kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7;
}
namespace session_log {
constexpr int kStatus = 1;
constexpr uint64_t kStart = 1;
}  // namespace session_log
namespace summary {
constexpr int kValue = 1;
}
namespace value {
constexpr int kTag = 1, kSimpleValue = 2, kImage = 4;
}
namespace image {
constexpr int kHeight = 1, kWidth = 2, kColorspace = 3, kEncoded = 4;
constexpr uint64_t kRgb = 3;
}  // namespace image

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string file_name() {
  char host[256] = "localhost";
  gethostname(host, sizeof host - 1);
  char name[400];
  std::snprintf(name, sizeof name, "events.out.tfevents.%010.0f.%s.%d", std::floor(seconds_since_1970()), host,
                static_cast<int>(getpid()));
  return name;
}

}  // namespace

EventFile::EventFile(const std::filesystem::path& folder) : file_(folder / file_name()) {
  ProtobufMessage version;
  version.add_bytes(event::kFileVersion, "brain.Event:2");
  write(std::move(version), 0);
}

void EventFile::begin(int64_t first_step) {
  ProtobufMessage log;
  log.add_integer(session_log::kStatus, session_log::kStart);
  ProtobufMessage started;
  started.add_message(event::kSessionLog, log);
  write(std::move(started), first_step);
}

void EventFile::add(int64_t step, const std::vector<Scalar>& scalars) {
  ProtobufMessage values;
  for (const Scalar& scalar : scalars) {
    if (!std::isfinite(scalar.value)) continue;
    ProtobufMessage one;
    one.add_bytes(value::kTag, scalar.tag);
    one.add_float(value::kSimpleValue, static_cast<float>(scalar.value));
    values.add_message(summary::kValue, one);
  }
  ProtobufMessage added;
  added.add_message(event::kSummary, values);
  write(std::move(added), step);
}

void EventFile::add(int64_t step, const std::string& tag, const cv::Mat& rgb) {
  const std::vector<uint8_t> png = sshost::image::encode_png(rgb, sshost::image::PngEffort::kLittle);
  ProtobufMessage picture;
  picture.add_integer(image::kHeight, static_cast<uint64_t>(rgb.rows));
  picture.add_integer(image::kWidth, static_cast<uint64_t>(rgb.cols));
  picture.add_integer(image::kColorspace, image::kRgb);
  picture.add_bytes(image::kEncoded, {reinterpret_cast<const char*>(png.data()), png.size()});
  ProtobufMessage one;
  one.add_bytes(value::kTag, tag);
  one.add_message(value::kImage, picture);
  ProtobufMessage values;
  values.add_message(summary::kValue, one);
  ProtobufMessage added;
  added.add_message(event::kSummary, values);
  write(std::move(added), step);
}

void EventFile::write(ProtobufMessage message, int64_t step) {
  message.add_double(event::kWallTime, seconds_since_1970());
  message.add_integer(event::kStep, static_cast<uint64_t>(step));
  file_.append(tfrecord(message.bytes()));
}

}  // namespace sshost::report
