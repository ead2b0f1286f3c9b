#include "model/instance.h"

#include <algorithm>

#include "base/utf8.h"
#include "bridge/boundary.h"
#include "plugin/kept_process.h"

namespace sshost::model {

Instance::Instance(const plugin::Component& component, std::string_view role, state::Builder& builder,
                   const Create& create, void (*destroy)(void*))
    : Callee(std::string(role) + " " + std::string(component.name()) + " (" + component.path.string() + ")"),
      destroy_(destroy),
      names_(static_cast<const ss_checkpoint_names_table*>(component.capability(SS_CHECKPOINT_NAMES_1))) {
  if (names_ != nullptr && (names_->formats == nullptr || names_->rules == nullptr)) {
    broken(SS_CHECKPOINT_NAMES_1, "a table without a NULL", "one");
  }
  const plugin::AtWork at_work(who());
  const plugin::KeptProcess kept;
  const ss_status status = bridge::call_plugin(who(), [&] { return create(&builder, &self_); });
  layers_ = builder.take_layers();
  check(status);
}

Instance::~Instance() {
  const plugin::AtWork at_work(who());
  destroy_(self_);
}

std::vector<std::string> Instance::formats() const {
  if (names_ == nullptr) return {};
  const auto texts = read_list<ss_string>(*this, "the list of formats", [this](ss_string* out, uint32_t* count) {
    return names_->formats(self_, out, count);
  });
  std::vector<std::string> formats;
  formats.reserve(texts.size());
  for (const ss_string& text : texts) formats.push_back(checked_text(text, "a format"));
  return formats;
}

namespace {

std::string read_text(const ss_string& text, const char* what) {
  if (text.size > 0 && text.data == nullptr) throw Error(std::string(what) + " of a name rule is a null pointer");
  if (!is_utf8(bridge::view(text))) throw Error(std::string(what) + " of a name rule is not UTF-8");
  return std::string(bridge::view(text));
}

NameRule read_rule(const ss_name_rule* rule) {
  if (rule == nullptr || !SS_HAS(ss_name_rule, rule, theirs)) {
    throw Error("an ss_name_rule is NULL or its `size` is too small");
  }
  NameRule read{read_text(rule->ours, "`ours`"), read_text(rule->theirs, "`theirs`"), {}};
  if (!SS_HAS(ss_name_rule, rule, changes)) return read;
  for (uint32_t i = 0; i < rule->change_count; ++i) read.changes.push_back(read_change(rule->changes[i]));
  if (!SS_HAS(ss_name_rule, rule, flags)) return read;
  read.optional = (rule->flags & SS_NAME_OPTIONAL) != 0;
  return read;
}

}  // namespace

std::vector<NameRule> Instance::rules(const NamesQuery& asked) const {
  std::vector<NameRule> rules;
  const std::vector<std::string> listed = formats();
  if (std::find(listed.begin(), listed.end(), asked.format) == listed.end()) return rules;
  const ss_names_query query = {.size = sizeof query,
                                .role = asked.role,
                                .format = bridge::to_ss_string(asked.format),
                                .index = asked.index,
                                .siblings = asked.siblings,
                                .rule_size = sizeof(ss_name_rule),
                                .flags = static_cast<uint32_t>(asked.read_by_head ? SS_NAMES_READ_BY_HEAD : 0)};
  const ss_name_sink sink = {
      &rules, [](void* self, const ss_name_rule* rule) {
        return bridge::guarded([&] { static_cast<std::vector<NameRule>*>(self)->push_back(read_rule(rule)); });
      }};
  call([&] { return names_->rules(self_, &query, &sink); });
  return rules;
}

}  // namespace sshost::model
