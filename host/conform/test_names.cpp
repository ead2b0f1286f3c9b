#include <sshost/abi/checkpoint_names.h>
#include <map>
#include <string>

#include "bridge/boundary.h"
#include "conform/network.h"
#include "conform/test.h"
#include "model/names.h"

namespace sshost::conform {
namespace {

// Asks the plugin itself: the host asks only for what it lists.
uint32_t rules_of_no_format(const Subject& subject, const Network& network) {
  const auto* table =
      static_cast<const ss_checkpoint_names_table*>(subject.component->capability(SS_CHECKPOINT_NAMES_1));
  if (table == nullptr) return 0;
  uint32_t count = 0;
  ss_names_query query{};
  query.size = sizeof query;
  query.role = SS_ROLE_HEAD;
  query.format = bridge::to_ss_string("a format that nobody knows");
  query.rule_size = sizeof(ss_name_rule);
  const ss_name_sink sink = {&count, [](void* self, const ss_name_rule*) -> ss_status {
                               ++*static_cast<uint32_t*>(self);
                               return SS_OK;
                             }};
  network.instance().call([&] { return table->rules(network.instance().self(), &query, &sink); });
  return count;
}

void require_one_to_one(Network& network, const std::string& format, ss_role role) {
  const std::vector<model::NameRule> rules = network.instance().rules({role, format, 0, 1, false});
  std::map<std::string, std::string> owners;
  for (const state::StateEntry& entry : network.store()) {
    const std::string key = entry.name.substr(entry.name.find('.') + 1);
    const auto name = model::apply_rules(rules, key);
    if (!name) continue;
    const auto [owner, is_new] = owners.emplace(*name, key);
    if (!is_new)
      throw Broken("format \"" + format + "\" names both \"" + owner->second + "\" and \"" + key + "\" \"" + *name +
                   "\"");
  }
}

void run(const Subject& subject) {
  Network network(subject);
  const std::vector<std::string> formats = network.instance().formats();
  if (formats.empty()) throw Skipped("it knows no names of published checkpoints");
  const uint32_t count = rules_of_no_format(subject, network);
  if (count > 0) throw Broken("it emits " + std::to_string(count) + " rules for a format that it does not list");
  const std::string kind = plugin::word_of_kind(subject.component->kind());
  const ss_role role = kind == "backbone" ? SS_ROLE_BACKBONE : kind == "memory" ? SS_ROLE_MEMORY : SS_ROLE_HEAD;
  for (const std::string& format : formats) require_one_to_one(network, format, role);
}

}  // namespace

extern const Test kNames = {"names",
                            "rules of names are one-to-one, and there are none for formats that it does not know",
                            {"checkpoint_names.h", "Emits the rules of one format; none where it does not know it."},
                            "backbone head memory",
                            run};

}  // namespace sshost::conform
