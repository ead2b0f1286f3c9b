// labelme's drawings.
#include <cstddef>
#include <cstdint>

#include "../../plugins/datasets/labelme/shapes.h"
#include "fuzz/written_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sshost;
  const test::WrittenFile file("drawing.json", data, size);
  test::refusable([&] { labelme::read_heading(file.path()); });
  test::refusable([&] {
    for (const labelme::Shape& shape : labelme::read_drawing(file.path(), {32, 48}).shapes) {
      for (const labelme::Span& span : shape.area) {
        if (span.row < 0 || span.row >= 32 || span.first < 0 || span.first > span.last || span.last > 48)
          __builtin_trap();
      }
    }
  });
  return 0;
}
