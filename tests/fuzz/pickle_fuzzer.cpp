// The pickle machine alone.
#include "checkpoint/pickle_reader.h"
#include "checkpoint/state_dict.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sshost;
  return test::fuzz(data, size, [](const checkpoint::ByteSource& source) {
    checkpoint::PickleHeap heap(source.name(), 16 << 20);
    checkpoint::PickleCursor cursor(source, 0, source.size());
    const checkpoint::PickleRef top = read_pickle(cursor, heap);
    describe_value(heap, top);
    find_state_dict(heap, top, "", source.name());
  });
}
