#ifndef SSHOST_CHECKPOINT_METADATA_H
#define SSHOST_CHECKPOINT_METADATA_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/dataset_info.h"

namespace sshost::checkpoint {

// What our own files say beside their tensors: text in the metadata of a safetensors file, which a stranger may have
// written. Readers believe nothing, and throw Error with the file's `name`.
using Metadata = std::map<std::string, std::string>;

// What a model's file says: all that is needed to build the model again.
struct CheckpointInfo {
  std::string pipeline;                        // resolved, YAML
  data::DatasetInfo dataset;                   // classes with their palette
  std::map<std::string, std::string> plugins;  // name -> version
  int64_t step = 0;                            // optimiser steps done

  // Path -> SHA-256 of the plugins' libraries that do not come with sshost. Files of earlier versions have none.
  std::map<std::string, std::string> libraries = {};

  // How many samples it was trained with, and a digest of their names: "57 9f86d081884c7d65". Empty: not known.
  std::string samples = {};
};

// What one evaluation while training found.
struct Score {
  int64_t step = 0;
  double mean_iou = 0;  // in [0, 1], or not a number
};

// What the steps since the last line of metrics.jsonl add up to.
struct IntervalSums {
  int64_t steps = 0;
  std::vector<std::pair<std::string, double>> losses = {};  // by name
  double seconds = 0;
  double loading_seconds = 0;
  std::vector<int64_t> class_pixels = {};  // of each class in the labels
  int64_t ignored_pixels = 0;
};

// The numbers of a training state (TrainingState tells them).
struct TrainingNumbers {
  int64_t step = 0;
  int64_t epoch = 1;
  int64_t batch = 0;
  uint64_t seed = 0;
  int64_t average_updates = 0;
  std::vector<Score> scores = {};
  double loss_scale = 0;
  int64_t loss_scale_steps = 0;
  IntervalSums interval = {};
};

Metadata to_metadata(const CheckpointInfo& info);
Metadata to_metadata(const TrainingNumbers& numbers);

// Throw Error where the file is not of this program and of that kind, of a later format version, or where a number is
// one that no training comes to.
CheckpointInfo read_checkpoint_info(const Metadata& metadata, const std::string& name);
TrainingNumbers read_training_numbers(const Metadata& metadata, const std::string& name);

// Whether all are called by their numbers, as those of a model that was imported without its data set are: no names.
bool are_numbered(const std::vector<data::Class>& classes);

// The classes that a file of weights was made for; empty where it does not say: it is another program's, or they
// are numbered.
std::vector<data::Class> named_classes(const Metadata& metadata, const std::string& name);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_METADATA_H
