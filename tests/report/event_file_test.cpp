#include "report/event_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <variant>

#include "report/tfrecord.h"
#include "temp_folder.h"

namespace sshost::report {
namespace {

using test::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// An independent reader: a message as field -> values, where a value is a number's bits or the bytes of what has a
// length.
using Field = std::variant<uint64_t, std::string>;
using Message = std::multimap<int, Field>;

template <typename Number>
Number number_at(const std::string& bytes, size_t at) {
  Number value;
  std::memcpy(&value, bytes.data() + at, sizeof value);  // the machines that test this are little endian
  return value;
}

uint64_t read_varint(const std::string& bytes, size_t& at) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.at(at++));
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

Message parse(const std::string& bytes) {
  Message message;
  size_t at = 0;
  while (at < bytes.size()) {
    const uint64_t key = read_varint(bytes, at);
    const int field = static_cast<int>(key >> 3);
    switch (key & 7) {
      case 0:
        message.emplace(field, read_varint(bytes, at));
        break;
      case 1:
        message.emplace(field, number_at<uint64_t>(bytes, at));
        at += 8;
        break;
      case 2: {
        const uint64_t length = read_varint(bytes, at);
        message.emplace(field, bytes.substr(at, length));
        at += length;
        break;
      }
      case 5:
        message.emplace(field, uint64_t{number_at<uint32_t>(bytes, at)});
        at += 4;
        break;
      default:
        ADD_FAILURE() << "unknown wire type in " << key;
        return message;
    }
  }
  return message;
}

uint64_t integer(const Message& message, int field) { return std::get<uint64_t>(message.find(field)->second); }
std::string text(const Message& message, int field) { return std::get<std::string>(message.find(field)->second); }
float real32(const Message& message, int field) {
  const auto bits = static_cast<uint32_t>(integer(message, field));
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
double real64(const Message& message, int field) {
  const uint64_t bits = integer(message, field);
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Bit by bit, from the definition of the polynomial.
uint32_t slow_crc32c(const std::string& data) {
  uint32_t crc = 0xffffffff;
  for (const char c : data) {
    for (int bit = 0; bit < 8; ++bit) {
      const uint32_t in = (static_cast<unsigned char>(c) >> bit) & 1;
      crc = ((crc ^ in) & 1) != 0 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
    }
  }
  return ~crc;
}

void expect_masked_crc(const std::string& data, uint32_t stored) {
  const uint32_t rotated = stored - 0xa282ead8U;
  EXPECT_EQ((rotated << 15) | (rotated >> 17), slow_crc32c(data));
}

std::vector<Message> read_events(const std::filesystem::path& path) {
  const std::string bytes = test::read_bytes(path);
  std::vector<Message> events;
  for (size_t at = 0; at < bytes.size();) {
    const auto length = number_at<uint64_t>(bytes, at);
    expect_masked_crc(bytes.substr(at, 8), number_at<uint32_t>(bytes, at + 8));
    const std::string data = bytes.substr(at + 12, length);
    expect_masked_crc(data, number_at<uint32_t>(bytes, at + 12 + length));
    events.push_back(parse(data));
    at += length + 16;
  }
  return events;
}

std::map<std::string, float> scalars_of(const Message& event) {
  std::map<std::string, float> scalars;
  const Message summary = parse(text(event, 5));
  for (const auto& [field, value] : summary) {
    EXPECT_EQ(field, 1);
    const Message one = parse(std::get<std::string>(value));
    scalars[text(one, 1)] = real32(one, 2);
  }
  return scalars;
}

TEST(Crc32c, EqualsTheStandardsExamples) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);  // RFC 3720, appendix B.4
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(EventFile, HoldsScalarsThatAnIndependentReaderFinds) {
  const TempFolder temp;
  EventFile file(temp.path());
  EXPECT_THAT(file.path().filename().string(), HasSubstr("events.out.tfevents."));
  file.begin(300);
  file.add(300, {{"loss/total", 1.25}, {"loss/main", NAN}, {"iou/sky \xc3\xa4", -3e-8}});
  file.add(1234567890123, {{"train/learning_rate", 0.01}});

  const std::vector<Message> events = read_events(file.path());
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(text(events[0], 3), "brain.Event:2");
  EXPECT_GT(real64(events[0], 1), 1.7e9);                // seconds since 1970
  EXPECT_EQ(integer(parse(text(events[1], 7)), 1), 1U);  // SessionLog.START
  EXPECT_EQ(integer(events[1], 2), 300U);
  EXPECT_EQ(integer(events[2], 2), 300U);
  EXPECT_THAT(scalars_of(events[2]), ElementsAre(Pair("iou/sky \xc3\xa4", -3e-8F), Pair("loss/total", 1.25F)));
  EXPECT_EQ(integer(events[3], 2), 1234567890123U);
  EXPECT_THAT(scalars_of(events[3]), ElementsAre(Pair("train/learning_rate", 0.01F)));
}

cv::Mat small_image() {
  cv::Mat rgb(2, 3, CV_8UC3, cv::Scalar(10, 20, 30));
  rgb.at<cv::Vec3b>(1, 2) = {250, 0, 5};
  return rgb;
}

TEST(EventFile, HoldsImagesAsPng) {
  const TempFolder temp;
  EventFile file(temp.path());
  file.add(7, "images/a", small_image());
  const std::vector<Message> events = read_events(file.path());
  ASSERT_EQ(events.size(), 2U);
  const Message one = parse(text(parse(text(events[1], 5)), 1));
  EXPECT_EQ(text(one, 1), "images/a");
  const Message image = parse(text(one, 4));
  EXPECT_EQ(integer(image, 1), 2U);
  EXPECT_EQ(integer(image, 2), 3U);
  EXPECT_EQ(integer(image, 3), 3U);
  const std::string png = text(image, 4);
  const cv::Mat decoded = cv::imdecode(std::vector<uint8_t>(png.begin(), png.end()), cv::IMREAD_COLOR);
  EXPECT_EQ(decoded.at<cv::Vec3b>(0, 0), cv::Vec3b(30, 20, 10));  // OpenCV decodes to BGR
  EXPECT_EQ(decoded.at<cv::Vec3b>(1, 2), cv::Vec3b(5, 0, 250));
}

// With TensorBoard where scripts/fetch_tensorboard.sh put it, or where python3 has it by itself.
const std::string kPython = "PYTHONPATH='" SSHOST_TENSORBOARD_PACKAGES "' python3 ";

TEST(EventFile, IsReadByTensorBoard) {
  if (std::system((kPython + "-c 'import tensorboard' 2>/dev/null").c_str()) != 0) {
    GTEST_SKIP() << "there is no " SSHOST_TENSORBOARD_PACKAGES "/tensorboard (scripts/fetch_tensorboard.sh)";
  }
  const TempFolder temp;
  {
    EventFile file(temp.path());
    file.begin(1);
    for (const int step : {1, 2, 3}) file.add(step, {{"loss/total", 1.0 / step}});
    file.begin(3);
    file.add(3, {{"loss/total", 0.5}});
    file.add(3, "images/a", small_image());
  }
  test::write_bytes(temp / "read.py", R"py(
import sys
from tensorboard.backend.event_processing import event_accumulator
events = event_accumulator.EventAccumulator(sys.argv[1])
events.Reload()
print([(e.step, round(e.value, 4)) for e in events.Scalars('loss/total')])
print([(e.step, e.width, e.height) for e in events.Images('images/a')])
)py");
  const std::string output = (temp / "output").string();
  const std::string command =
      kPython + (temp / "read.py").string() + " " + temp.path().string() + " >" + output + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_THAT(test::read_bytes(output), HasSubstr("[(1, 1.0), (2, 0.5), (3, 0.5)]\n[(3, 3, 2)]\n"));
}

}  // namespace
}  // namespace sshost::report
