#ifndef SSHOST_CONFIG_PIPELINE_H
#define SSHOST_CONFIG_PIPELINE_H

#include <sshost/abi/options.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/host_type.h"
#include "config/node.h"
#include "config/option_value.h"
#include "config/problems.h"

namespace sshost::config {

// Weights that a component starts from.
struct WeightsConfig {
  std::string path;  // absolute
  // Whose names the file uses, such as "torchvision"; empty: each that the component knows is tried.
  std::string format;
  std::string part;              // of a .pth with several state dicts; empty: the usual ones are looked for
  std::string prefix;            // only the file's names that begin so, without it; empty: all
  bool skip_classifier = false;  // leave out what the file has for another number of classes
  bool adapt_input = false;      // fit a first convolution for RGB to data.channels
};

// A component of a plugin with its checked options.
struct ComponentConfig {
  std::string kind;      // "ss.head/1"
  std::string type;      // a name, or an absolute "/path/lib.so" or "/path/lib.so:name" (see component_type.h)
  Place place;           // of `type`
  std::string key_path;  // "model.head"
  std::shared_ptr<const ss_options_object> options;  // complete by the component's schema; never null
  std::optional<WeightsConfig> weights;              // of backbones, heads and memories
};

// One 3x3 convolution, batch norm and ReLU with this stride, shared by all chosen feature maps.
struct DownsampleConfig {
  std::int64_t stride = 2;
};

// What is accepted of files of weights, of Pipeline::checkpoint and of WeightsConfig alike.
struct WeightsRules {
  std::string classes = "same";      // same, by_name, by_number
  bool require_sound_values = true;  // NaN, infinite values and negative variances are refused
};

// What happens between the backbone and the heads.
struct FeaturesConfig {
  std::vector<std::int64_t> indices;  // maps of the backbone, also repeatedly, negative from the end; empty: all
  bool layer_norm = false;            // over channels, one for each chosen map
  std::optional<DownsampleConfig> downsample;
};

// A type that the host itself offers (config/host_type.h), or a plugin, with its checked options.
struct TypedConfig {
  std::string type;
  std::shared_ptr<const ss_options_object> options;  // never null
  std::optional<ComponentConfig> component = {};     // of a plugin, with the same options; nothing: it is the host's
};

using TransformConfig = TypedConfig;

// One of several losses that are added.
struct LossConfig {
  std::string type = "cross_entropy";
  // Null: the type's defaults. Of a plugin: those that the host has for every loss, `weight`.
  std::shared_ptr<const ss_options_object> options = nullptr;
  double factor = 1;                              // of the head that has it, beside the options' `weight`
  std::string key_path = "model.loss";            // or "model.loss.1" in a list
  std::optional<ComponentConfig> component = {};  // of a plugin, with its own options
};

struct AuxiliaryConfig {
  ComponentConfig head;
  std::vector<std::int64_t> features = {-2};        // of those that `model.features` chose; negative from the end
  std::vector<LossConfig> losses = {LossConfig{}};  // at least one; they are added
  double loss_weight = 0.4;                         // LossConfig::factor of the losses
};

struct ModelConfig {
  bool independent = false;               // each class by itself, with a sigmoid; else one class for each pixel
  std::optional<std::string> background;  // the data set's class that has no output; of independent ones
  ComponentConfig backbone;
  std::int64_t in_channels = 3;  // of images: those of data.channels
  FeaturesConfig features;
  std::optional<ComponentConfig> head;              // a head, a memory, or both
  std::optional<ComponentConfig> memory;            // with both, the head is the memory's context
  std::vector<LossConfig> losses = {LossConfig{}};  // at least one; they are added
  std::vector<AuxiliaryConfig> auxiliary;
};

struct SplitConfig {
  std::string split;
  std::vector<TransformConfig> transforms = {};  // in this order
  bool is_default = false;                       // the pipeline gives none (config/default_transforms.h)
};

struct DataConfig {
  ComponentConfig dataset;
  SplitConfig train = {.split = "train"};
  SplitConfig evaluate = {.split = "val"};
  std::int64_t channels = 3;              // of images; 3: RGB, whatever the files hold
  std::int64_t workers = 2;               // threads that read and transform; 0: the calling thread does
  std::string on_broken_sample = "stop";  // stop, skip
  bool strict_images = false;             // what a decoder complains of is broken

