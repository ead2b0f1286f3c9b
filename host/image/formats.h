#ifndef SSHOST_IMAGE_FORMATS_H
#define SSHOST_IMAGE_FORMATS_H

#include <cstdint>
#include <memory>
#include <span>

#include "image/decoder.h"
#include "image/row_reader.h"

namespace sshost::image {

// A format that is read here. A file goes to the decoder of its format, which its first bytes tell, and to no other:
// neither its name nor another library decides.
struct Format {
  const char* name;
  bool (*matches)(std::span<const uint8_t> head);
  std::unique_ptr<Decoder> (*open)(const Source& source);
  std::unique_ptr<RowReader> (*open_rows)(std::unique_ptr<Source> source);  // null: it is not read row by row
};

// The format of this file; null where it is none of those that are read here.
const Format* find_format(const Source& source);

// The same. Throws Error where there is none, with the format's name and what to do, if it is known.
const Format& format_of(const Source& source);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_FORMATS_H
