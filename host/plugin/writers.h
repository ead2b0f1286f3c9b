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

// The same, and why whoever owns the file, or a folder on the way there, could: he is neither root nor this user.
std::optional<std::string> changeable_by_others(const std::filesystem::path& path);

// Why somebody else could put a file into the folder, or make the folder where it is not there; else nullopt.
std::optional<std::string> others_may_add_to(const std::filesystem::path& folder);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_WRITERS_H
