#include "config/component_reader.h"

#include <sshost/abi/head.h>
#include <sshost/abi/loss.h>
#include <sshost/abi/transform.h>

#include <algorithm>

#include "base/error.h"
#include "config/checker.h"
#include "config/component_type.h"
#include "config/nearest.h"
#include "config/phrase.h"
#include "config/scalar.h"
#include "config/sections.h"

namespace sshost::config {

namespace {

using Value = ss_options_object;
using Names = std::vector<std::string>;

Node with_entries(const Node& map, bool (*keep)(const std::string& key, const Names& names), const Names& names) {
  Node result = map;
  std::erase_if(result.entries, [&](const Node::Entry& entry) { return !keep(entry.key, names); });
  return result;
}

bool is_in(const std::string& key, const Names& names) {
  return std::find(names.begin(), names.end(), key) != names.end();
}

bool is_not_in(const std::string& key, const Names& names) { return !is_in(key, names); }

// "ss.head/1" -> "head"
std::string noun_of(std::string_view kind) {
  const std::string_view name = kind.substr(kind.find('.') + 1);
  return std::string(name.substr(0, name.find('/')));
}

// `type` first, then the host's keys, then the component's own.
void append(Value& map, const Value& options) {
  for (std::size_t i = 0; i < options.keys.size(); ++i) map.set(options.keys[i], options.children[i]);
}

// Whether the map names a type that is not the host's own.
bool is_of_plugin(const Node& map, const HostTypeList& own) {
  const Node* type = map.find("type");
  return type && type->is_scalar() && !type->scalar.empty() && !find_type(own, type->scalar);
}

std::string unknown_type(std::string_view what, const std::string& type, const HostTypeList& own) {
  const Names names = names_of(own);
  return "unknown " + std::string(what) + " \"" + type + "\"; there are: " + join_names(names) +
         suggestion(type, names);
}

// What the host has for the losses of plugins, beside their own options.
const Schema& loss_schema() {
  static const Schema schema({real("weight", "1", "multiplies the loss").at_least(0)});
  return schema;
}

}  // namespace

void make_list_of(Node& value) {
  if (!value.is_scalar() && !value.is_map()) return;
  Node list;
  list.kind = Node::Kind::kList;
  list.place = value.place;
  list.key_path = value.key_path;
  list.items.push_back(std::move(value));
  value = std::move(list);
}

std::string ComponentReader::read_type(const Node& map, const std::string& what) {
  const Node* type = map.find("type");
  const std::string path = join_path(map.key_path, "type");
  if (!type) {
    problems_.error(map.place, path, what + " needs a type");
    return "";
  }
  const bool text = type->is_scalar() && !type->scalar.empty() && (type->quoted || is_plain_text(type->scalar));
  if (text) return type->scalar;
  problems_.error(type->place, path, "expected the name of a " + what + ", found " + name_of(*type));
  return "";
}

Read<ComponentConfig> ComponentReader::component(const Node& map, std::string_view kind, const Names& host_keys,
                                                 const HostTypeList& own) {
  ComponentConfig config;
  config.kind = kind;
  config.key_path = map.key_path;
  config.type = read_type(map, noun_of(kind));
  const Node* type = map.find("type");
  config.place = type ? type->place : map.place;
  Value options = make_map(map.place);
  if (!config.type.empty()) {
    if (const auto file = split_type_path(config.type)) {
      config.type = absolute_path(file->path, config.place).string() + (file->name.empty() ? "" : ":" + file->name);
    }
    try {
      options = check_options(map, schemas_(kind, config.type), type->scalar, host_keys, problems_);
    } catch (const UsageError& error) {
      const bool is_path = split_type_path(config.type).has_value();
      problems_.error(config.place, join_path(map.key_path, "type"),
                      is_path || own.empty()
                          ? error.what()
                          : unknown_type(noun_of(kind), config.type, own) + "; of plugins: " + error.what());
    }
  }
  Value resolved = make_map(map.place);
  resolved.set("type", make_string(config.type, config.place));
  append(resolved, options);
  config.options = std::make_shared<const Value>(std::move(options));
  return {std::move(config), std::move(resolved)};
}

Read<ComponentConfig> ComponentReader::component(const Node& map, std::string_view kind) {
  return component(map, kind, {"type"});
}

void ComponentReader::add_weights(const Node& map, Read<ComponentConfig>& component) {
  const Node* node = map.find("weights");
  if (!node || node->is_null()) return;
  if (!node->written_for.empty() && !is_override(node->place)) {
    problems_.notice(map.key_path + ": dropped weights, written for " + node->written_for);
    return;
  }
  Value value =
      check_options(node->is_map() ? *node : map_of("path", *node), &weights_schema().abi(), "weights", {}, problems_);
  component.config.weights = weights_section().read(value);
  component.resolved.set("weights", std::move(value));
}

Read<ComponentConfig> ComponentReader::network(const Node& map, std::string_view kind) {
  Read<ComponentConfig> read = component(map, kind, {"type", "weights"});
  add_weights(map, read);
  return read;
}

Read<AuxiliaryConfig> ComponentReader::auxiliary(const Node& map) {
  const Names host_keys = names_of(auxiliary_schema().abi());
  Node own = with_entries(map, is_in, host_keys);
  for (Node::Entry& entry : own.entries) {
    if (entry.key == "feature" || entry.key == "loss") make_list_of(entry.value);
  }
  Value value = check_options(own, &auxiliary_schema().abi(), "an auxiliary head", {}, problems_);
  Read<std::vector<LossConfig>> losses = this->losses(own.find("loss"), join_path(map.key_path, "loss"));
  value.set("loss", std::move(losses.resolved));
  Node rest = with_entries(map, is_not_in, host_keys);
  Names all = host_keys;
  all.insert(all.end(), {"type", "weights"});
  Read<ComponentConfig> head = component(rest, SS_HEAD_1, all);
  add_weights(map, head);
  append(head.resolved, value);
  AuxiliaryConfig config = auxiliary_section().read(value);
  config.losses = std::move(losses.config);
  for (LossConfig& loss : config.losses) loss.factor = config.loss_weight;
  config.head = std::move(head.config);
  return {std::move(config), std::move(head.resolved)};
}

Read<std::vector<LossConfig>> ComponentReader::losses(const Node* list, const std::string& key_path) {
  Node nothing;
  nothing.key_path = key_path;
  std::vector<Node> items{nothing};
  if (list && list->is_list()) items = list->items;
  Read<std::vector<LossConfig>> read;
  std::vector<Value> resolved;
  for (const Node& item : items) {
    if (!item.is_map() && !item.is_null()) continue;  // the checker has reported it
    const std::size_t before = problems_.count();
    Read<LossConfig> one = loss(item);
    if (problems_.count() == before && !one.config.component) require_fit(item, one.config.type);
    read.config.push_back(std::move(one.config));
    resolved.push_back(std::move(one.resolved));
  }
  const bool is_one_map = items.size() == 1 && items.front().key_path == key_path;
  if (is_one_map && !resolved.empty()) {
    read.resolved = std::move(resolved.front());
  } else {
    read.resolved = make_list(std::move(resolved));
  }
  return read;
}

Read<LossConfig> ComponentReader::loss(const Node& map) {
  if (is_of_plugin(map, types_.losses)) return loss_of_plugin(map);
  auto read = host_type(map, types_.losses, "loss", independent_ ? kIndependentLoss : kDefaultLoss);
  return {{.type = std::move(read.config.type), .options = std::move(read.config.options), .key_path = map.key_path},
          std::move(read.resolved)};
}

Read<LossConfig> ComponentReader::loss_of_plugin(const Node& map) {
  const Names host_keys = names_of(loss_schema().abi());
  Value value = check_options(with_entries(map, is_in, host_keys), &loss_schema().abi(), "a loss", {}, problems_);
  Read<ComponentConfig> read = component(with_entries(map, is_not_in, host_keys), SS_LOSS_1, {"type"}, types_.losses);
  append(read.resolved, value);
  LossConfig config{.type = read.config.type,
                    .options = std::make_shared<const Value>(std::move(value)),
                    .key_path = map.key_path,
                    .component = std::move(read.config)};
  return {std::move(config), std::move(read.resolved)};
}

Read<TypedConfig> ComponentReader::transform(const Node& map) {
  if (!is_of_plugin(map, types_.transforms)) return host_type(map, types_.transforms, "transform");
  Read<ComponentConfig> read = component(map, SS_TRANSFORM_1, {"type"}, types_.transforms);
  TypedConfig config{read.config.type, read.config.options, std::move(read.config)};
  return {std::move(config), std::move(read.resolved)};
}

void ComponentReader::require_fit(const Node& item, const std::string& loss) {
  const Names fitting = names_of(losses_for(types_.losses, independent_));
  if (is_in(loss, fitting)) return;
  const Node* type = item.find("type");
  problems_.error(type ? type->place : item.place, join_path(item.key_path, "type"),
                  "expected one of " + join_names(fitting) + " with model.outputs: " +
                      (independent_ ? "independent, where a pixel may be of several classes or none"
                                    : "exclusive, where a pixel is of one class") +
                      "; found " + loss);
}

Read<TypedConfig> ComponentReader::host_type(const Node& map, const HostTypeList& types, std::string_view what,
                                             const std::string& default_type) {
  TypedConfig config;
  config.type = map.find("type") || default_type.empty() ? read_type(map, std::string(what)) : default_type;
  Value options = make_map(map.place);
  if (const HostType* found = find_type(types, config.type)) {
    const Names host_keys{"type"};
    const std::size_t before = problems_.count();
    options = check_options(map, &found->schema.abi(), found->name, host_keys, problems_);
    if (problems_.count() == before && found->check) found->check(options, map.key_path, problems_);
  } else if (!config.type.empty()) {
    const Node* type = map.find("type");
    problems_.error(type->place, type->key_path, unknown_type(what, config.type, types));
  }
  Value resolved = make_map(map.place);
  resolved.set("type", make_string(config.type));
  append(resolved, options);
  config.options = std::make_shared<const Value>(std::move(options));
  return {std::move(config), std::move(resolved)};
}

}  // namespace sshost::config
