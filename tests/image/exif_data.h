#ifndef SSHOST_TESTS_IMAGE_EXIF_DATA_H
#define SSHOST_TESTS_IMAGE_EXIF_DATA_H

#include <cstdint>
#include <vector>

namespace sshost::image::testing {

// EXIF data of two entries, of which the second one is the orientation.
inline std::vector<uint8_t> exif_data(int orientation, bool big_endian) {
  std::vector<uint8_t> bytes;
  const auto add = [&](uint32_t value, int size) {
    for (int i = 0; i < size; ++i) {
      const int shift = 8 * (big_endian ? size - 1 - i : i);
      bytes.push_back(static_cast<uint8_t>(value >> shift));
    }
  };
  bytes.assign(2, big_endian ? 'M' : 'I');
  add(42, 2);
  add(8, 4);  // where the directory begins
  add(2, 2);
  const auto add_entry = [&](uint32_t tag, uint32_t value) {  // one number of two bytes
    add(tag, 2);
    add(3, 2);
    add(1, 4);
    add(value, 2);
    add(0, 2);
  };
  add_entry(258, 8);
  add_entry(274, static_cast<uint32_t>(orientation));
  return bytes;
}

}  // namespace sshost::image::testing

#endif  // SSHOST_TESTS_IMAGE_EXIF_DATA_H
