#ifndef SSHOST_PLUGIN_WRITERS_H
#define SSHOST_PLUGIN_WRITERS_H

#include <filesystem>
#include <optional>
#include <string>

namespace sshost::plugin {

// Why somebody else could put other content behind `path`, with what to do about it; nullopt where nobody could but
// root, this user, and whoever owns what the path names. Looked at are the file or folder, and every folder and link on
// the way there:
// - everybody may write it, or a group that is not this user's own alone;
// - it lies in a folder where everybody may put files, such as /tmp, and is neither this user's nor root's.
// What cannot be looked at is passed over: whoever opens the path learns it.
std::optional<std::string> writable_by_others(const std::filesystem::path& path);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_WRITERS_H
