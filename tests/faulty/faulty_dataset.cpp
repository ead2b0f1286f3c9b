// A data set of two classes that breaks the contract in one way, or in none.
#include <array>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include <sshost/dataset.hpp>

namespace {

constexpr int64_t kHeight = 48, kWidth = 40, kSamples = 24;

struct Options {
  std::string fault = "none";
  static ss::Schema<Options> schema() { return {{"fault", &Options::fault, "what it does wrong"}}; }
};

std::string fault;
bool has(const char* name) { return fault == name; }

std::vector<ss::SampleInfo> list_samples() {
  std::vector<ss::SampleInfo> samples;
  for (int64_t i = 0; i < kSamples; ++i) samples.push_back({"sample_" + std::to_string(i), "", ""});
  if (has("zero_in_id")) samples[1].id = std::string("sample\0one", 10);
  if (has("latin1_id")) samples[1].id = "caf\xe9";
  if (has("same_id")) samples[1].id = samples[0].id;
  if (has("id_above")) samples[1].id = "../outside";
  return samples;
}

class FaultyDataset final : public ss::Dataset {
 public:
  FaultyDataset(const Options& options, const std::string&)
      : Dataset({{.name = "background", .color = {0, 0, 0}}, {.name = "thing", .color = {255, 0, 0}}}, 255) {
    fault = options.fault;
    set_samples(list_samples());
  }

  void read(int64_t index, ss::Random& random, ss::Sink& sink) const override {
    if (has("exit")) std::exit(0);
    uint8_t* image = sink.image(kHeight, kWidth);
    uint8_t* label = sink.label(kHeight, kWidth);
    const uint64_t drawn = has("own_random") ? static_cast<uint64_t>(std::rand()) : random.next();
    for (int64_t i = 0; i < kHeight * kWidth * 3; ++i) image[i] = static_cast<uint8_t>(drawn + index * 31 + i);
    for (int64_t i = 0; i < kHeight * kWidth; ++i) label[i] = i % kWidth < kWidth / 2 ? 0 : 1;
    if (has("label_outside")) label[7] = 9;
    if (has("writes_behind")) std::memset(image + kHeight * kWidth * 3, 0, 3);
    if (has("writes_before")) std::memset(label - 3, 0, 3);
  }
};

const ss_dataset_table& sound() { return ss::detail::kDatasetTable<FaultyDataset, Options>; }

int64_t count(void* self) {
  static int64_t calls = 0;
  if (has("endless_count")) return int64_t{1} << 62;
  return sound().count(self) - (has("varying_count") ? ++calls : 0);
}

ss_status info(void* self, ss_dataset_info* out) {
  static std::array<ss_class, 2> same;
  const ss_status status = sound().info(self, out);
  if (!has("same_classes")) return status;
  for (size_t i = 0; i < same.size(); ++i) {
    same[i] = out->classes[0];
    same[i].mirrored = static_cast<int32_t>(i);
  }
  out->classes = same.data();
  return status;
}

ss_status describe(void* self, int64_t index, ss_sample_info* out) {
  if (has("endless_count")) index %= kSamples;
  const ss_status status = sound().describe(self, index, out);
  if (has("null_id")) out->id = {nullptr, 4};
  return status;
}

ss_status read(void* self, void* reader, int64_t index, const ss_random* random, const ss_sample_sink* sink) {
  if (has("throw")) throw std::runtime_error("no luck in read");
  return sound().read(self, reader, index, random, sink);
}

const ss_dataset_table kTable = {sound().create,      sound().destroy,      info, count, describe,
                                 sound().open_reader, sound().close_reader, read};

ss::detail::Component<SS_DATASET_1> faulty_dataset() {
  auto component = ss::dataset<FaultyDataset, Options>("faulty_data", "breaks the contract");
  component.table = &kTable;
  return component;
}

}  // namespace

SSHOST_PLUGIN("faulty_dataset", "1.0.0", faulty_dataset())
