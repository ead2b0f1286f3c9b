// How other people's checkpoints name a component's tensors. A component class that knows some offers
//
//   static constexpr std::string_view formats[] = {"torchvision", "sssegmentation"};
//   std::vector<ss::NameRule> names(const ss::NamesQuery& query) const;
//
// Each rule replaces a beginning of our keys by one of theirs, whole dotted parts at a time; of several that fit, the
// longest counts; `names` is asked for these formats alone. {"convs.0.norm", "decoder.1"} turns "convs.0.norm.weight"
// into "decoder.1.weight"; an empty `ours` fits every key. No rules: the component has no tensors in that format.
// A rule may also say how the values are stored there (ss::NameChange); a rule of the whole key leaves its siblings
// alone:
//
//   {"fuse.conv", "bottleneck.conv"},
//   {"fuse.conv.weight", "bottleneck.conv.weight", {ss::NameChange::permute_blocks(1, {4, 0, 1, 2, 3})}}
//
// The host runs the rules forwards for export and for rules on parameters, and backwards for import.
#ifndef SSHOST_NAMES_HPP
#define SSHOST_NAMES_HPP

#include <sshost/abi/checkpoint_names.h>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detail/component.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

enum class Role : ss_role {
  backbone = SS_ROLE_BACKBONE,
  head = SS_ROLE_HEAD,
  context = SS_ROLE_CONTEXT,  // the head whose representation a memory uses
  memory = SS_ROLE_MEMORY,
  auxiliary = SS_ROLE_AUXILIARY
};

struct NamesQuery {
  Role role;
  std::string_view format;
  uint32_t index;     // of an auxiliary head
  uint32_t siblings;  // how many auxiliary heads there are
  bool read_by_head;  // the head reads this auxiliary head's logits: together they are a cascade
};

struct GridResize {
  uint32_t axis = 0;
  uint64_t prefix = 0;             // values before the grid, such as one class token
  uint64_t rows = 0, columns = 0;  // of our grid; theirs is a square
  bool bicubic = false;            // else bilinear
};

// How a value of ours becomes theirs. Axes count from 0 on.
class NameChange {
 public:
  // Theirs has our block order[0] of the axis first, then order[1] and so on. `sizes` of our blocks; none: all equal.
  static NameChange permute_blocks(uint32_t axis, std::vector<uint32_t> order, std::vector<uint64_t> sizes = {}) {
    if (!sizes.empty() && sizes.size() != order.size()) {
      throw Error("permute_blocks: " + std::to_string(order.size()) + " blocks have " + std::to_string(sizes.size()) +
                  " sizes");
    }
    NameChange change(SS_NAME_CHANGE_PERMUTE_BLOCKS, axis);
    change.order_ = std::move(order);
    change.sizes_ = std::move(sizes);
    return change;
  }

  // Our axis [groups, n] is stored as [n, groups].
  static NameChange regroup(uint32_t axis, uint64_t groups) {
    NameChange change(SS_NAME_CHANGE_REGROUP, axis);
    change.abi_.groups = groups;
    return change;
  }

  // Positions on a grid, resized on import where the file has another one.
  static NameChange resize_grid(const GridResize& grid) {
    NameChange change(SS_NAME_CHANGE_RESIZE_GRID, grid.axis);
    change.abi_.prefix = grid.prefix;
    change.abi_.rows = grid.rows;
    change.abi_.columns = grid.columns;
    change.abi_.mode = grid.bicubic ? SS_GRID_BICUBIC : SS_GRID_BILINEAR;
    return change;
  }

  // Points into this object.
  ss_name_change abi() const {
    ss_name_change abi = abi_;
    abi.count = static_cast<uint32_t>(order_.size());
    abi.order = order_.data();
    abi.sizes = sizes_.empty() ? nullptr : sizes_.data();
    return abi;
  }

 private:
  NameChange(ss_name_change_kind kind, uint32_t axis) {
    abi_.size = sizeof abi_;
    abi_.kind = kind;
    abi_.axis = axis;
  }

  ss_name_change abi_{};
  std::vector<uint32_t> order_;
  std::vector<uint64_t> sizes_;
};

// Whether a file of the format has to have the tensor.
enum class Presence : uint32_t {
  required = 0,
  optional = SS_NAME_OPTIONAL  // ours keeps its value where the file has none
};

struct NameRule {
  std::string ours;
  std::string theirs;
  std::vector<NameChange> changes = {};
  Presence presence = Presence::required;
};

// Adds the rules of a convolution with a norm, whose parts are `ours`.conv and `ours`.norm here.
inline void add_conv_names(std::vector<NameRule>& rules, const std::string& ours, const std::string& conv,
                           const std::string& norm) {
  rules.push_back({ours + ".conv", conv});
  rules.push_back({ours + ".norm", norm});
}

template <class T>
concept HasNames = requires(const T& component, const NamesQuery& query) {
  { component.names(query) } -> std::same_as<std::vector<NameRule>>;
  T::formats;
};

namespace detail {

template <HasNames T>
struct NamesAdapter {
  static ss_status formats(void*, ss_string* out, uint32_t* count) {
    return guarded("formats", [&] {
      return fill(out, count, std::size(T::formats), [](std::size_t i) { return to_abi(T::formats[i]); });
    });
  }

  static ss_status rules(void* self, const ss_names_query* query, const ss_name_sink* sink) {
    return guarded("names", [&] {
      if (!lists(view(query->format))) return;
      const NamesQuery asked{static_cast<Role>(query->role), view(query->format), query->index, query->siblings,
                             read_by_head(*query)};
      const std::vector<NameRule> rules = static_cast<const T*>(self)->names(asked);
      if (!host_applies_changes(*query) && any_changes(rules)) return;
      for (const NameRule& rule : rules) emit(rule, *sink);
    });
  }

  // Of other formats `names` would give the keys of one that it lists.
  static bool lists(std::string_view format) {
    return std::find(std::begin(T::formats), std::end(T::formats), format) != std::end(T::formats);
  }

  static bool host_applies_changes(const ss_names_query& query) {
    return SS_HAS(ss_names_query, &query, rule_size) && query.rule_size >= SS_NAME_RULE_WITH_CHANGES;
  }

  static bool read_by_head(const ss_names_query& query) {
    return SS_HAS(ss_names_query, &query, flags) && (query.flags & SS_NAMES_READ_BY_HEAD) != 0;
  }

  static bool any_changes(const std::vector<NameRule>& rules) {
    return std::any_of(rules.begin(), rules.end(), [](const NameRule& rule) { return !rule.changes.empty(); });
  }

  static void emit(const NameRule& rule, const ss_name_sink& sink) {
    std::vector<ss_name_change> changes;
    for (const NameChange& change : rule.changes) changes.push_back(change.abi());
    std::vector<const ss_name_change*> pointers;
    for (const ss_name_change& change : changes) pointers.push_back(&change);
    const ss_name_rule abi{sizeof(ss_name_rule),
                           static_cast<uint32_t>(pointers.size()),
                           to_abi(rule.ours),
                           to_abi(rule.theirs),
                           pointers.data(),
                           static_cast<uint32_t>(rule.presence),
                           0};
    check(sink.emit(sink.self, &abi));
  }

  static constexpr ss_checkpoint_names_table table{formats, rules};
};

// What `ss_component.get` answers for the component class `T`.
template <class T>
const void* further_capability(ss_string id) {
  if constexpr (HasNames<T>) {
    if (view(id) == SS_CHECKPOINT_NAMES_1) return &NamesAdapter<T>::table;
  }
  return nullptr;
}

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
