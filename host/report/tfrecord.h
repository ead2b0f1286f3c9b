#ifndef SSHOST_REPORT_TFRECORD_H
#define SSHOST_REPORT_TFRECORD_H

#include <cstdint>
#include <string>
#include <string_view>

namespace sshost::report {

// One frame of a TFRecord file (TensorFlow, core/lib/io/record_writer.h): the data's length as uint64, the masked CRC
// of these 8 bytes, the data, and their masked CRC; all little endian.
std::string tfrecord(std::string_view data);

// CRC-32C (Castagnoli, RFC 3720 appendix B.4).
uint32_t crc32c(std::string_view data);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_TFRECORD_H
