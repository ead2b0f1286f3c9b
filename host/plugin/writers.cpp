#include "plugin/writers.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <deque>
#include <set>
#include <system_error>
#include <vector>

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestEntry = 1 << 16;  // of the databases of users and groups

std::string name_of_user(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(kLongestEntry);
  getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? std::to_string(user) : found->pw_name;
}

// A group that lets nobody write but the owner, this user and root: root's, or the one that many systems give each
// user, by the user's name.
bool is_private_group(gid_t id, uid_t owner) {
  group entry{};
  group* found = nullptr;
  std::vector<char> buffer(kLongestEntry);
  getgrgid_r(id, &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return id == 0 || id == getegid() || id == owner;  // nobody can be put into it
  const std::set<std::string> users = {"root", name_of_user(geteuid()), name_of_user(owner)};
  for (char** member = found->gr_mem; *member != nullptr; ++member) {
    if (!users.contains(*member)) return false;
  }
  return id == 0 || users.contains(found->gr_name);
}

std::string mode_text(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

bool others_may_write(const struct stat& info) {
  return (info.st_mode & S_IWOTH) != 0 ||
         ((info.st_mode & S_IWGRP) != 0 && !is_private_group(info.st_gid, info.st_uid));
}

// Such as /tmp: whoever may write it can still not replace what others have put there.
bool is_sticky(const struct stat& folder) { return S_ISDIR(folder.st_mode) && (folder.st_mode & S_ISVTX) != 0; }

bool is_trusted(uid_t owner) { return owner == 0 || owner == geteuid(); }

// Who may change a file or a folder by owning it.
enum class Owners { kAny, kTrusted };

// What is wrong with one step of a path, an entry of `folder`.
std::optional<std::string> reason_at(const fs::path& folder, const fs::path& entry, Owners owners) {
  struct stat above {};
  struct stat info {};
  if (stat(folder.c_str(), &above) != 0 || lstat(entry.c_str(), &info) != 0) return std::nullopt;
  if (is_sticky(above) && others_may_write(above) && !is_trusted(info.st_uid)) {
    return entry.string() + " belongs to " + name_of_user(info.st_uid) + " and lies in " + folder.string() +
           ", where others may put files; copy it to a folder of your own";
  }
  if (owners == Owners::kTrusted && !S_ISLNK(info.st_mode) && !is_trusted(info.st_uid)) {
    return entry.string() + " belongs to " + name_of_user(info.st_uid) + ", who may change what is loaded";
  }
  if (S_ISLNK(info.st_mode) || is_sticky(info) || !others_may_write(info)) return std::nullopt;
  const std::string bits = (info.st_mode & S_IWOTH) != 0 ? "go-w" : "g-w";
  return "others may write " + entry.string() + " (mode " + mode_text(info.st_mode) + ", owner " +
         name_of_user(info.st_uid) + ") and so decide what is loaded; run `chmod " + bits + " " + entry.string() + "`";
}

// Step by step, as the kernel follows the path.
std::optional<std::string> reason_on_the_way(const fs::path& path, Owners owners) {
  constexpr int kMostLinks = 40;
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  std::deque<fs::path> rest(absolute.begin(), absolute.end());
  fs::path folder = "/";
  for (int links = 0; !rest.empty() && links < kMostLinks;) {
    const fs::path step = rest.front();
    rest.pop_front();
    if (step.empty() || step == "." || step == "/") continue;
    const fs::path entry = folder / step;
    if (auto reason = reason_at(folder, entry, owners)) return reason;
    if (!fs::is_symlink(entry, error)) {
      folder = step == ".." ? folder.parent_path() : entry;
      continue;
    }
    ++links;
    const fs::path target = fs::read_symlink(entry, error);
    if (target.is_absolute()) folder = "/";
    rest.insert(rest.begin(), target.begin(), target.end());
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> writable_by_others(const fs::path& path) { return reason_on_the_way(path, Owners::kAny); }

std::optional<std::string> changeable_by_others(const fs::path& path) {
  return reason_on_the_way(path, Owners::kTrusted);
}

std::optional<std::string> others_may_add_to(const fs::path& folder) {
  fs::path nearest = folder.lexically_normal();
  struct stat info {};
  while (stat(nearest.c_str(), &info) != 0 && nearest.has_relative_path()) nearest = nearest.parent_path();
  if (auto reason = writable_by_others(nearest)) return reason;
  if (!others_may_write(info)) return std::nullopt;
  return "others may put files into " + nearest.string() + " (mode " + mode_text(info.st_mode) + ")";
}

}  // namespace sshost::plugin
