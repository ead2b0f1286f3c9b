#include <sshost/abi/backbone.h>
#include <sshost/abi/dataset.h>
#include <sshost/abi/head.h>
#include <sshost/abi/memory.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <set>
#include <utility>

#include "config/checker.h"
#include "config/component_reader.h"
#include "config/default_transforms.h"
#include "config/host_type.h"
#include "config/parse_yaml.h"
#include "config/pipeline.h"
#include "config/prediction_formats.h"
#include "config/sections.h"

namespace sshost::config {

namespace {

using Value = ss_options_object;

constexpr std::size_t kLongestName = 200;  // of a run: "-001" comes behind it

constexpr const char* kSteps[] = {"train", "evaluate", "predict"};  // of a run, in their order

bool is_device(const std::string& device) {
  if (device == "cpu" || device == "cuda") return true;
  const bool indexed = device.starts_with("cuda:") && device.size() > 5 && device.size() <= 8;
  return indexed && std::all_of(device.begin() + 5, device.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void make_list_at(Node& root, std::string_view section, std::string_view key) {
  Node::Entry* map = root.find_entry(section);
  Node::Entry* entry = map ? map->value.find_entry(key) : nullptr;
  if (entry) make_list_of(entry->value);
}

// One map of losses is a list of one, and so is a threshold.
Node with_lists(Node root) {
  make_list_at(root, "model", "loss");
  make_list_at(root, "evaluate", "threshold");
  return root;
}

class PipelineReader {
 public:
  PipelineReader(const Node& root, const SchemaSource& schemas, const HostTypes& types, Problems& problems)
      : root_(with_lists(root)), problems_(problems), types_(types), components_(schemas, types, problems) {}

  Pipeline read() {
    const std::vector<std::string> host_keys{"extends"};
    tree_ = check_options(root_, &pipeline_schema().abi(), "the pipeline", host_keys, problems_);
    Pipeline pipeline = pipeline_section().read(tree_);
    pipeline.model.in_channels = pipeline.data.channels;
    read_run(pipeline);
    read_data(pipeline.data);
    read_model(pipeline.model);
    read_train(pipeline.train, pipeline.run);
    read_evaluate(pipeline.evaluate, pipeline);
    pipeline.resolved = std::move(tree_);
    return pipeline;
  }

 private:
  void error(std::string_view path, std::string_view message) {
    problems_.error(deepest_at(root_, path).place, path, message);
  }

  // A value of the tree, to be replaced by what was read from an opaque map.
  Value& slot(std::initializer_list<std::string_view> path) {
    Value* value = &tree_;
    for (const std::string_view key : path) value = &value->at(key);
    return *value;
  }

  // What stands at `path`, or nullptr where it is absent, null or not a map: the checker has reported that.
  const Node* map_at(std::string_view path) const {
    const Node& node = deepest_at(root_, path);
    return node.key_path == path && node.is_map() ? &node : nullptr;
  }

  void check_order(const std::vector<std::string>& run) {
    std::vector<std::size_t> places;
    for (const std::string& step : run) {
      const auto found = std::find(std::begin(kSteps), std::end(kSteps), step);
      if (found == std::end(kSteps)) return;  // reported
      places.push_back(static_cast<std::size_t>(found - std::begin(kSteps)));
    }
    for (std::size_t i = 1; i < places.size(); ++i) {
      if (places[i] > places[i - 1]) continue;
      const std::string found = places[i] == places[i - 1] ? run[i] + " twice" : run[i] + " behind " + run[i - 1];
      return error("run", "expected train, evaluate, predict in this order, each at most once; found " + found);
    }
  }

  void read_run(Pipeline& pipeline) {
    check_order(pipeline.run);
    if (!is_device(pipeline.device)) error("device", "expected cpu, cuda or cuda:N, found \"" + pipeline.device + "\"");
    Value& name = slot({"name"});
    if (name.text.empty()) name = make_string(std::filesystem::path(root_.place.file.text()).stem().string());
    pipeline.name = name.text;
    require_folder_name(pipeline.name);
    Value& output = slot({"output"});
    const std::string folder = output.text.empty() ? "runs/" + pipeline.name : output.text;
    output = make_string(std::filesystem::absolute(folder).lexically_normal().string());
    pipeline.output = output.text;
  }

  // Runs lie in folders that are called so.
  void require_folder_name(const std::string& name) {
    const bool has_control =
        std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
    const bool is_long = name.size() > kLongestName;
    if (!has_control && !is_long && name != "." && name != ".." && name.find('/') == std::string::npos) return;
    error("name", "expected a name that a folder can have, without '/' and of " + std::to_string(kLongestName) +
                      " bytes at most, found \"" + name + "\"; `output` names a folder that lies elsewhere");
  }

  void read_split(const std::string& key, std::int64_t channels, SplitConfig& config) {
    config.is_default = !is_written("data." + key + ".transforms");
    if (config.is_default && channels != 3) {
      return error("data." + key + ".transforms",
                   "expected a list: without red, green and blue there is no default, since normalize needs the mean "
                   "and the deviation of each channel");
    }
    std::vector<Value> resolved;
    for (const Node& item : transforms_of(key)) {
      if (!item.is_map()) continue;
      const std::size_t before = problems_.count();
      auto read = components_.transform(item);
      // One of a plugin sees by itself where it stands.
      const HostType* type = read.config.component ? nullptr : find_type(types_.transforms, read.config.type);
      const ss_options_object& options = *read.config.options;
      if (type && key == "evaluate" && problems_.count() == before) require_fixed(item, *type, options);
      if (type && problems_.count() == before && type->check_channels) {
        type->check_channels(options, channels, item, problems_);
      }
      config.transforms.push_back(std::move(read.config));
      resolved.push_back(std::move(read.resolved));
    }
    slot({"data", key, "transforms"}) = make_list(std::move(resolved));
  }

  // Scores are resized to the label as it is stored: what moves, cuts off or adds pixels would be compared with others,
  // and what is drawn would give another score each time.
  void require_fixed(const Node& item, const HostType& type, const Value& options) {
    if (type.check_evaluated) type.check_evaluated(options, item.key_path, problems_);
    if (type.evaluates) return;
    problems_.error(item.place, join_path(item.key_path, "type"),
                    "expected " + evaluating() + ", found " + type.name +
                        ", which is for training: what is evaluated or predicted is compared with the label as it is "
                        "stored");
  }

  // "resize or normalize"
  std::string evaluating() const {
    std::string names;
    for (const HostType* type : types_.transforms) {
      if (type->evaluates) names += (names.empty() ? "" : " or ") + type->name;
    }
    return names;
  }

  // The written list, or the default for large images.
  std::vector<Node> transforms_of(const std::string& key) const {
    const std::string path = "data." + key + ".transforms";
    const Node& node = deepest_at(root_, path);
    if (is_written(path)) return node.items;
    Problems ignored;
    const std::string fallback = key == "train" ? default_train_transforms(kDefaultShorterSide)
                                                : default_evaluate_transforms(kDefaultShorterSide, false);
    return parse_yaml(fallback, root_.place.file, path, ignored).items;
  }

  void read_data(DataConfig& config) {
    if (const Node* node = map_at("data.dataset")) {
      auto read = components_.component(*node, SS_DATASET_1);
      config.dataset = std::move(read.config);
      slot({"data", "dataset"}) = std::move(read.resolved);
    }
    read_split("train", config.channels, config.train);
    read_split("evaluate", config.channels, config.evaluate);
  }

  std::optional<ComponentConfig> read_network(const std::string& key, std::string_view kind) {
    const Node* node = map_at("model." + key);
    if (!node) return std::nullopt;
    auto read = components_.network(*node, kind);
    slot({"model", key}) = std::move(read.resolved);
    return std::move(read.config);
  }

  void read_model(ModelConfig& config) {
    if (config.independent) components_.expect_independent_outputs();
    if (config.background && !config.independent) {
      error("model.background", "expected only with model.outputs: independent");
    }
    if (auto backbone = read_network("backbone", SS_BACKBONE_1)) config.backbone = std::move(*backbone);
    config.head = read_network("head", SS_HEAD_1);
    config.memory = read_network("memory", SS_MEMORY_1);
    if (config.independent && config.memory) {
      error("model.outputs",
            "expected exclusive with a memory, which keeps what is seen of a pixel's one class; found "
            "independent");
    }
    const bool wrong_kind = is_written("model.head") || is_written("model.memory");
    if (!config.head && !config.memory && !wrong_kind)
      error("model", "expected a head, a memory, or both; found neither");
    const Node* model = root_.find("model");
    auto losses = components_.losses(model ? model->find("loss") : nullptr, "model.loss");
    config.losses = std::move(losses.config);
    slot({"model", "loss"}) = std::move(losses.resolved);
    std::vector<Value> resolved;
    for (const Node& item : deepest_at(root_, "model.auxiliary").items) {
      if (!item.is_map()) continue;
      auto read = components_.auxiliary(item);
      config.auxiliary.push_back(std::move(read.config));
      resolved.push_back(std::move(read.resolved));
    }
    slot({"model", "auxiliary"}) = make_list(std::move(resolved));
  }

  bool is_written(std::string_view path) const {
    const Node& node = deepest_at(root_, path);
    return node.key_path == path && !node.is_null();
  }

  TypedConfig read_typed(const std::string& key, const HostTypeList& types, const std::string& default_type) {
    const std::string path = "train." + key;
    Node nothing;
    nothing.place = deepest_at(root_, path).place;
    nothing.key_path = path;
    const Node* node = map_at(path);
    auto read = components_.host_type(node ? *node : nothing, types, key, default_type);
    slot({"train", key}) = std::move(read.resolved);
    return std::move(read.config);
  }

  void check_length(const TrainConfig& config, const std::vector<std::string>& run) {
    if (config.epochs && config.steps) error("train.steps", "expected either epochs or steps, found both");
    const bool none = !config.epochs && !config.steps;
    // A value of a wrong kind is reported already and reads as null.
    const bool wrong = is_written("train.epochs") || is_written("train.steps");
    if (trains(run) && none && !wrong)
      error("train", "expected epochs or steps, the length of the training; found neither");
  }

  void check_scored(const TrainConfig& config) {
    if (config.evaluate_every > 0 || config.evaluate_every_epochs) return;
    const auto check = [this](const std::string& key, bool given) {
      if (given) error(key, "expected together with train.evaluate_every or evaluate_every_epochs; found neither");
    };
    check("train.keep_best", config.keep_best > 0);
    check("train.early_stopping", config.early_stopping.has_value());
  }

  void read_train(TrainConfig& config, const std::vector<std::string>& run) {
    config.optimizer = read_typed("optimizer", types_.optimizers, "sgd");
    config.schedule = read_typed("schedule", types_.schedules, "poly");
    check_length(config, run);
    check_scored(config);
  }

  // "evaluate.<key>"; nothing where it is null or wrong, which is reported.
  std::optional<std::array<std::int64_t, 2>> read_window(const std::string& key, bool slides) {
    const std::string path = "evaluate." + key;
    const Value& value = tree_.at("evaluate").at(key);
    if (value.children.empty()) {
      if (!slides || is_written(path)) return std::nullopt;
      error("evaluate", "mode: slide needs " + key + ": {height: ..., width: ...}; found none");
      return std::nullopt;
    }
    if (!slides) error(path, "expected only with mode: slide; found it with mode: whole");
    const Size size = size_of(value);
    return std::array<std::int64_t, 2>{size.height, size.width};
  }

  std::optional<SlideConfig> read_slide() {
    const bool slides = tree_.at("evaluate").at("mode").text == "slide";
    const auto crop_size = read_window("crop_size", slides);
    const auto stride = read_window("stride", slides);
    if (!crop_size || !stride) return std::nullopt;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      if ((*stride)[axis] <= (*crop_size)[axis]) continue;
      error("evaluate.stride", "expected at most crop_size, " + std::to_string((*crop_size)[axis]) + ", found " +
                                   std::to_string((*stride)[axis]) + ": windows would leave pixels out");
    }
    return SlideConfig{*crop_size, *stride};
  }

  void require_for_several(const std::vector<std::string>& formats) {
    for (const std::string& format : formats) {
      if (has_several_classes(format)) continue;
      error("evaluate.prediction_formats",
            "expected masks, overlay, probabilities or probabilities_float16 with model.outputs: independent; found " +
                format + ", which has one class for each pixel");
    }
  }

  std::vector<std::string> read_prediction_formats(bool independent) {
    Value& written = slot({"evaluate", "prediction_formats"});
    if (independent && !is_written("evaluate.prediction_formats")) {
      written = make_list({make_string("masks"), make_string("overlay")});
    }
    std::vector<std::string> formats = strings_of(written);
    const std::set<std::string> different(formats.begin(), formats.end());
    const std::string key = "evaluate.prediction_formats";
    if (different.size() < formats.size()) error(key, "expected each format once, found one twice");
    if (independent) require_for_several(formats);
    if (different.contains("probabilities") && different.contains("probabilities_float16")) {
      error(key, "expected probabilities or probabilities_float16, found both: they have the same files");
    }
    return formats;
  }

  static bool trains(const std::vector<std::string>& run) {
    return std::find(run.begin(), run.end(), "train") != run.end();
  }

  void read_evaluate(EvaluateConfig& config, const Pipeline& pipeline) {
    const ModelConfig& model = pipeline.model;
    if (config.precision == "int8" && trains(pipeline.run)) {
      error("evaluate.precision",
            "expected int8 only without train in `run`: it needs a checkpoint that `sshost quantize` "
            "wrote, and training leaves none");
    }
    if (!model.independent && is_written("evaluate.threshold")) {
      error("evaluate.threshold",
            "expected only with model.outputs: independent; the class of a pixel is the likeliest");
    }
    config.slide = read_slide();
    if (config.passes > 1 && !model.memory) {
      error("evaluate.passes", "expected 1, since the model has no memory that could use an earlier pass; found " +
                                   std::to_string(config.passes));
    }
    config.prediction_formats = read_prediction_formats(model.independent);
  }

  const Node root_;
  Problems& problems_;
  const HostTypes& types_;
  ComponentReader components_;
  Value tree_;  // becomes Pipeline::resolved
};

}  // namespace

std::vector<const ComponentConfig*> components_of(const Pipeline& pipeline) {
  std::vector<const ComponentConfig*> components{&pipeline.data.dataset, &pipeline.model.backbone};
  const auto add = [&](const auto& configs) {
    for (const auto& config : configs) {
      if (config.component) components.push_back(&*config.component);
    }
  };
  add(pipeline.data.train.transforms);
  add(pipeline.data.evaluate.transforms);
  add(pipeline.model.losses);
  if (pipeline.model.head) components.push_back(&*pipeline.model.head);
  if (pipeline.model.memory) components.push_back(&*pipeline.model.memory);
  for (const AuxiliaryConfig& auxiliary : pipeline.model.auxiliary) {
    components.push_back(&auxiliary.head);
    add(auxiliary.losses);
  }
  return components;
}

Pipeline read_pipeline(const Node& root, const SchemaSource& schemas, const HostTypes& types, Problems& problems) {
  Pipeline pipeline = PipelineReader(root, schemas, types, problems).read();
  pipeline.written = root;
  problems.throw_if_any();
  return pipeline;
}

}  // namespace sshost::config
