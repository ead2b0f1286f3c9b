#include "checkpoint/checkpoint.h"

#include <ATen/core/Tensor.h>

#include <string_view>

#include "base/error.h"
#include "base/printable.h"
#include "checkpoint/checksum.h"
#include "checkpoint/quantised_file.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/sound_values.h"
#include "checkpoint/tensor_index.h"
#include "checkpoint/torch_element_type.h"
#include "checkpoint/weights_import.h"

namespace sshost::checkpoint {
namespace {

constexpr std::string_view kOptimizerPrefix = "optimizer.";
constexpr std::string_view kGeneratorPrefix = "generator.";
constexpr std::string_view kWeightsPrefix = "weights.";

// On the CPU and contiguous, as they are stored; with its checksum where the format has the type, which is found out
// when it is written.
void add_checksums(TensorFile& file) {
  Checksums checksums;
  for (auto& [name, tensor] : file.tensors) {
    tensor = tensor.detach().cpu().contiguous();
    const auto type = from_torch(tensor.scalar_type());
    if (type) checksums[name] = checksum_of(tensor.const_data_ptr(), tensor.nbytes(), *type, tensor.sizes().vec());
  }
  file.metadata[std::string(kChecksumsKey)] = format_checksums(file.metadata, checksums);
}

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// The tensors whose names begin with `prefix`, without it.
NamedTensors under(const TensorFile& file, std::string_view prefix, const ClassOrder& order) {
  NamedTensors found;
  for (const auto& [name, tensor] : file.tensors) {
    if (!name.starts_with(prefix)) continue;
    const std::string own = name.substr(prefix.size());
    found.emplace_back(own, order.apply(own, tensor));
  }
  return found;
}

void add_under(TensorFile& file, std::string_view prefix, const NamedTensors& tensors) {
  for (const auto& [name, tensor] : tensors) file.tensors.emplace_back(std::string(prefix) + name, tensor);
}

void require_bytes(const NamedTensors& generators, const std::string& path) {
  for (const auto& [name, state] : generators) {
    if (state.scalar_type() == at::kByte && state.dim() == 1) continue;
    throw Error(path + ": damaged: the state of the generator \"" + printable_line(name) + "\" is no list of bytes");
  }
}

// Before anything else: a file of another number of classes differs in shapes, which say less.
void require_class_count(const CheckpointInfo& info, const WantedClasses& wanted, const std::string& what) {
  const size_t found = info.dataset.classes.size(), expected = wanted.classes.size();
  if (found == 0 || expected == 0 || found == expected) return;
  throw UsageError(what + ": expected a model for " + std::to_string(expected) +
                   " classes, as the data set has, found one for " + std::to_string(found) +
                   ". To begin with its weights all the same, leave out `checkpoint` and give each component "
                   "`weights: {path: FILE, skip_classifier: true}`, which leaves out what depends on the classes");
}

ClassOrder order_of(const Metadata& metadata, const WantedClasses& wanted, const std::string& path) {
  const std::string what = "checkpoint " + path;
  require_class_count(read_checkpoint_info(metadata, path), wanted, what);
  return class_order(named_classes(metadata, path), wanted, what);
}

}  // namespace

void save_model(const std::filesystem::path& path, const state::StateStore& store, const CheckpointInfo& info) {
  TensorFile file{{}, to_metadata(info)};
  for (const state::StateEntry& entry : store) {
    if (entry.persistent) file.tensors.emplace_back(entry.name, entry.value);
  }
  if (store.quantisation()) file.metadata[kQuantisationKey] = format_quantisation(*store.quantisation());
  save_with_checksums(path, std::move(file));
}

void save_training_state(const std::filesystem::path& path, const TrainingState& state) {
  TensorFile file{{},
                  to_metadata(TrainingNumbers{state.step, state.epoch, state.batch, state.seed, state.average_updates,
                                              state.scores, state.loss_scale, state.loss_scale_steps, state.interval})};
  add_under(file, kOptimizerPrefix, state.optimizer);
  add_under(file, kGeneratorPrefix, state.generators);
  add_under(file, kWeightsPrefix, state.weights);
  save_with_checksums(path, std::move(file));
}

void save_with_checksums(const std::filesystem::path& path, TensorFile file) {
  quantise(file);
  add_checksums(file);
  write_safetensors(path, file);
}

std::filesystem::path training_state_path(const std::filesystem::path& model_path) {
  std::filesystem::path path = model_path;
  return path.replace_extension(".train.safetensors");
}

CheckpointInfo read_checkpoint_info(const std::filesystem::path& path) {
  return read_checkpoint_info(read_tensor_index(FileSource(path)).metadata, path.string());  // a .pth has none
}

ClassOrder read_class_order(const std::filesystem::path& path, const WantedClasses& wanted) {
  return order_of(read_tensor_index(FileSource(path)).metadata, wanted, path.string());
}

namespace {

ImportRequest request_of(const std::filesystem::path& path) {
  return {"checkpoint " + path.string(), "", std::string(kOwnNames), {}};
}

void require_fit(const TensorIndex& index, const state::StateStore& store, const ImportRequest& request) {
  if (const auto unknown = unknown_names(store, index); !unknown.empty()) {
    throw Error(request.what + " is of another model: this one has no \"" + printable_line(unknown.front()) + "\"" +
                (unknown.size() > 1 ? " and " + std::to_string(unknown.size() - 1) + " more of its tensors" : ""));
  }
  checkpoint::require_fit(store, outline_of(index), request);
}

// As its tensors are read.
TensorIndex index_of(const std::filesystem::path& path) {
  TensorIndex index = read_tensor_index(FileSource(path));
  dequantise(index, path.string());
  return index;
}

uint64_t bytes_of(const TensorIndex& index) {
  uint64_t bytes = 0;  // no more than the file's
  for (const StoredBytes& storage : index.storages) bytes += storage.bytes;
  return bytes;
}

}  // namespace

void require_fit(const std::filesystem::path& path, const state::StateStore& store) {
  require_fit(index_of(path), store, request_of(path));
}

void load_model(const std::filesystem::path& path, state::StateStore& store, const Loading& loading) {
  const TensorIndex index = index_of(path);
  ImportRequest request = request_of(path);
  request.order = order_of(index.metadata, loading.wanted, path.string());
  request.require_sound_values = loading.require_sound_values;
  require_fit(index, store, request);  // before any of them is read
  import_weights(store, read_tensor_file(path), request);
  store.quantise(read_quantisation(index.metadata, path.string()));
}

TrainingState load_training_state(const std::filesystem::path& path, const ClassOrder& order, uint64_t most_bytes) {
  const uint64_t bytes = bytes_of(read_tensor_index(FileSource(path)));
  if (bytes > most_bytes) {
    throw Error(path.string() + ": damaged: expected the state of a training of at most " + std::to_string(most_bytes) +
                " bytes, found " + std::to_string(bytes));
  }
  const TensorFile file = read_tensor_file(path);
  TrainingNumbers numbers = read_training_numbers(file.metadata, path.string());
  TrainingState state;
  state.step = numbers.step;
  state.epoch = numbers.epoch;
  state.batch = numbers.batch;
  state.seed = numbers.seed;
  state.optimizer = under(file, kOptimizerPrefix, order);
  state.generators = under(file, kGeneratorPrefix, {});
  state.weights = under(file, kWeightsPrefix, order);
  state.average_updates = numbers.average_updates;
  state.scores = std::move(numbers.scores);
  state.loss_scale = numbers.loss_scale;
  state.loss_scale_steps = numbers.loss_scale_steps;
  state.interval = std::move(numbers.interval);
  require_moderate_values(file.tensors, path.string());
  require_bytes(state.generators, path.string());
  return state;
}

}  // namespace sshost::checkpoint
