#ifndef SSHOST_CHECKPOINT_CHECKPOINT_H
#define SSHOST_CHECKPOINT_CHECKPOINT_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint/class_order.h"
#include "checkpoint/metadata.h"
#include "checkpoint/tensor_file.h"
#include "state/state_store.h"

namespace sshost::checkpoint {

// A model's checkpoint is a safetensors file: the parameters and persistent buffers under their own names
// ("backbone.*", "head.*", ...), and as metadata all that is needed to build the model again (CheckpointInfo), with a
// checksum of everything (checksum.h). Of a model that runs in int8 it is smaller (quantised_file.h).

// What else a run needs to go on as if it had not stopped. Kept beside the model's file (training_state_path), so that
// whoever only wants the model does not carry it along.
struct TrainingState {
  int64_t step = 0;   // optimiser steps done
  int64_t epoch = 1;  // of the next batch; from 1 on
  int64_t batch = 0;  // of the epoch, to be read next: order and random crops follow from (seed, epoch, batch)
  uint64_t seed = 0;
  std::vector<std::pair<std::string, at::Tensor>> optimizer;   // by name
  std::vector<std::pair<std::string, at::Tensor>> generators;  // by name; uint8 states

  // Where the model's file holds a moving average of the weights: the weights themselves, by name, and how often they
  // were averaged.
  std::vector<std::pair<std::string, at::Tensor>> weights = {};
  int64_t average_updates = 0;

  std::vector<Score> scores = {};  // of the evaluations so far
  double loss_scale = 0;           // 0: losses are not scaled
  int64_t loss_scale_steps = 0;    // since it last changed
  IntervalSums interval = {};      // of all ranks
};

// Both replace a whole file or fail with an Error and leave an earlier one as it was (atomic_file.h). A run that may be
// resumed saves the training state first: a checkpoint is complete as soon as its model's file exists.
void save_model(const std::filesystem::path& path, const state::StateStore& store, const CheckpointInfo& info);
void save_training_state(const std::filesystem::path& path, const TrainingState& state);

// A file of one of these kinds, such as one whose tensors were changed, with checksums of what it holds now.
void save_with_checksums(const std::filesystem::path& path, TensorFile file);

// "step-000100.safetensors" -> "step-000100.train.safetensors".
std::filesystem::path training_state_path(const std::filesystem::path& model_path);

// Throws Error where the file is not a checkpoint of this program, or of a later format version.
CheckpointInfo read_checkpoint_info(const std::filesystem::path& path);

// What a model's file has to be like, and how its values become the model's.
struct Loading {
  bool require_sound_values = true;  // sound_values.h
  WantedClasses wanted = {};
};

// Throws as load_model does where names or shapes of the file's tensors are not those of the store. None is read.
void require_fit(const std::filesystem::path& path, const state::StateStore& store);

// Fills the store, whose tensors are those of `loading.wanted` where that names classes, and says how it runs in int8
// where the file does. Throws Error with every tensor that is missing, unknown, of another shape or with unsound values,
// UsageError where the classes are others, and changes nothing then.
void load_model(const std::filesystem::path& path, state::StateStore& store, const Loading& loading = {});

// Throws Error where it is damaged, has values that no training comes to, or tensors of more than `most_bytes` in all,
// which are not read then. With `order`, what it holds of classes is put in the model's order.
TrainingState load_training_state(const std::filesystem::path& path, const ClassOrder& order = {},
                                  uint64_t most_bytes = UINT64_MAX);

// How the classes of a model's file become those that are wanted (class_order.h).
ClassOrder read_class_order(const std::filesystem::path& path, const WantedClasses& wanted);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_CHECKPOINT_H