  bool skips_broken_samples() const { return on_broken_sample == "skip"; }
};

// A moving average of the parameters, which is what is evaluated and saved as the model.
struct EmaConfig {
  double decay = 0.999;  // share of the average that a step keeps
  bool warmup = true;    // keep less of it in the first steps
};

// An end before the last step, where the mean IoU no longer rises.
struct EarlyStoppingConfig {
  std::int64_t patience = 5;   // evaluations without an improvement
  double min_improvement = 0;  // of the mean IoU in [0, 1]: more than this counts as one
};

struct TrainConfig {
  std::optional<std::int64_t> epochs;  // exactly one of the two where `run` trains
  std::optional<std::int64_t> steps;
  std::int64_t batch_size = 8;
  std::int64_t accumulate = 1;        // batches a step
  std::string precision = "float32";  // float32, bfloat16, float16
  TypedConfig optimizer;
  TypedConfig schedule;
  std::optional<double> clip_norm;  // of all gradients together; above 0
  std::optional<EmaConfig> ema;
  std::int64_t log_every = 10;                    // steps
  std::int64_t save_every = 500;                  // steps; 0: only at the end
  std::optional<std::int64_t> save_every_epochs;  // goes before save_every
  std::int64_t keep_checkpoints = 2;              // the newest; at least 1
  std::int64_t keep_best = 0;                     // besides, those with the highest mean IoU
  std::optional<EarlyStoppingConfig> early_stopping;
  std::int64_t evaluate_every = 0;                    // steps; 0: never while training
  std::optional<std::int64_t> evaluate_every_epochs;  // goes before evaluate_every
  std::string on_nothing_to_learn = "stop";           // stop, warn
  bool resume = false;  // go on from `checkpoint`, or where it is absent from the newest one in the output folder
};

// Windows that slide over an image; each pair is height, width.
struct SlideConfig {
  std::array<std::int64_t, 2> crop_size;
  std::array<std::int64_t, 2> stride;  // at most crop_size
};

struct EvaluateConfig {
  std::vector<double> scales = {1.0};
  std::vector<double> thresholds = {0.5};  // of independent outputs, one or one for each: from this probability on
  bool flip = false;
  std::optional<SlideConfig> slide;  // nothing: the whole image at once
  bool average_probabilities = false;
  std::int64_t passes = 1;  // more than one: of models with a memory
  std::int64_t batch_size = 1;
  std::optional<std::string> precision;  // infer/precision.h; nothing: that of the checkpoint
  bool save_predictions = false;         // of every image
  std::vector<std::string> prediction_formats = {"palette", "overlay"};  // output/prediction_writer.h
  double f_beta = 1;                                                     // of the F-score
  double boundary_ratio = 0.02;    // of the image's diagonal, for the boundary IoU; 0: none
  std::int64_t report_images = 6;  // image, truth and prediction side by side in the report
};

// How several processes train together.
struct DistributedConfig {
  double timeout = 600;  // seconds that a rank waits for the others
  bool sync_batch_norm = true;
  std::string memory_update = "sum";  // sum, average
  bool allow_public = false;          // listen at addresses that the internet reaches
};

// A whole pipeline, checked and complete.
struct Pipeline {
  std::string name;  // for people; the file's name without its ending where it is not given
  std::vector<std::string> run = {"train", "evaluate"};  // and "predict", in this order, each at most once
  std::string device = "cpu";                            // "cpu", "cuda" or "cuda:N"
  std::uint64_t seed = 0;
  std::int64_t threads = 0;               // of operators; 0: as many as there are cores
  std::string output;                     // the run's folder, absolute; "runs/<name>" where it is not given
  std::vector<std::string> plugins;       // folders and libraries, absolute
  std::optional<std::string> checkpoint;  // absolute; weights to start from, a file or a run's folder
  WeightsRules weights;
  DataConfig data;
  ModelConfig model;
  TrainConfig train;
  EvaluateConfig evaluate;
  DistributedConfig distributed;
  ss_options_object
      resolved;  // the same as one value, with all defaults: to_yaml(resolved) reads back as this pipeline
  Node written;  // what was read, with the places of its values
};

// What comes from plugins: data set, transforms, backbone, head, memory, auxiliary heads and losses, those that there
// are.
std::vector<const ComponentConfig*> components_of(const Pipeline& pipeline);

// Finds the options of a component: nullptr where it has none. Throws UsageError for a type that there is not, or that
// is ambiguous, with a text that names what there is; the place is added to it.
using SchemaSource = std::function<const ss_schema*(std::string_view kind, std::string_view type)>;

// Checks all of a loaded pipeline; `types` are the host's own. Throws UsageError with every error in `problems` where
// there is any, those from loading included; what is dropped is left in its notices.
Pipeline read_pipeline(const Node& root, const SchemaSource& schemas, const HostTypes& types, Problems& problems);

// Help for every key of a pipeline, section by section, as `describe` prints it.
std::string describe_pipeline(const HostTypes& types);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_PIPELINE_H
