// Export of a plugin: the last line of its one source file that has it.
//
//   SSHOST_PLUGIN("psp", "1.0.0", ss::head<PyramidPooling, PspOptions>("psp", "pyramid pooling head of PSPNet"))
//
// Name and version of the plugin, then its components: ss::backbone, ss::head, ss::memory, ss::dataset, ss::transform
// and ss::loss, each with the class, the struct of its options, the pipeline's `type`, and a line of help.
#ifndef SSHOST_PLUGIN_HPP
#define SSHOST_PLUGIN_HPP

#include <sshost/abi/plugin.h>

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "detail/component.hpp"
#include "detail/operator.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace detail {

// The descriptor and all it points to.
class Plugin {
 public:
  template <class... Components>
  Plugin(std::string name, std::string version, const Components&... components)
      : name_(std::move(name)), version_(std::move(version)) {
    (add(components), ...);
    list<CapabilityEntry>(capabilities_);
    list<OperatorEntry>(operators_);
    abi_ = {sizeof(ss_plugin),
            static_cast<uint32_t>(pointers_.size()),
            to_abi(name_),
            to_abi(version_),
            pointers_.data(),
            capabilities_.data(),
            operators_.data(),
            static_cast<uint32_t>(capabilities_.size()),
            static_cast<uint32_t>(operators_.size())};
  }
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  const ss_plugin* abi() const { return &abi_; }

 private:
  template <Literal kind>
  void add(const Component<kind>& component) {
    const std::string& name = texts_.emplace_back(component.name);
    const std::string& text = texts_.emplace_back(component.text);
    components_.push_back({sizeof(ss_component), 0, to_abi(Component<kind>::kind.view()), to_abi(name), to_abi(text),
                           component.schema, component.table, component.get});
    pointers_.push_back(&components_.back());
  }

  template <class Entry>
  static void list(std::vector<ss_string>& out) {
    for (const Entry* entry = Entry::first; entry != nullptr; entry = entry->next) out.push_back(to_abi(entry->id));
    std::sort(out.begin(), out.end(), [](ss_string a, ss_string b) { return view(a) < view(b); });
  }

  std::string name_;
  std::string version_;
  std::deque<std::string> texts_;  // deques: what is in them stays where it is
  std::deque<ss_component> components_;
  std::vector<const ss_component*> pointers_;
  std::vector<ss_string> capabilities_;
  std::vector<ss_string> operators_;
  ss_plugin abi_{};
};

// Appends `kind` to the note's list unless it is there. All kinds together fit into the 120 bytes.
constexpr void append_kind(ss_note_description& note, std::size_t& end, std::string_view kind) {
  if (std::string_view(note.kinds, end).find(kind) != std::string_view::npos) return;
  if (end > 0) note.kinds[end++] = ' ';
  for (const char c : kind) note.kinds[end++] = c;
}

template <class... Components>
consteval ss_note make_note(const std::tuple<Components...>*) {
  ss_note note{sizeof(SS_NOTE_OWNER),
               sizeof(ss_note_description),
               SS_NOTE_TYPE,
               SS_NOTE_OWNER,
               {SS_ABI_MAJOR, SS_ABI_MINOR, ""}};
  std::size_t end = 0;
  (append_kind(note.description, end, Components::kind.view()), ...);
  return note;
}

}  // namespace detail
}  // namespace v1
}  // namespace ss

// The note is constant data that a host reads without loading the library, so only the components' types make it.
#define SSHOST_PLUGIN(plugin_name, plugin_version, ...)                                                       \
  __attribute__((used, section(SS_NOTE_SECTION), aligned(4))) static constinit const ss_note ss_plugin_note = \
      ss::detail::make_note(static_cast<decltype(std::tuple{__VA_ARGS__})*>(nullptr));                        \
  extern "C" SS_EXPORT const ss_plugin* ss_plugin_entry(const ss_host* host) {                                \
    ss::detail::host = host;                                                                                  \
    const ss_plugin* result = nullptr;                                                                        \
    ss::detail::guarded("ss_plugin_entry", [&] {                                                              \
      ss::detail::fetch_capabilities();                                                                       \
      static const ss::detail::Plugin plugin(plugin_name, plugin_version, __VA_ARGS__);                       \
      result = plugin.abi();                                                                                  \
    });                                                                                                       \
    return result;                                                                                            \
  }

#endif
