#include <algorithm>
#include <string>

#include "bridge/boundary.h"
#include "conform/paged.h"
#include "conform/split.h"
#include "conform/test.h"
#include "data/dataset_component.h"

namespace sshost::conform {
namespace {

ss_status give_buffer(void*, const ss_buffer_spec* spec, void** data) {
  return bridge::guarded([&] {
    const std::size_t element = spec->dtype == SS_UINT8 ? 1 : 4;
    *data = buffer_before_a_page(static_cast<std::size_t>(spec->height * spec->width * spec->channels) * element);
  });
}

uint64_t next_number(void* self) { return static_cast<data::Random*>(self)->next(); }

void run(const Subject& subject) {
  open_split(subject);  // skips where there is nothing
  data::DatasetComponent component(*subject.component->descriptor, subject.library, subject.config.options.get(),
                                   "train");
  const ss_dataset_table& table = component.table();
  void* reader = nullptr;
  bridge::check(table.open_reader(component.self(), &reader), component.who());
  const ss_sample_sink sink = {nullptr, give_buffer};
  for (int64_t index = 0; index < std::min<int64_t>(8, table.count(component.self())); ++index) {
    data::Random random = random_of(index);
    const ss_random abi{&random, next_number};
    bridge::check(table.read(component.self(), reader, index, &abi, &sink), component.who());
  }
  table.close_reader(component.self(), reader);
}

}  // namespace

extern const Test kBuffers = {
    "buffers",
    "a sample is written into its buffers alone, behind which there is no memory",
    {"dataset.h", "A buffer of height x width x channels elements, rows without padding; valid until `read` returns."},
    "dataset",
    run};

}  // namespace sshost::conform
