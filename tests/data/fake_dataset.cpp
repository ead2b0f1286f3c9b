#include "data/fake_dataset.h"

#include "bridge/boundary.h"

namespace sshost::data {

namespace {

FakeDataset* current = nullptr;

ss_string to_abi(std::string_view text) { return {text.data(), text.size()}; }

ss_status create(ss_options, const ss_dataset_spec*, void** self) {
  *self = current;
  return current->create_status == SS_OK ? SS_OK : bridge::fail(current->create_status, "no such folder");
}

ss_status info(void*, ss_dataset_info* out) {
  out->class_count = static_cast<uint32_t>(current->classes.size());
  out->classes = current->classes.data();
  out->ignore_index = current->ignore_index;
  return SS_OK;
}

ss_status describe(void*, int64_t index, ss_sample_info* out) {
  static const std::string image_path = "/images/picture.jpg";
  static const std::string label_path = "/labels/picture.png";
  out->id = to_abi(current->ids[static_cast<size_t>(index)]);
  out->image_path = to_abi(image_path);
  out->label_path = to_abi(label_path);
  return SS_OK;
}

ss_status open_reader(void*, void** reader) {
  ++current->open_readers;
  *reader = nullptr;
  return SS_OK;
}

ss_status read(void*, void*, int64_t index, const ss_random* random, const ss_sample_sink* sink) {
  ++current->reads;
  return current->read(index, random, sink);
}

const ss_dataset_table kTable = {create,
                                 [](void*) {},
                                 info,
                                 [](void*) { return static_cast<int64_t>(current->ids.size()); },
                                 describe,
                                 open_reader,
                                 [](void*, void*) { --current->open_readers; },
                                 read};

ss_status read_pattern(int64_t index, const ss_random* random, const ss_sample_sink* sink) {
  const int64_t height = current->height;
  const int64_t width = current->width;
  auto* image = static_cast<uint8_t*>(FakeDataset::ask(sink, "image", SS_UINT8, height, width, 3));
  auto* label = static_cast<uint8_t*>(FakeDataset::ask(sink, "label", SS_UINT8, height, width, 1));
  const uint64_t drawn = random->next(random->self);
  for (int64_t i = 0; i < height * width * 3; ++i) image[i] = static_cast<uint8_t>(drawn + index * 50 + i);
  for (int64_t i = 0; i < height * width; ++i) label[i] = static_cast<uint8_t>((i + index) % 3);
  return SS_OK;
}

}  // namespace

FakeDataset::FakeDataset() : read(read_pattern) {
  static const char* const names[] = {"sky", "road", "car"};
  for (int32_t index = 0; index < 3; ++index) classes.push_back({to_abi(names[index]), 0, 0, 0, 0, index});
  for (int index = 0; index < 10; ++index) ids.push_back("sample_" + std::to_string(index));
  component_.size = sizeof(component_);
  component_.kind = to_abi(SS_DATASET_1);
  component_.name = to_abi("fake");
  component_.table = &kTable;
  current = this;
}

FakeDataset::~FakeDataset() { current = nullptr; }

void* FakeDataset::ask(const ss_sample_sink* sink, const std::string& name, ss_dtype dtype, int64_t height,
                       int64_t width, int64_t channels) {
  const ss_buffer_spec spec{sizeof(ss_buffer_spec), dtype, to_abi(name), height, width, channels};
  void* data = nullptr;
  return sink->buffer(sink->self, &spec, &data) == SS_OK ? data : nullptr;
}

}  // namespace sshost::data
