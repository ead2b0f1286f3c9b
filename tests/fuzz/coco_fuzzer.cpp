// COCO's annotations, and the masks that they draw.
#include <cstddef>
#include <cstdint>
#include <sshost/region.hpp>

#include "../../plugins/datasets/coco/annotations.h"
#include "fuzz/written_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sshost;
  const test::WrittenFile file("instances.json", data, size);
  test::refusable([&] {
    const coco::Annotations read = coco::read_annotations(file.path());
    if (read.without_outline > read.regions) __builtin_trap();
    for (const auto& [id, picture] : read.pictures) {
      for (const coco::Region& region : picture.regions) {
        for (const auto& polygon : region.polygons) {
          if (polygon.size() < 6 || polygon.size() % 2 != 0) __builtin_trap();
        }
      }
    }
  });
  return 0;
}
