#include "plugin/descriptor.h"

#include <algorithm>
#include <set>
#include <utility>

#include "plugin/checked_text.h"
#include "plugin/refusal.h"
#include "plugin/schema_check.h"
#include "plugin/submission_check.h"
#include "plugin/text.h"

namespace sshost::plugin {
namespace {

constexpr uint32_t kMostEntries = 4096;  // of any list in a descriptor; a longer one is garbage

// A function table as what it is in memory: function pointers one after the other, each of which has to be there.
struct Kind {
  std::string_view id;
  std::vector<const char*> functions;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {SS_BACKBONE_1, {"create", "destroy", "features", "forward"}},
      {SS_HEAD_1, {"create", "destroy", "channels", "inputs", "embed", "classify"}},
      {SS_MEMORY_1, {"create", "destroy", "forward", "statistics", "apply", "after_update", "release"}},
      {SS_DATASET_1, {"create", "destroy", "info", "count", "describe", "open_reader", "close_reader", "read"}},
      {SS_TRANSFORM_1, {"create", "destroy", "sizes", "apply"}},
      {SS_LOSS_1, {"create", "destroy", "info", "compute"}}};
  return all;
}
static_assert(sizeof(ss_backbone_table) == 4 * sizeof(void*) && sizeof(ss_head_table) == 6 * sizeof(void*) &&
              sizeof(ss_memory_table) == 7 * sizeof(void*) && sizeof(ss_dataset_table) == 8 * sizeof(void*) &&
              sizeof(ss_transform_table) == 4 * sizeof(void*) && sizeof(ss_loss_table) == 4 * sizeof(void*));

const Kind* find_kind(std::string_view id) {
  const auto found = std::find_if(kinds().begin(), kinds().end(), [&](const Kind& kind) { return kind.id == id; });
  return found == kinds().end() ? nullptr : &*found;
}

void check_list(uint32_t count, const void* pointer, const std::string& what) {
  if (count > kMostEntries) throw Refused("the plugin claims " + std::to_string(count) + " " + what);
  if (count > 0 && pointer == nullptr) throw Refused("the list of the plugin's " + what + " is a null pointer");
}

void check_table(const Kind& kind, const void* table, const std::string& what) {
  if (table == nullptr) throw Refused("the function table of " + what + " is a null pointer");
  const auto* functions = static_cast<void* const*>(table);
  for (size_t i = 0; i < kind.functions.size(); ++i) {
    if (functions[i] == nullptr) {
      throw Refused("the function `" + std::string(kind.functions[i]) + "` of " + what + " is a null pointer");
    }
  }
}

// Of the further capabilities that the host asks for without an instance.
void check_capabilities(const ss_component& component, const std::string& what) {
  if (component.get == nullptr || view(component.kind) != SS_DATASET_1) return;
  const void* table = component.get(to_abi(SS_DATASET_SUBMISSION_1));
  if (table != nullptr) check_submissions(*static_cast<const ss_submission_table*>(table), what);
}

// Gives the component's kind and name, which have to be unique in the plugin.
std::pair<std::string_view, std::string_view> check_component(const ss_component* component, uint32_t index) {
  const std::string place = "component " + std::to_string(index);
  if (component == nullptr) throw Refused(place + " is a null pointer");
  if (!SS_HAS(ss_component, component, get)) {
    throw Refused(place + " has no valid size: expected at least " +
                  std::to_string(offsetof(ss_component, get) + sizeof(component->get)) + " bytes, found " +
                  std::to_string(component->size));
  }
  const std::string_view kind_id = checked_text(component->kind, "the kind of " + place);
  if (kind_id.empty()) throw Refused("the kind of " + place + " is empty");
  const std::string_view name = checked_name(component->name, "the name of " + place);
  const std::string what = std::string(kind_id) + " \"" + std::string(name) + "\"";
  checked_text(component->text, "the help of " + what);
  if (const Kind* kind = find_kind(kind_id)) {
    check_table(*kind, component->table, what);
    if (component->options != nullptr) check_schema(component->options, what);
    check_capabilities(*component, what);
  }
  return {kind_id, name};
}

void check_texts(const ss_string* texts, uint32_t count, const std::string& what) {
  check_list(count, texts, what);
  for (uint32_t i = 0; i < count; ++i) checked_text(texts[i], "entry " + std::to_string(i) + " of the " + what);
}

}  // namespace

const std::vector<std::string_view>& known_kinds() {
  static const std::vector<std::string_view> ids = [] {
    std::vector<std::string_view> list;
    for (const Kind& kind : kinds()) list.push_back(kind.id);
    return list;
  }();
  return ids;
}

bool is_known_kind(std::string_view kind) { return find_kind(kind) != nullptr; }

void check_descriptor(const ss_plugin* plugin) {
  if (plugin == nullptr) throw Refused("its entry function gave no descriptor");
  if (!SS_HAS(ss_plugin, plugin, needed_operator_count)) {
    throw Refused("its descriptor has no valid size: expected at least " +
                  std::to_string(offsetof(ss_plugin, needed_operator_count) + sizeof(uint32_t)) + " bytes, found " +
                  std::to_string(plugin->size));
  }
  checked_name(plugin->name, "the plugin's name");
  checked_text(plugin->version, "the plugin's version");
  check_texts(plugin->needed_capabilities, plugin->needed_capability_count, "needed capabilities");
  check_texts(plugin->needed_operators, plugin->needed_operator_count, "needed operators");
  check_list(plugin->component_count, plugin->components, "components");
  if (plugin->component_count == 0) throw Refused("it offers no component");
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (uint32_t i = 0; i < plugin->component_count; ++i) {
    const auto [kind, name] = check_component(plugin->components[i], i);
    if (!seen.insert({kind, name}).second) {
      throw Refused("it offers " + std::string(kind) + " \"" + std::string(name) + "\" twice");
    }
  }
}

void check_needs(const ss_plugin& plugin, const ss_host& host,
                 const std::function<bool(std::string_view)>& has_operator) {
  std::string missing;
  const auto add = [&](const char* what, std::string_view name) {
    missing += std::string(missing.empty() ? "" : ", ") + what + " \"" + std::string(name) + "\"";
  };
  for (uint32_t i = 0; i < plugin.needed_capability_count; ++i) {
    const ss_string id = plugin.needed_capabilities[i];
    if (host.get(&host, id) == nullptr) add("capability", view(id));
  }
  for (uint32_t i = 0; i < plugin.needed_operator_count; ++i) {
    const std::string_view name = view(plugin.needed_operators[i]);
    if (!has_operator(name)) add("operator", name);
  }
  if (missing.empty()) return;
  throw Refused("it needs what this host does not have: " + missing + "; use a newer sshost");
}

}  // namespace sshost::plugin
