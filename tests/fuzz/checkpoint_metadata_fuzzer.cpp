// Our own checkpoints and training states: whole files with their checksums and metadata, or, beginning with a brace,
// what such metadata holds as JSON.
#include <string>

#include "checkpoint/metadata.h"
#include "checkpoint/tensor_index.h"
#include "fuzz/input.h"

namespace {

using namespace sshost;

template <typename Read>
void refusable(Read&& read) {
  try {
    read();
  } catch (const Error&) {
  }
}

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void read_state(const checkpoint::Metadata& metadata) {
  const checkpoint::TrainingNumbers numbers = checkpoint::read_training_numbers(metadata, "input");
  require(numbers.step >= 0 && numbers.epoch >= 1 && numbers.batch >= 0);
  require(numbers.average_updates >= 0 && numbers.loss_scale >= 0 && numbers.loss_scale_steps >= 0);
  for (const checkpoint::Score& score : numbers.scores) require(score.step >= 0 && score.step <= numbers.step);
}

void read_metadata(const checkpoint::Metadata& metadata) {
  refusable([&] { read_state(metadata); });
  refusable([&] { checkpoint::read_checkpoint_info(metadata, "input"); });
  refusable([&] { checkpoint::named_classes(metadata, "input"); });
}

void read_json(const std::string& text) {
  for (checkpoint::Metadata metadata :
       {to_metadata(checkpoint::CheckpointInfo{}), to_metadata(checkpoint::TrainingNumbers{9})}) {
    for (const char* key : {"sshost.progress", "sshost.dataset", "sshost.plugins"}) metadata[key] = text;
    read_metadata(metadata);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0 && data[0] == '{') {
    read_json(std::string(reinterpret_cast<const char*>(data), size));
    return 0;
  }
  return test::fuzz(data, size, [](const checkpoint::ByteSource& source) {
    const checkpoint::TensorIndex index = read_tensor_index(source);
    read_metadata(index.metadata);
    std::string bytes;
    for (const checkpoint::StoredBytes& storage : index.storages) {
      bytes.resize(storage.bytes);
      refusable([&] { load(source, storage, bytes.data()); });
    }
  });
}
