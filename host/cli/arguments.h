#ifndef SSHOST_CLI_ARGUMENTS_H
#define SSHOST_CLI_ARGUMENTS_H

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "config/scalar.h"

namespace sshost::cli {

// How much a command says, and to whom.
struct Talk {
  bool verbose = false;
  bool quiet = false;  // warnings, errors and what was asked for
  bool json = false;   // one JSON document on standard output; all else goes to standard error
};

// What the commands that work on a pipeline have in common.
struct PipelineArguments {
  std::string file;              // empty: the pipeline that is in the checkpoint
  std::vector<std::string> set;  // "model.head.type=psp"
  std::string checkpoint;
  std::string output;
  std::string device;
  std::vector<std::string> trust;  // libraries that may be loaded although only the checkpoint asks for them
  Talk talk;

  // `set` and the options that are short for an entry of it, which win.
  std::vector<std::string> overrides() const;
};

struct RunArguments : PipelineArguments {};

struct NewArguments {
  std::filesystem::path folder;
  std::filesystem::path output;  // empty: named after the folder
  Talk talk;
};

struct ValidateArguments : PipelineArguments {
  bool print = false;
};

struct PlanArguments : PipelineArguments {
  std::vector<int64_t> size;  // height, width; empty: the pipeline's
  int64_t repeat = 0;
  int64_t batch = 0;  // images of a training step; 0: the pipeline's
  bool training = false;
  bool measure = false;
  bool tsv = false;
};

struct PredictArguments : PipelineArguments {
  std::vector<std::filesystem::path> inputs;
  std::string split;
  std::vector<std::string> formats;
  std::filesystem::path folder = "predictions";
  bool stream = false;
  bool stops_at_first = false;

  // As PipelineArguments::overrides, with the options of this command.
  PipelineArguments pipeline() const;
};

struct QuantizeArguments : PipelineArguments {
  std::string target;
  int64_t calibration_images = 32;
  int64_t trial_images = 32;
  double most_changed = 0.5;  // %
  int64_t compared_images = 0;
};

struct ServeArguments {
  std::vector<std::string> models;  // "NAME=PATH", or a path
  std::vector<std::string> set;
  std::vector<std::string> trust;
  std::string device;
  std::string host = "127.0.0.1";
  int64_t port = 8000;
  std::filesystem::path token_file;
  bool open = false;
  int64_t batch = 8;
  int64_t gather = 2;
  int64_t queue = 64;
  int64_t seconds = 30;
  int64_t megabytes = 64;
  int64_t megapixels = 16;
  Talk talk;
};

struct ExportArguments {
  std::string model;  // a checkpoint, a run's folder or a pipeline
  std::string format = "onnx";
  std::string target;
  std::string kind = "logits";
  std::string normalise;      // "uint8", "float32"; empty: images are normalised before
  std::vector<int64_t> size;  // height, width; empty: any
  std::vector<std::string> set;
  std::vector<std::string> trust;
  Talk talk;
};

struct CompareArguments {
  std::vector<std::string> runs;
  std::filesystem::path output = "comparison.html";
  Talk talk;
};

struct PluginsListArguments {
  std::vector<std::filesystem::path> paths;
  Talk talk;
};

struct PluginsDescribeArguments {
  std::string type;
  std::vector<std::filesystem::path> paths;
  Talk talk;
};

struct PluginsWhyArguments {
  std::string type;
  std::vector<std::filesystem::path> paths;
  Talk talk;
};

struct PluginsNewArguments {
  std::string kind;
  std::string name;
  std::string language = "c++";
  Talk talk;
};

struct PluginsCheckArguments {
  std::filesystem::path library;
  std::string options;             // YAML
  std::vector<std::string> tests;  // by name; empty: all
  int64_t seconds = 60;            // for one test
  Talk talk;
};

struct DoctorArguments : PipelineArguments {
  int64_t limit = 0;
};

struct PreviewArguments : PipelineArguments {
  int64_t count = 12;
  int64_t width = 256;
  int64_t columns = 2;
  bool evaluate = false;
  std::string sheet = "preview.png";
};

struct MemoryInspectArguments {
  std::string file;
  std::vector<std::string> trust;
  std::string picture;
  int64_t nearest = 3;
  Talk talk;
};

struct MemoryDiffArguments {
  std::vector<std::string> files;
  std::vector<std::string> trust;
  Talk talk;
};

struct MemoryMergeArguments {
  std::vector<std::string> files;
  std::vector<std::string> trust;
  std::vector<double> weights;
  std::string target;
  Talk talk;
};

struct WeightsInspectArguments {
  std::string file;
  std::string part;
  bool brief = false;
  Talk talk;
};

struct WeightsImportArguments : PipelineArguments {
  std::string weights;
  std::string component;
  std::string format;
  std::string part;
  std::string prefix;
  std::string target;
  std::optional<int64_t> classes;
  bool skip_classifier = false;
  bool adapt_input = false;
  bool all = false;
};

struct WeightsExportArguments : PipelineArguments {
  std::string format = "sssegmentation";
  std::string target;
};

void add_pipeline_options(Command command, PipelineArguments& arguments);
void add_set_option(Command command, std::vector<std::string>& set);
void add_trust_option(Command command, std::vector<std::string>& trust);
void add_talk_options(Command command, Talk& talk);
void add_json_option(Command command, Talk& talk);

using config::quoted_yaml;

}  // namespace sshost::cli

#endif  // SSHOST_CLI_ARGUMENTS_H
